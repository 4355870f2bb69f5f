#include "common/access/sight.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace escalon {
namespace {

Principal Of(RoleSet roles, std::string subject = "ann") { return {"acme", std::move(subject), roles}; }

class SightTest : public ::testing::Test {
 protected:
  SightTest() {
    facts_.source = "shop";
    facts_.kind = "hr";
    facts_.requester.subject = "rita";
    RosterDocument document;
    document.tenant = "acme";
    document.id = "roster";
    document.version = 1;
    document.people.resize(2);
    document.people[0].id = "ann";
    document.people[0].clearance = {"hr"};
    document.people[1].id = "bob";
    document.teams.resize(1);
    document.teams[0].id = "desk";
    document.teams[0].members = {"ann", "bob"};
    document.teams[0].catch_all = true;
    auto built = Roster::Build(std::move(document));
    if (built.ok()) roster_ = *built;
  }
  Result<Sight> See(const Principal& principal) {
    Case c;
    c.tenant = "acme";
    c.facts = std::make_shared<const Facts>(facts_);
    return SightOf(principal, c, *roster_);
  }

  Facts facts_;
  std::shared_ptr<const Roster> roster_ = Roster::Empty();
};

TEST_F(SightTest, AnotherTenantsCaseDoesNotExist) {
  Principal other = Of({Role::kManager});
  other.tenant = "globex";
  EXPECT_EQ(See(other).error().code, ErrorCode::kNotFound);
}

TEST_F(SightTest, TheDeskSeesTheInsideAndPersonalFields) {
  const auto sight = See(Of({Role::kAgent}));
  ASSERT_TRUE(sight.ok());
  EXPECT_FALSE(sight->requester);
  EXPECT_TRUE(sight->personal);
}

TEST_F(SightTest, ReadersAuditorsAndOperatorsSeeNoPersonalFields) {
  for (const Role role : {Role::kReader, Role::kAuditor, Role::kOperator}) {
    const auto sight = See(Of({role}, "nobody"));
    ASSERT_TRUE(sight.ok()) << RoleName(role);
    EXPECT_FALSE(sight->personal) << RoleName(role);
  }
}

TEST_F(SightTest, RequestersSeeTheirOwnCasesFromOutsideAndNoOthers) {
  const auto own = See(Of({Role::kRequester}, "rita"));
  ASSERT_TRUE(own.ok());
  EXPECT_TRUE(own->requester);
  EXPECT_TRUE(own->personal);
  EXPECT_EQ(See(Of({Role::kRequester}, "rolf")).error().code, ErrorCode::kNotFound);
}

TEST_F(SightTest, RestrictedCasesAreHiddenFromThoseWithoutTheRight) {
  facts_.restricted = true;
  EXPECT_TRUE(See(Of({Role::kAgent}, "ann")).ok());
  EXPECT_EQ(See(Of({Role::kAgent}, "bob")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(See(Of({Role::kManager}, "boss")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(See(Of({Role::kOperator}, "ops")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(See(Of({Role::kIntegrator}, "other")).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(See(Of({Role::kIntegrator}, "shop")).ok());
  EXPECT_TRUE(See(Of({Role::kService}, "triage")).ok());
  EXPECT_TRUE(See(Of({Role::kRequester}, "rita")).ok());
}

TEST_F(SightTest, ResidencyHidesACaseFromPeopleWhoAreNotCleared) {
  facts_.residency = "eu";
  EXPECT_EQ(See(Of({Role::kAgent}, "bob")).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace escalon

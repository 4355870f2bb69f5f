#include "common/access/visible_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace escalon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class VisibleCasesTest : public testing::Test {
 protected:
  CaseId Add(bool restricted, std::string tenant = "acme") {
    Case c;
    c.id = CaseId::Make(static_cast<InstantMs>(cases_.size()) + 1, 1, 1, 1);
    c.tenant = std::move(tenant);
    Facts facts;
    facts.restricted = restricted;
    facts.kind = "hr";
    c.facts = std::make_shared<Facts>(std::move(facts));
    cases_.emplace(c.id, c);
    return c.id;
  }
  static Principal As(Role role, std::string tenant = "acme") {
    Principal p;
    p.tenant = std::move(tenant);
    p.subject = "ana";
    p.roles.Add(role);
    return p;
  }
  Result<std::set<CaseId>> Ask(const Principal& principal, std::set<CaseId> ids) {
    Result<std::set<CaseId>> out = Error{ErrorCode::kInternal, "not answered"};
    AskVisible(
        principal, std::move(ids),
        [this](std::vector<CaseId> asked, std::function<void(std::vector<Result<Case>>)> answer) {
          ++questions_;
          std::vector<Result<Case>> found;
          for (const CaseId& id : asked) {
            if (away_) {
              found.emplace_back(Error{ErrorCode::kUnavailable, "the owner is away"});
            } else if (const auto it = cases_.find(id); it != cases_.end()) {
              found.emplace_back(it->second);
            } else {
              found.emplace_back(Error{ErrorCode::kNotFound, "no such case"});
            }
          }
          answer(std::move(found));
        },
        [](std::string_view) { return Roster::Empty(); },
        [&out](Result<std::set<CaseId>> seen) { out = std::move(seen); });
    return out;
  }

  std::map<CaseId, Case> cases_;
  int questions_ = 0;
  bool away_ = false;
};

TEST_F(VisibleCasesTest, RestrictedForeignAndVanishedOnesAreLeftOut) {
  const CaseId open = Add(false), restricted = Add(true), foreign = Add(false, "globex");
  const CaseId gone = CaseId::Make(99, 1, 1, 1);
  const auto seen = Ask(As(Role::kAgent), {open, restricted, foreign, gone});
  ASSERT_TRUE(seen.ok()) << seen.error().message;
  EXPECT_THAT(*seen, ElementsAre(open));
}

TEST_F(VisibleCasesTest, AnOperatorIsShownAllWithoutAQuestion) {
  const CaseId open = Add(false), restricted = Add(true);
  const auto seen = Ask(As(Role::kOperator), {open, restricted});
  ASSERT_TRUE(seen.ok());
  EXPECT_THAT(*seen, UnorderedElementsAre(open, restricted));
  EXPECT_EQ(questions_, 0);
}

TEST_F(VisibleCasesTest, EscalonsOwnServicesSeeRestrictedOnes) {
  const CaseId restricted = Add(true);
  const auto seen = Ask(As(Role::kService), {restricted});
  ASSERT_TRUE(seen.ok());
  EXPECT_THAT(*seen, ElementsAre(restricted));
}

TEST_F(VisibleCasesTest, WhileAnOwnerIsAwayNothingIsShown) {
  const CaseId open = Add(false);
  away_ = true;
  EXPECT_EQ(Ask(As(Role::kAgent), {open}).error().code, ErrorCode::kUnavailable);
}

TEST_F(VisibleCasesTest, NothingToShowAsksNobody) {
  const auto seen = Ask(As(Role::kAgent), {});
  ASSERT_TRUE(seen.ok());
  EXPECT_THAT(*seen, IsEmpty());
  EXPECT_EQ(questions_, 0);
}

}  // namespace
}  // namespace escalon

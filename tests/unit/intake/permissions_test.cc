#include "services/intake/access/permissions.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "common/domain/command.h"

namespace escalon::intake {
namespace {

constexpr uint32_t kKinds = std::variant_size_v<CommandBody>;

uint32_t KindNamed(std::string_view name) {
  for (uint32_t kind = 1; kind <= kKinds; ++kind) {
    if (CommandName(kind) == name) return kind;
  }
  ADD_FAILURE() << "no command " << name;
  return 0;
}

Principal Of(RoleSet roles, std::string subject = "ann") { return {"acme", std::move(subject), roles}; }

std::set<std::string> GivenBy(Role role) {
  std::set<std::string> out;
  for (uint32_t kind = 1; kind <= kKinds; ++kind) {
    if (MayGive(Of({role}), kind).ok()) out.insert(std::string(CommandName(kind)));
  }
  return out;
}

const std::set<std::string> kRequesters = {"escalate",           "add_note",          "change_facts", "rate",
                                           "confirm_resolution", "reject_resolution", "reopen",       "cancel",
                                           "source_ended"};
const std::set<std::string> kAgents = {"acknowledge",
                                       "withdraw_acknowledgement",
                                       "start_work",
                                       "escalate",
                                       "de_escalate",
                                       "assign",
                                       "pause",
                                       "resume",
                                       "snooze",
                                       "offer_handover",
                                       "accept_handover",
                                       "decline_handover",
                                       "ask_for_more",
                                       "supply_handover",
                                       "consult",
                                       "answer_consultation",
                                       "add_note",
                                       "log_attempt",
                                       "change_facts",
                                       "set_priority",
                                       "rate",
                                       "link",
                                       "merge",
                                       "resolve",
                                       "confirm_resolution",
                                       "reject_resolution",
                                       "reopen",
                                       "close",
                                       "cancel",
                                       "source_ended",
                                       "set_eta",
                                       "take_decision",
                                       "answer_decision",
                                       "record_milestone"};

TEST(Permissions, EveryCommandOfEveryRoleIsAsTheTableSays) {
  EXPECT_EQ(GivenBy(Role::kRequester), kRequesters);
  EXPECT_EQ(GivenBy(Role::kAgent), kAgents);
  EXPECT_EQ(GivenBy(Role::kIntegrator), kAgents);
  std::set<std::string> managers = kAgents;
  managers.insert("decide_approval");
  EXPECT_EQ(GivenBy(Role::kManager), managers);
  EXPECT_EQ(GivenBy(Role::kApprover), (std::set<std::string>{"decide_approval", "take_decision", "answer_decision"}));
  for (const Role role : {Role::kReader, Role::kOperator, Role::kService, Role::kAuditor}) {
    EXPECT_EQ(GivenBy(role), std::set<std::string>{}) << RoleName(role);
  }
}

TEST(Permissions, InternalCommandsAreNobodysFromOutside) {
  const RoleSet all = {Role::kReader,     Role::kRequester, Role::kAgent,   Role::kApprover, Role::kManager,
                       Role::kIntegrator, Role::kOperator,  Role::kService, Role::kAuditor};
  for (const char* name :
       {"open_case", "record_triage", "clock_due", "report_nobody_reached", "absorb_cross_case", "record_cross_case"}) {
    EXPECT_TRUE(ActionsFor(KindNamed(name)).empty()) << name;
    EXPECT_EQ(MayGive(Of(all), KindNamed(name)).error().code, ErrorCode::kPermissionDenied) << name;
  }
}

TEST(Permissions, KindsThatDoNotExistAreRefused) {
  EXPECT_FALSE(MayGive(Of({Role::kManager}), 0).ok());
  EXPECT_FALSE(MayGive(Of({Role::kManager}), kKinds + 1).ok());
}

TEST(Permissions, ActorsBearTheKindOfTheirRole) {
  EXPECT_EQ(ActorOf(Of({Role::kAgent})).kind, ActorKind::kHuman);
  EXPECT_EQ(ActorOf(Of({Role::kIntegrator})).kind, ActorKind::kSource);
  EXPECT_EQ(ActorOf(Of({Role::kService})).kind, ActorKind::kService);
  const Actor actor = ActorOf(Of({Role::kAgent, Role::kApprover}));
  EXPECT_EQ(actor.tenant, "acme");
  EXPECT_EQ(actor.subject, "ann");
  EXPECT_EQ(actor.roles, (std::vector<std::string>{"agent", "approver"}));
}

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
}  // namespace escalon::intake

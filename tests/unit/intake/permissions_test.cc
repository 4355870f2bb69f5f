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
                                       "record_milestone",
                                       "major"};

TEST(Permissions, EveryCommandOfEveryRoleIsAsTheTableSays) {
  EXPECT_EQ(GivenBy(Role::kRequester), kRequesters);
  EXPECT_EQ(GivenBy(Role::kAgent), kAgents);
  EXPECT_EQ(GivenBy(Role::kIntegrator), kAgents);
  std::set<std::string> managers = kAgents;
  managers.insert("decide_approval");
  managers.insert("migrate");
  EXPECT_EQ(GivenBy(Role::kManager), managers);
  EXPECT_EQ(GivenBy(Role::kApprover), (std::set<std::string>{"decide_approval", "take_decision", "answer_decision"}));
  EXPECT_EQ(GivenBy(Role::kOperator), std::set<std::string>{"migrate"});
  for (const Role role : {Role::kReader, Role::kService, Role::kAuditor}) {
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

}  // namespace
}  // namespace escalon::intake

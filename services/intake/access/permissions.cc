#include "services/intake/access/permissions.h"

#include <array>
#include <string>
#include <variant>

#include "common/domain/command.h"

namespace escalon::intake {
namespace {

constexpr size_t kMostActions = 2;

struct Row {
  size_t count = 0;
  std::array<Action, kMostActions> actions{};
};
constexpr Row Needs(Action one) { return {1, {one, one}}; }
/// The desk's action, and the requester's side.
constexpr Row Needs(Action one, Action other) { return {2, {one, other}}; }
constexpr Row kInternal{};

// The one table from a command to what it needs, in the order of the kinds.
constexpr auto kRows = std::to_array<Row>({
    /* open_case                */ kInternal,  // SubmitCase
    /* record_triage            */ kInternal,
    /* clock_due                */ kInternal,
    /* report_nobody_reached    */ kInternal,
    /* acknowledge              */ Needs(Action::kAct),
    /* withdraw_acknowledgement */ Needs(Action::kAct),
    /* start_work               */ Needs(Action::kAct),
    /* escalate                 */ Needs(Action::kEscalate, Action::kRespond),
    /* de_escalate              */ Needs(Action::kEscalate),
    /* assign                   */ Needs(Action::kAssign),
    /* pause                    */ Needs(Action::kAct),
    /* resume                   */ Needs(Action::kAct),
    /* snooze                   */ Needs(Action::kAct),
    /* offer_handover           */ Needs(Action::kAct),
    /* accept_handover          */ Needs(Action::kAct),
    /* decline_handover         */ Needs(Action::kAct),
    /* ask_for_more             */ Needs(Action::kAct),
    /* supply_handover          */ Needs(Action::kAct),
    /* decide_approval          */ Needs(Action::kApprove),
    /* consult                  */ Needs(Action::kAct),
    /* answer_consultation      */ Needs(Action::kAct),
    /* add_note                 */ Needs(Action::kAct, Action::kRespond),
    /* log_attempt              */ Needs(Action::kAct),
    /* change_facts             */ Needs(Action::kAct, Action::kRespond),
    /* set_priority             */ Needs(Action::kAct),
    /* rate                     */ Needs(Action::kAct, Action::kRespond),
    /* link                     */ Needs(Action::kAct),
    /* merge                    */ Needs(Action::kClose),
    /* absorb_cross_case        */ kInternal,
    /* record_cross_case        */ kInternal,
    /* resolve                  */ Needs(Action::kResolve),
    /* confirm_resolution       */ Needs(Action::kResolve, Action::kRespond),
    /* reject_resolution        */ Needs(Action::kResolve, Action::kRespond),
    /* reopen                   */ Needs(Action::kResolve, Action::kRespond),
    /* close                    */ Needs(Action::kClose),
    /* cancel                   */ Needs(Action::kClose, Action::kRespond),
    /* source_ended             */ Needs(Action::kSubmit),
    /* set_eta                  */ Needs(Action::kAct),
    /* take_decision            */ Needs(Action::kAct, Action::kApprove),
    /* answer_decision          */ Needs(Action::kAct, Action::kApprove),
    /* record_milestone         */ Needs(Action::kAct),
    /* major                    */ Needs(Action::kAct),
    /* migrate                  */ Needs(Action::kAdministerPolicy),
});
static_assert(kRows.size() == std::variant_size_v<CommandBody>);

}  // namespace

std::span<const Action> ActionsFor(uint32_t kind) {
  if (kind == 0 || kind > kRows.size()) return {};
  const Row& row = kRows[kind - 1];
  return {row.actions.data(), row.count};
}

Status MayGive(const Principal& principal, uint32_t kind) {
  const std::span<const Action> actions = ActionsFor(kind);
  if (actions.empty()) {
    return Error{ErrorCode::kPermissionDenied, std::string(CommandName(kind)) + " is for Escalon's own services"};
  }
  for (const Action action : actions) {
    if (Permits(principal, action)) return {};
  }
  return Authorize(principal, actions.front());
}

bool IsRequesterOnly(const Principal& principal) {
  return !Permits(principal, Action::kRead) && Permits(principal, Action::kReadOwn);
}

Actor ActorOf(const Principal& principal) {
  Actor actor{principal.tenant, principal.subject, {}, ActorKind::kHuman};
  for (const std::string_view role : RoleNames(principal.roles)) actor.roles.emplace_back(role);
  if (principal.roles.Has(Role::kIntegrator)) actor.kind = ActorKind::kSource;
  if (principal.roles.Has(Role::kService)) actor.kind = ActorKind::kService;
  return actor;
}

}  // namespace escalon::intake

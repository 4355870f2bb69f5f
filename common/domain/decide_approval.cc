#include <algorithm>
#include <utility>

#include "common/domain/approvals.h"
#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/rights.h"
#include "common/domain/who.h"

namespace escalon::decide {
namespace {

constexpr size_t kMostOpen = 8;
constexpr size_t kMostApprovers = 20;
constexpr size_t kLongestText = 4000;

const OpenApproval* Find(const Case& c, std::string_view id) {
  const auto it = std::find_if(c.approvals.begin(), c.approvals.end(),
                               [id](const OpenApproval& open) { return open.request.id == id; });
  return it != c.approvals.end() ? &*it : nullptr;
}

std::vector<std::string> ApproversOf(Draft& d, const ApprovalRule& rule, const std::string& requested_by) {
  const StepTarget* to = TargetOfLevel(d, rule.ask_level);
  if (to == nullptr) return {};
  Reached reached = WhoIsThere(d, *to, {AssignMode::kOffer, 1, requested_by, true}, "approvals." + rule.ask_level);
  if (reached.people.size() > kMostApprovers) reached.people.resize(kMostApprovers);
  return std::move(reached.people);
}

std::string ClockOf(const std::string& id) { return std::string(kApprovalPrefix) + id; }

bool MayDecide(const Draft& d, const ApprovalRequest& request) {
  const std::string& person = d.actor().subject;
  if (std::find(request.approvers.begin(), request.approvers.end(), person) != request.approvers.end()) return true;
  const StepTarget* to = TargetOfLevel(d, request.ask_level);
  return (to != nullptr && Belongs(d.roster(), *to, person, d.t())) || IsManager(d.actor());
}

ApprovalOutcome OutcomeOf(const ApprovalRequest& request, bool approve) {
  if (request.ratify) return approve ? ApprovalOutcome::kRatified : ApprovalOutcome::kNotRatified;
  return approve ? ApprovalOutcome::kApproved : ApprovalOutcome::kRefused;
}

/// Answered either way: whoever asked and the owner hear of it.
void TellAnswer(Draft& d, const ApprovalRequest& request) {
  if (d.roster().person(request.requested_by) != nullptr) {
    Tell(d, IntentPurpose::kInform, Audience::kOwner, {request.requested_by}, "", "approval_decided");
  } else if (request.reason == EscalationReason::kCustomerRequest) {
    Tell(d, IntentPurpose::kInform, Audience::kRequester, {}, "", "approval_decided");
  }
  if (d.c().owner.person != request.requested_by) TellOwner(d, "approval_decided");
}

void Settle(Draft& d, const ApprovalRequest& request, ApprovalOutcome outcome, const std::string& text,
            bool carry_out) {
  StopClock(d, ClockOf(request.id), "decided");
  d.Emit(ApprovalDecided{request.id, d.person(), outcome, text});
  TellAnswer(d, request);
  if (carry_out && IsOpen(d.c().state)) CarryOut(d, request, false);
  if (outcome == ApprovalOutcome::kNotRatified) TellManager(d, "review");
}

}  // namespace

const ApprovalRule* ApprovalFor(const Draft& d, const ApprovalRequest& request) {
  const bool by_person = d.by_person() || request.reason == EscalationReason::kCustomerRequest;
  for (const ApprovalRule& rule : d.policy().approvals) {
    if (rule.track.has_value() && *rule.track != request.track) continue;
    if (!rule.level.empty() && rule.level != request.to_level) continue;
    if (rule.by_person_only && !by_person) continue;
    if (rule.unless.kind != Condition::Kind::kAlways && Holds(rule.unless, d.c())) continue;
    return &rule;
  }
  return nullptr;
}

bool HasOpenApproval(const Case& c, Track track, std::string_view to_level) {
  return std::any_of(c.approvals.begin(), c.approvals.end(), [&](const OpenApproval& open) {
    return !open.request.ratify && open.request.track == track && open.request.to_level == to_level;
  });
}

bool RequestApproval(Draft& d, const ApprovalRule& rule, ApprovalRequest request) {
  if (d.c().approvals.size() >= kMostOpen) return false;
  request.id = d.NewId('a');
  request.ask_level = rule.ask_level;
  request.default_approve = rule.default_approve;
  request.approvers = ApproversOf(d, rule, request.requested_by);
  const std::string id = request.id;
  const DurationMs within = request.ratify ? rule.ratify_within : rule.within;
  std::vector<std::string> approvers = request.approvers;
  d.Trace("approvals." + rule.ask_level, request.ratify ? "to be ratified" : "consent is asked",
          {{"to_level", request.to_level},
           {"within", FormatDuration(within)},
           {"default", rule.default_approve ? "approve" : "refuse"}});
  const bool nobody = approvers.empty();
  d.Emit(ApprovalRequested{std::move(request)});
  ArmUntil(d, ClockOf(id), d.t() + within, "consent of " + rule.ask_level);
  Tell(d, IntentPurpose::kPage, Audience::kManager, std::move(approvers), nobody ? d.policy().catch_all_team : "",
       "approval_requested");
  return true;
}

void DecideByDefault(Draft& d, const std::string& id) {
  const OpenApproval* open = Find(d.c(), id);
  if (open == nullptr) return StopClock(d, ClockOf(id), "nobody waits for it any more");
  const ApprovalRequest request = open->request;
  if (request.ratify) {
    d.Trace("approvals." + request.ask_level, "not ratified in time: review", {{"to_level", request.to_level}});
    return Settle(d, request, ApprovalOutcome::kNotRatified, "not ratified in time", false);
  }
  d.Trace("approvals." + request.ask_level,
          request.default_approve ? "no answer: approved by default" : "no answer: refused by default",
          {{"to_level", request.to_level}, {"since", FormatInstant(open->since)}});
  const auto outcome = request.default_approve ? ApprovalOutcome::kDefaultApproved : ApprovalOutcome::kDefaultRefused;
  Settle(d, request, outcome, "no answer in time", request.default_approve);
}

Decision On(Draft& d, const DecideApproval& command) {
  const Case& c = d.c();
  if (Status s = CheckText(command.text, kLongestText, "text"); !s) return s.error();
  if (!command.approve && command.text.empty())
    return InvalidField("text", "a refusal needs its reason: it goes to whoever asked and to the owner");
  const OpenApproval* open = command.id.empty() && c.approvals.size() == 1 ? &c.approvals.front() : Find(c, command.id);
  if (open == nullptr)
    return Error{ErrorCode::kNotFound, "no such open approval on this case; it may be decided already"};
  if (!d.by_person()) return Denied("consent is a person's");
  const ApprovalRequest request = open->request;
  if (request.requested_by == d.actor().subject) return Denied("nobody approves their own request");
  if (!MayDecide(d, request)) return Denied("only " + request.ask_level + ", its deputies and managers decide on this");
  Settle(d, request, OutcomeOf(request, command.approve), command.text, command.approve && !request.ratify);
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide

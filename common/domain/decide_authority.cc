#include <algorithm>
#include <utility>

#include "common/domain/authority.h"
#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/rights.h"
#include "common/domain/step_page.h"
#include "common/domain/who.h"

// Decisions by the authority matrix (domain.md §2). Who lacks the authority asks for the decision: that is an
// escalation on the hierarchical track that leaves the track and the technical owner where they are.

namespace escalon::decide {
namespace {

constexpr size_t kMostOpen = 8;
constexpr size_t kMostDecisions = 200;
constexpr size_t kMostAsked = 20;
constexpr size_t kLongestText = 4000;

std::string ClockOf(const std::string& id) { return std::string(kDecisionPrefix) + id; }

AuthorityQuestion QuestionOf(const DecisionRequest& request, std::string person) {
  return {std::move(person), request.decision, request.amount, request.id};
}

void TraceVerdict(Draft& d, const AuthorityQuestion& question, const AuthorityVerdict& verdict) {
  d.Trace(verdict.rule.empty() ? "levels.may." + question.decision : verdict.rule, verdict.why,
          {{"person", question.person},
           {"amount", FormatMoney(question.amount)},
           {"total", FormatMoney(verdict.total)},
           {"four_eyes", verdict.four_eyes ? "true" : "false"}});
}

bool HasPart(const DecisionRequest& request, std::string_view person) {
  return !person.empty() &&
         (person == request.requested_by || person == request.first || person == request.first_delegator);
}

std::vector<std::string> AskedOf(Draft& d, const DecisionRequest& request) {
  const StepTarget* to = TargetOfLevel(d, request.to_level);
  if (to == nullptr) return {};
  Reached reached =
      WhoIsThere(d, *to, {AssignMode::kOffer, 1, request.requested_by, true}, "levels." + request.to_level);
  std::erase_if(reached.people, [&](const std::string& person) { return HasPart(request, person); });
  if (reached.people.size() > kMostAsked) reached.people.resize(kMostAsked);
  return std::move(reached.people);
}

/// Counted as an escalation as long as the case has some left: asking is never over the limit.
void EscalateForIt(Draft& d, const DecisionRequest& request, EscalationReason reason, bool automatic) {
  const bool has_some_left =
      d.c().escalations < static_cast<uint32_t>(std::max(0, d.policy().limits.escalations_per_case));
  const std::string amount = request.amount.empty() ? "" : " " + FormatMoney(request.amount);
  EscalateBeside(
      d, Track::kHierarchical, request.to_level,
      {.reason = reason, .text = request.decision + amount, .automatic = automatic, .counted = has_some_left});
}

/// Pages the people of the level, and waits as long as the level may take to answer.
void Ask(Draft& d, DecisionRequest request, int level) {
  request.to_level = d.policy().levels[static_cast<size_t>(level)].id;
  request.people = AskedOf(d, request);
  const std::string clock = ClockOf(request.id);
  const std::string why = request.decision + " is asked of " + request.to_level;
  const Target wait = DefaultWait(d, request.to_level);
  std::vector<std::string> people = request.people;
  d.Emit(DecisionRequested{std::move(request)});
  if (!ArmWait(d, clock, DefaultWaitCalendar(d), d.t(), wait, why)) {
    (void)ArmWait(d, clock, "", d.t(), DefaultWait(d, ""), why);
  }
  const std::string team = people.empty() ? CatchAllTeam(d) : std::string();
  Tell(d, IntentPurpose::kPage, Audience::kManager, std::move(people), team, "decision_requested");
}

const OpenDecision* Find(const Case& c, std::string_view id) {
  const auto it = std::find_if(c.decision_requests.begin(), c.decision_requests.end(),
                               [id](const OpenDecision& open) { return open.request.id == id; });
  return it != c.decision_requests.end() ? &*it : nullptr;
}

/// Whoever asked, or decided first, and the owner hear of the answer.
void TellAnswer(Draft& d, const DecisionRequest& request, const std::string& message) {
  std::vector<std::string> people;
  for (const std::string& person : {request.requested_by, request.first}) {
    if (!person.empty() && person != d.actor().subject && d.roster().person(person) != nullptr)
      people.push_back(person);
  }
  const bool owner_knows = HasPart(request, d.c().owner.person) || d.c().owner.person == d.actor().subject;
  if (!people.empty()) Tell(d, IntentPurpose::kInform, Audience::kOwner, std::move(people), "", message);
  if (!owner_knows || d.c().owner.person.empty()) TellOwner(d, message);
}

void Take(Draft& d, const DecisionRequest& request, const AuthorityVerdict& verdict, const std::string& text) {
  DecisionTaken taken;
  taken.id = request.id;
  taken.decision = request.decision;
  taken.amount = request.amount;
  taken.person = d.actor().subject;
  taken.level = verdict.level;
  taken.rule = verdict.rule;
  taken.delegator = verdict.delegator;
  taken.first_person = request.first;
  taken.first_delegator = request.first_delegator;
  taken.requested_by = request.requested_by;
  taken.text = text.empty() ? request.text : text;
  StopClock(d, ClockOf(request.id), "decided");
  d.Emit(std::move(taken));
  TellAnswer(d, request, "decision_taken");
}

/// One has decided; a second, different person of a level that may is asked.
Decision AskSecond(Draft& d, DecisionRequest request, const AuthorityVerdict& verdict) {
  request.first = d.actor().subject;
  request.first_delegator = verdict.delegator;
  const int level = d.policy().level_index(verdict.lowest_level);
  d.Trace("authority.four_eyes", "a second person has to agree", {{"first", request.first}});
  Ask(d, std::move(request), level);
  return OutcomeKind::kAwaitsApproval;
}

Decision AskForIt(Draft& d, DecisionRequest request, const AuthorityVerdict& verdict) {
  if (verdict.lowest_level.empty()) return Denied(verdict.why);
  request.requested_by = d.actor().subject;
  request.to_level = verdict.lowest_level;
  EscalateForIt(d, request, EscalationReason::kAuthority, false);
  Ask(d, std::move(request), d.policy().level_index(verdict.lowest_level));
  return OutcomeKind::kAwaitsApproval;
}

bool IsAskedAlready(const Case& c, const TakeDecision& command, std::string_view person) {
  return std::any_of(c.decision_requests.begin(), c.decision_requests.end(), [&](const OpenDecision& open) {
    return open.request.decision == command.decision && open.request.amount == command.amount &&
           (open.request.requested_by == person || open.request.first == person);
  });
}

Status CheckRoom(const Case& c) {
  if (c.decisions.size() >= kMostDecisions)
    return Error{ErrorCode::kResourceExhausted, "200 decisions were taken on this case; open a new one for more"};
  if (c.decision_requests.size() >= kMostOpen)
    return Error{ErrorCode::kResourceExhausted, "8 decisions are waited for on this case; answer one of them first"};
  return {};
}

Decision Refuse(Draft& d, const DecisionRequest& request, const std::string& text) {
  if (text.empty())
    return InvalidField("text", "a refusal needs its reason: it goes to whoever asked and to the owner");
  const std::string& person = d.actor().subject;
  if (!HasPart(request, person)) {
    const Result<AuthorityVerdict> verdict =
        MayDecide(d.policy(), d.roster(), d.c(), QuestionOf(request, person), d.t());
    if (!verdict) return verdict.error();
    if (!verdict->allowed) return Denied(verdict->why);
  }
  StopClock(d, ClockOf(request.id), "refused");
  d.Emit(DecisionRefused{request.id, person, text});
  TellAnswer(d, request, "decision_refused");
  return OutcomeKind::kDone;
}

Status CheckAnswerer(const Draft& d, const DecisionRequest& request) {
  const std::string& person = d.actor().subject;
  if (person == request.requested_by) return Denied("nobody decides on what they have asked for themselves");
  if (person == request.first || (!person.empty() && person == request.first_delegator)) {
    return Denied(request.first + " has decided already" +
                  (request.first_delegator.empty() ? "" : " for " + request.first_delegator) +
                  "; a second, different person has to agree");
  }
  return {};
}

}  // namespace

void DecisionOverdue(Draft& d, const std::string& id) {
  const OpenDecision* open = Find(d.c(), id);
  if (open == nullptr) return StopClock(d, ClockOf(id), "nobody waits for it any more");
  const DecisionRequest request = open->request;
  const int level = std::max(0, d.policy().level_index(request.to_level));
  const Result<int> next = NextLevelThatMay(d.policy(), d.c(), QuestionOf(request, ""), level);
  const bool higher = next.ok() && *next >= 0;
  d.Trace("levels." + request.to_level + ".may." + request.decision,
          higher ? "no answer in time: the next level that may is asked" : "no answer in time: asked again",
          {{"since", FormatInstant(open->since)}});
  if (d.policy().levels.empty()) return StopClock(d, ClockOf(id), "the policy has no levels");
  const int to = higher ? *next : level;
  if (higher) {
    DecisionRequest risen = request;
    risen.to_level = d.policy().levels[static_cast<size_t>(to)].id;
    EscalateForIt(d, risen, EscalationReason::kNoResponse, true);
  }
  Ask(d, request, to);
}

void DropDecisionRequests(Draft& d, const std::string& why) {
  for (const OpenDecision& open : std::vector<OpenDecision>(d.c().decision_requests)) {
    StopClock(d, ClockOf(open.request.id), why);
  }
}

Decision On(Draft& d, const TakeDecision& command) {
  if (Status s = CheckText(command.text, kLongestText, "text"); !s) return s.error();
  if (command.decision.empty()) return InvalidField("decision", "say what is decided: spend, vendor, exception, …");
  if (!d.by_person()) return Denied("a decision is a person's");
  const AuthorityQuestion question{d.actor().subject, command.decision, command.amount, ""};
  const Result<AuthorityVerdict> verdict = MayDecide(d.policy(), d.roster(), d.c(), question, d.t());
  if (!verdict) return verdict.error();
  if (IsAskedAlready(d.c(), command, d.actor().subject)) return OutcomeKind::kAwaitsApproval;
  if (Status s = CheckRoom(d.c()); !s) return s.error();
  TraceVerdict(d, question, *verdict);
  DecisionRequest request;
  request.id = d.NewId('d');
  request.decision = command.decision;
  request.amount = command.amount;
  request.text = command.text;
  if (!verdict->allowed) return AskForIt(d, std::move(request), *verdict);
  if (verdict->four_eyes) return AskSecond(d, std::move(request), *verdict);
  Take(d, request, *verdict, command.text);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const AnswerDecision& command) {
  const Case& c = d.c();
  if (Status s = CheckText(command.text, kLongestText, "text"); !s) return s.error();
  const bool only = command.id.empty() && c.decision_requests.size() == 1;
  const OpenDecision* open = only ? &c.decision_requests.front() : Find(c, command.id);
  if (open == nullptr)
    return Error{ErrorCode::kNotFound, "no such decision is waited for on this case; it may be taken already"};
  if (!d.by_person()) return Denied("a decision is a person's");
  const DecisionRequest request = open->request;
  if (!command.approve) return Refuse(d, request, command.text);
  if (Status s = CheckAnswerer(d, request); !s) return s.error();
  const AuthorityQuestion question = QuestionOf(request, d.actor().subject);
  const Result<AuthorityVerdict> verdict = MayDecide(d.policy(), d.roster(), c, question, d.t());
  if (!verdict) return verdict.error();
  if (!verdict->allowed) return Denied(verdict->why);
  if (!verdict->delegator.empty() && HasPart(request, verdict->delegator)) {
    return Denied("you would decide for " + verdict->delegator + ", who has a part in it already");
  }
  TraceVerdict(d, question, *verdict);
  if (verdict->four_eyes && request.first.empty()) return AskSecond(d, request, *verdict);
  Take(d, request, *verdict, command.text);
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide

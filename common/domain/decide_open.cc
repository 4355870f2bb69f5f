#include <algorithm>
#include <utility>

#include "common/domain/clock_ops.h"
#include "common/domain/decide_parts.h"
#include "common/domain/rights.h"
#include "common/domain/triggers.h"

namespace escalon::decide {
namespace {

constexpr size_t kLongestKey = 256;

Status CheckOpening(const Draft& d, const OpenCase& command) {
  if (d.actor().tenant.empty() || d.actor().tenant == "*") {
    return InvalidField("actor.tenant", "a case belongs to one tenant; use a credential of that tenant");
  }
  if (Status s = CheckText(command.dedup_key, kLongestKey, "dedup_key"); !s) return s;
  if (Status s = CheckText(command.idempotency_key, kLongestKey, "idempotency_key"); !s) return s;
  if (Status s = CheckStanding(d, command); !s) return s;
  return CheckFacts(command.facts, "facts");
}

/// The path is chosen by what is known before triage and stays (DESIGN §7.16); the priority that a condition sees is
/// the rules' own.
std::string PathFor(Draft& d, const OpenCase& command) {
  Case probe;
  probe.facts = std::shared_ptr<const Facts>(std::shared_ptr<const void>(),
                                             &command.facts);  // not owned: outlived by the command
  probe.category = command.facts.category;
  probe.skills = command.facts.skills;
  probe.imported = command.imported;
  probe.priority = command.standing.priority != Priority::kUnset ? command.standing.priority
                                                                 : PriorityOf(d.policy(), probe, nullptr);
  std::vector<TraceLine> trace;
  const Path* path = ChoosePath(d.policy(), probe, &trace);
  d.Trace(std::move(trace));
  if (path != nullptr) return path->id;
  d.Trace("paths", "no path matches: the catch-all takes it", {{"kind", command.facts.kind}});
  return {};
}

Decision Open(Draft& d, const OpenCase& command) {
  if (Status s = CheckOpening(d, command); !s) return s.error();
  Opened e;
  e.path = PathFor(d, command);
  e.facts = command.facts;
  e.dedup_key = command.dedup_key;
  e.idempotency_key = command.idempotency_key;
  e.policy = d.policy().name();
  e.imported = command.imported;
  if (command.imported && command.standing != Standing{}) e.standing.push_back(StandingOf(d, command));
  if (command.facts.occurred_at != 0) d.set_occurred_at(command.facts.occurred_at);
  d.Emit(std::move(e));
  if (command.imported) return Import(d, command);
  ArmUntil(d, kTriageClock, d.t() + d.policy().triage_wait, "triage is awaited");
  return OutcomeKind::kOpened;
}

}  // namespace

bool IsFlapping(const Draft& d) {
  const Limits& limits = d.policy().limits;
  if (limits.flapping_opens <= 0) return false;
  const Case& c = d.c();
  const InstantMs since = d.t() - limits.flapping_window;
  int opens = c.opened_at >= since ? 1 : 0;
  for (size_t i = 0; i < c.pauses.size() && i < c.pause_reasons.size(); ++i) {
    if (c.pause_reasons[i] == "resolved" && c.pauses[i].to >= since) ++opens;
  }
  return opens >= limits.flapping_opens;
}

Decision On(Draft& d, const OpenCase& command) {
  if (d.is_new()) return Open(d, command);
  const Case& c = d.c();
  if (!command.idempotency_key.empty() && command.idempotency_key == c.idempotency_key) return OutcomeKind::kAttached;
  if (IsOpen(c.state)) {
    d.Emit(Attached{1, command.facts.source});
    StopClock(d, kFlappingClock, "reported again");
    FireFactTriggers(d);
    return OutcomeKind::kAttached;
  }
  d.Trace("after.monitoring", "reported again: reopened",
          {{"state", std::string(Name(c.state))}, {"level", c.resolved_level}});
  ReopenCase(d, ReopenCause::kRecurrence, "reported again");
  return OutcomeKind::kAttached;
}

}  // namespace escalon::decide

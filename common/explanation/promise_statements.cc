#include "common/explanation/statement.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

std::string Events(const std::vector<std::string>& words) {
  std::vector<std::string> plain;
  for (const std::string& word : words) plain.push_back(Plain(word));
  return Listed(plain, "or");
}

std::string OnChange(ClockRule::OnChange change) {
  switch (change) {
    case ClockRule::OnChange::kFromStart:
      return "from its start";
    case ClockRule::OnChange::kFromChange:
      return "from the change";
    case ClockRule::OnChange::kStricterOfBoth:
      break;
  }
  return "the stricter of both";
}

std::string Kind(ClockRule::Kind kind) {
  switch (kind) {
    case ClockRule::Kind::kSla:
      return "sla";
    case ClockRule::Kind::kOla:
      return "ola";
    case ClockRule::Kind::kVendor:
      return "vendor";
    case ClockRule::Kind::kRegulatory:
      break;
  }
  return "regulatory";
}

}  // namespace

void SayPromises(const Policy& policy, Statements* out) {
  for (const ClockRule& rule : policy.clocks) {
    const std::string name = Plain(rule.name);
    out->Begin("clocks." + rule.name, "all cases", "promise " + name, "is measured");
    out->SayByPriority("target", name + " is due within", [&](Priority p) {
      if (rule.level_target) return std::string("as long as the level may take");
      const auto& target = rule.target.of(p);
      return target ? Spoken(*target) + ", " + SpokenCalendar(rule.calendar.of(p)) : std::string();
    });
    out->Say("kind", name + " is of the kind", Kind(rule.kind));
    out->Say("pausable", name + " can stand still", rule.pausable ? "yes" : "no");
    out->Say("per", name + " is measured for each", rule.per_visit ? "visit to a team" : "case");
    out->Say("on_return", name + " on return to a team", rule.resume_on_return ? "goes on" : "begins anew");
    out->Say("start_on", name + " begins with",
             Events(rule.start_on) + (rule.start_at_reported ? ", as reported" : ""));
    out->Say("stop_on", name + " ends with", Events(rule.stop_on));
    out->Say("pause_when", name + " stands still while waiting for", Listed(rule.pausing_reasons, "or"));
    out->Say("calendar_by_region", name + " follows its owner", SpokenRegionCalendars(rule));
    out->Say("warnings", name + " warns at", SpokenWarnings(rule));
    out->Say("penalty", name + " costs when broken", SpokenPenalties(rule));
    out->Say("on_reopen", name + " after a reopening", rule.resume_on_reopen ? "goes on" : "begins anew");
    out->Say("on_priority_change", name + " after a change of priority counts", OnChange(rule.on_priority_change));
  }
  out->End();
}

}  // namespace escalon::explanation

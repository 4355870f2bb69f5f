#include <algorithm>
#include <set>

#include "common/domain/policy_checks.h"
#include "common/domain/policy_words.h"

namespace escalon::checks {
namespace {

void CheckWord(const Policy& policy, const std::string& word, std::span<const std::string_view> known,
               std::span<const std::string_view> others, const std::string& field, FindingList* out) {
  if (IsWord(known, word)) return;
  if (word.starts_with(kPendingWordPrefix)) {
    const std::string reason = word.substr(kPendingWordPrefix.size());
    const bool is_reason = std::any_of(policy.pending_reasons.begin(), policy.pending_reasons.end(),
                                       [&reason](const PendingReason& r) { return r.id == reason; });
    if (!is_reason) out->Add(field, "no pending reason \"" + reason + "\"; define it under `pending.reasons`");
    return;
  }
  if (!IsWord(others, word)) return;  // a milestone of the policy's own
  std::string message = "no such event \"" + word + "\" here; write one of";
  for (const std::string_view one : known) message.append(" ").append(one);
  out->Add(field, std::move(message));
}

void CheckStartWords(const Policy& policy, const ClockRule& rule, const std::string& field, FindingList* out) {
  for (size_t i = 0; i < rule.start_on.size(); ++i) {
    CheckWord(policy, rule.start_on[i], ClockStartWords(), ClockStopWords(), At(field, i), out);
  }
}

void CheckStopWords(const Policy& policy, const ClockRule& rule, const std::string& field, FindingList* out) {
  for (size_t i = 0; i < rule.stop_on.size(); ++i) {
    if (rule.stop_on[i].starts_with(kPendingWordPrefix)) {
      out->Add(At(field, i), "starts a wait and stops nothing; to stop when the wait is over write resumed");
    } else {
      CheckWord(policy, rule.stop_on[i], ClockStopWords(), ClockStartWords(), At(field, i), out);
    }
  }
}

void CheckVisit(const ClockRule& rule, const std::string& field, FindingList* out) {
  if (rule.level_target && !rule.per_visit) {
    out->Add(field + ".target", "`level` is for clocks with `per: team_visit`; give lengths, or add that");
  }
  if (rule.resume_on_return && !rule.per_visit) {
    out->Add(field + ".on_return", "is for clocks with `per: team_visit`; add that, or remove it");
  }
  if (rule.per_visit && std::find(rule.start_on.begin(), rule.start_on.end(), "assigned") == rule.start_on.end()) {
    out->Add(field + ".start_on", "a visit begins with `assigned`; add that, or remove `per: team_visit`");
  }
}

void CheckPausable(const ClockRule& rule, const std::string& field, FindingList* out) {
  if (!rule.pausable && !rule.pausing_reasons.empty()) {
    out->Add(field + ".pause_when", "contradicts a clock that is never paused; remove it, or `pausable: never`");
  }
}

bool HasAnyTarget(const ClockRule& rule) {
  return rule.level_target || std::any_of(rule.target.values.begin(), rule.target.values.end(),
                                          [](const auto& target) { return target.has_value(); });
}

void CheckWarnings(const ClockRule& rule, const std::string& field, FindingList* out) {
  std::set<WarningRule> seen;
  for (size_t i = 0; i < rule.warnings.size(); ++i) {
    const WarningRule& warning = rule.warnings[i];
    const bool share = warning.kind == WarningRule::Kind::kShare;
    if (share && (warning < WarningRule::Percent(0) || warning > WarningRule::Percent(100)))
      out->Add(At(field, i), "must be a share of the target from 0 % to 100 %");
    if (!share && warning.value <= 0) out->Add(At(field, i), "must be longer than 0; the deadline speaks for itself");
    if (!seen.insert(warning).second) out->Add(At(field, i), "is named twice; keep one");
  }
}

void CheckRegionCalendars(const Policy& policy, const ClockRule& rule, const std::string& field, FindingList* out) {
  for (const auto& [region, calendar] : rule.region_calendars)
    CheckCalendarId(policy, calendar, field + "." + region, out);
  const bool days = std::any_of(rule.target.values.begin(), rule.target.values.end(),
                                [](const auto& target) { return target && target->business_days > 0; });
  if (!rule.region_calendars.empty() && days && !rule.per_visit)
    out->Add(field, "cannot split a target in business days; write the target as a length, such as 16h");
}

void CheckPenalties(const ClockRule& rule, const std::string& field, FindingList* out) {
  for (size_t i = 0; i < rule.penalties.size(); ++i) {
    const PenaltyRule& penalty = rule.penalties[i];
    CheckCondition(penalty.when, At(field, i) + ".when", out);
    const bool always = penalty.when.kind == Condition::Kind::kAlways;
    if (always && i + 1 < rule.penalties.size())
      out->Add(At(field, i), "fits every case, so those below it never count; move it to the end");
  }
}

void CheckOne(const Policy& policy, const ClockRule& rule, FindingList* out) {
  const std::string field = "clocks." + rule.name;
  if (IsWord(EngineClocks(), rule.name)) {
    out->Add(field, "is a clock of the engine itself; choose another name");
  }
  if (!HasAnyTarget(rule))
    out->Add(field + ".target", "is missing for all priorities; a clock without a target measures nothing");
  for (const Priority priority : kAllPriorities) {
    CheckCalendarId(policy, rule.calendar.of(priority), Of(field + ".calendar", priority), out);
    if (rule.target.of(priority)) CheckTarget(*rule.target.of(priority), Of(field + ".target", priority), out);
  }
  if (rule.start_on.empty())
    out->Add(field + ".start_on", "is empty, so the clock never starts; name an event such as opened");
  if (rule.stop_on.empty())
    out->Add(field + ".stop_on", "is empty, so the clock always breaches; name an event such as resolved");
  CheckStartWords(policy, rule, field + ".start_on", out);
  CheckStopWords(policy, rule, field + ".stop_on", out);
  CheckVisit(rule, field, out);
  CheckPausable(rule, field, out);
  for (const std::string& reason : rule.pausing_reasons) {
    const bool known = reason == "any" || std::any_of(policy.pending_reasons.begin(), policy.pending_reasons.end(),
                                                      [&reason](const PendingReason& r) { return r.id == reason; });
    if (!known)
      out->Add(field + ".pause_when.pending",
               "no pending reason \"" + reason + "\"; define it under `pending.reasons`");
  }
  CheckWarnings(rule, field + ".warn", out);
  CheckRegionCalendars(policy, rule, field + ".calendar_by_region", out);
  CheckPenalties(rule, field + ".penalty", out);
  if (rule.trust_source_time < 0) out->Add(field + ".trust_source_time", "is negative; write 0s for none");
  if (rule.start_at_reported && rule.trust_source_time == 0) {
    out->Add(field + ".trust_source_time",
             "is missing: `start_at: reported` must say how far back a source is believed, such as 5m");
  }
}

const ClockRule* Find(const Policy& policy, std::string_view name) {
  const auto it = std::find_if(policy.clocks.begin(), policy.clocks.end(),
                               [name](const ClockRule& rule) { return rule.name == name; });
  return it != policy.clocks.end() ? &*it : nullptr;
}

/// A first answer that may take longer than the whole: the promise of the whole is then empty.
void CheckNotLongerThanResolution(const Policy& policy, std::string_view name, FindingList* out) {
  const ClockRule* rule = Find(policy, name);
  const ClockRule* resolution = Find(policy, "resolution");
  if (rule == nullptr || resolution == nullptr) return;
  for (const Priority priority : kAllPriorities) {
    const auto& part = rule->target.of(priority);
    const auto& whole = resolution->target.of(priority);
    if (!part || !whole || rule->calendar.of(priority) != resolution->calendar.of(priority)) continue;
    const bool longer = part->business_days == 0 && whole->business_days == 0
                            ? part->span > whole->span
                            : part->business_days > whole->business_days && whole->business_days > 0;
    if (longer) {
      out->Add(Of("clocks." + rule->name + ".target", priority),
               "is longer than the target of `resolution`; make it shorter");
    }
  }
}

}  // namespace

void CheckClocks(const Policy& policy, FindingList* out) {
  std::set<std::string> seen;
  for (const ClockRule& rule : policy.clocks) {
    if (!seen.insert(rule.name).second) out->Add("clocks." + rule.name, "is defined twice; keep one");
    CheckOne(policy, rule, out);
  }
  CheckNotLongerThanResolution(policy, "acknowledgement", out);
  CheckNotLongerThanResolution(policy, "response", out);
}

}  // namespace escalon::checks

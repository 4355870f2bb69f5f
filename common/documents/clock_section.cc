#include <algorithm>

#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"
#include "common/domain/policy_words.h"

namespace escalon::documents {
namespace {

/// Longer words of the same meaning: only a person's act satisfies a human target anyway (DESIGN §7.7).
std::string Canonical(const std::string& word) {
  if (word == "acknowledged_by_human") return "acknowledged";
  if (word == "public_reply_by_person") return "public_reply";
  return word;
}

/// A milestone's name is free, so a word that is nearly one of the engine's is taken for a slip.
bool ReadClockWord(const Value& value, std::string* out) {
  if (!ReadName(value, out)) return false;
  *out = Canonical(*out);
  std::vector<std::string> known;
  for (const auto& words : {ClockStartWords(), ClockStopWords()}) known.insert(known.end(), words.begin(), words.end());
  const std::string slip = DidYouMean(*out, known);
  if (slip.empty() || std::find(known.begin(), known.end(), *out) != known.end()) return true;
  value.Fault("\"" + *out + "\" is no event of a clock" + slip +
              "; write one of those, or name a milestone of your own less like them");
  return false;
}

void ReadKind(const Value& value, ClockRule::Kind* out) {
  using enum ClockRule::Kind;
  ReadWord(value, out,
           [](std::string_view word) -> std::optional<ClockRule::Kind> {
             if (word == "sla") return kSla;
             if (word == "ola") return kOla;
             if (word == "vendor") return kVendor;
             if (word == "regulatory") return kRegulatory;
             return std::nullopt;
           },
           {"sla", "ola", "vendor", "regulatory"});
}

void ReadPer(const Value& value, bool* per_visit) {
  ReadWord(value, per_visit,
           [](std::string_view word) -> std::optional<bool> {
             if (word == "team_visit") return true;
             if (word == "case") return false;
             return std::nullopt;
           },
           {"team_visit", "case"});
}

void ReadPausable(const Value& value, bool* pausable) {
  ReadWord(value, pausable,
           [](std::string_view word) -> std::optional<bool> {
             if (word == "never") return false;
             if (word == "by_reason") return true;
             return std::nullopt;
           },
           {"never", "by_reason"});
}

/// A length for each priority, or `level`: as long as the level may take.
void ReadClockTarget(const Value& value, ClockRule* out) {
  out->level_target = value.is_text() && value.node->text == "level";
  if (!out->level_target) ReadPerPriority(value, &out->target, ReadOptionalTarget);
}

/// What a clock for each visit begins and ends with when it says nothing.
void SetVisitWords(ClockRule* out) {
  out->start_on = {"assigned"};
  out->stop_on = {"resolved"};
}

void ReadPauses(const Value& value, std::vector<std::string>* out) {
  Fields fields(value);
  fields.Need("pending", out, ReadNames);
}

void ReadStart(const Value& value, bool* at_reported) {
  ReadWord(value, at_reported,
           [](std::string_view word) -> std::optional<bool> {
             if (word == "reported") return true;
             if (word == "opened") return false;
             return std::nullopt;
           },
           {"reported", "opened"});
}

/// Of a case that comes back: to work, or to a team.
void ReadResume(const Value& value, bool* resume) {
  ReadWord(value, resume,
           [](std::string_view word) -> std::optional<bool> {
             if (word == "resume") return true;
             if (word == "restart") return false;
             return std::nullopt;
           },
           {"resume", "restart"});
}

void ReadOnChange(const Value& value, ClockRule::OnChange* out) {
  using enum ClockRule::OnChange;
  ReadWord(value, out,
           [](std::string_view word) -> std::optional<ClockRule::OnChange> {
             if (word == "from_start") return kFromStart;
             if (word == "from_change") return kFromChange;
             if (word == "stricter_of_both") return kStricterOfBoth;
             return std::nullopt;
           },
           {"from_start", "from_change", "stricter_of_both"});
}

/// region: calendar
void ReadRegionCalendars(const Value& value, const Policy& policy, ClockRule* out) {
  Fields fields(value);
  std::vector<std::string> regions;
  const std::vector<Value> calendars = fields.TakeRest(&regions);
  for (size_t i = 0; i < calendars.size(); ++i) {
    std::string id;
    if (ReadCalendarId(calendars[i], policy, &id)) out->region_calendars.emplace_back(regions[i], std::move(id));
  }
}

/// `500 EUR`, or {when: …, amount: 500 EUR}
bool ReadPenalty(const Value& value, PenaltyRule* out) {
  if (!value.is_map()) return ReadMoney(value, &out->amount);
  Fields fields(value);
  fields.Read("when", &out->when, ReadCondition);
  fields.Need("amount", &out->amount, ReadMoney);
  return fields.readable();
}

void ReadClock(const Value& value, const Policy& policy, ClockRule* out) {
  Fields fields(value);
  if (const auto calendar = fields.Take("calendar")) {
    ReadPerPriority(*calendar, &out->calendar,
                    [&policy](const Value& v, std::string* id) { return ReadCalendarId(v, policy, id); });
  }
  if (const auto regions = fields.Take("calendar_by_region")) ReadRegionCalendars(*regions, policy, out);
  fields.Need("target", out, ReadClockTarget);
  fields.Read("kind", &out->kind, ReadKind);
  fields.Read("per", &out->per_visit, ReadPer);
  out->pausable = out->kind != ClockRule::Kind::kRegulatory;
  fields.Read("pausable", &out->pausable, ReadPausable);
  const auto read_words = [](const Value& v, std::vector<std::string>* words) { ReadList(v, words, ReadClockWord); };
  if (out->per_visit) SetVisitWords(out);
  const auto need_words = [&](std::string_view key, std::vector<std::string>* words) {
    if (!fields.Read(key, words, read_words) && words->empty()) fields.Missing(key);
  };
  need_words("start_on", &out->start_on);
  need_words("stop_on", &out->stop_on);
  fields.Read("start_at", &out->start_at_reported, ReadStart);
  fields.Read("pause_when", &out->pausing_reasons, ReadPauses);
  fields.Read("on_reopen", &out->resume_on_reopen, ReadResume);
  fields.Read("on_return", &out->resume_on_return, ReadResume);
  if (const auto warn = fields.Take("warn", "warnings")) ReadList(*warn, &out->warnings, ReadWarning);
  if (const auto penalty = fields.Take("penalty")) ReadList(*penalty, &out->penalties, ReadPenalty);
  fields.Read("trust_source_time", &out->trust_source_time, ReadDuration);
  fields.Read("on_priority_change", &out->on_priority_change, ReadOnChange);
}

bool AddPause(const Value& value, const std::string& clock, const std::string& reason, std::vector<ClockRule>* rules) {
  std::vector<std::string> known;
  for (ClockRule& rule : *rules) {
    known.push_back(rule.name);
    if (rule.name != clock) continue;
    if (std::find(rule.pausing_reasons.begin(), rule.pausing_reasons.end(), reason) == rule.pausing_reasons.end()) {
      rule.pausing_reasons.push_back(reason);
    }
    return true;
  }
  value.Fault("no clock \"" + clock + "\"; define it under `clocks` or name one that is there" +
              DidYouMean(clock, known));
  return false;
}

}  // namespace

bool ReadWarning(const Value& value, WarningRule* out) {
  int percent = 0;
  if (!value.is_map()) {
    if (!ReadPercent(value, &percent)) return false;
    *out = WarningRule::Percent(percent);
    return true;
  }
  using enum WarningRule::Kind;
  Fields fields(value);
  int said = 0;
  const auto take = [&](std::string_view key, WarningRule::Kind kind, auto number, auto reader) {
    const auto at = fields.Take(key);
    if (!at) return;
    ++said;
    if (reader(*at, &number)) *out = {kind, int64_t{number}};
  };
  if (const auto share = fields.Take("percent")) {
    ++said;
    if (ReadCount(*share, &percent)) *out = WarningRule::Percent(percent);
  }
  take("before", kBefore, DurationMs{0}, ReadDuration);
  take("after", kAfter, DurationMs{0}, ReadDuration);
  take("before_days", kBeforeDays, 0, ReadCount);
  take("after_days", kAfterDays, 0, ReadCount);
  if (said != 1 && fields.readable())
    value.Fault("needs exactly one of percent, before, after, before_days, after_days, as in {before: 15m}");
  return fields.readable() && said == 1;
}

void ReadClocks(const Value& value, Policy* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> clocks = fields.TakeRest(&names);
  for (size_t i = 0; i < clocks.size(); ++i) {
    ClockRule rule;
    rule.name = names[i];
    ReadClock(clocks[i], *out, &rule);
    out->clocks.push_back(std::move(rule));
  }
}

void ReadPauseStops(const Value& value, Policy* out) {
  Fields fields(value);
  std::vector<std::string> reasons, clocks;
  const std::vector<Value> rows = fields.TakeRest(&reasons);
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto stop = [&](const Value& v, std::string* name) {
      return ReadName(v, name) && AddPause(v, *name, reasons[i], &out->clocks);
    };
    ReadList(rows[i], &clocks, stop);
  }
}

}  // namespace escalon::documents

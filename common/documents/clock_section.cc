#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

/// Longer words of the same meaning: only a person's act satisfies a human target anyway (DESIGN §7.7).
std::string Canonical(const std::string& word) {
  if (word == "acknowledged_by_human") return "acknowledged";
  if (word == "public_reply_by_person") return "public_reply";
  return word;
}

bool ReadClockWord(const Value& value, std::string* out) {
  if (!ReadName(value, out)) return false;
  *out = Canonical(*out);
  return true;
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

void ReadReopen(const Value& value, bool* resume) {
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

void ReadClock(const Value& value, const Policy& policy, ClockRule* out) {
  Fields fields(value);
  if (const auto calendar = fields.Take("calendar")) {
    ReadPerPriority(*calendar, &out->calendar,
                    [&policy](const Value& v, std::string* id) { return ReadCalendarId(v, policy, id); });
  }
  fields.Need("target", &out->target,
              [](const Value& v, auto* target) { ReadPerPriority(v, target, ReadOptionalTarget); });
  const auto read_words = [](const Value& v, std::vector<std::string>* words) { ReadList(v, words, ReadClockWord); };
  fields.Need("start_on", &out->start_on, read_words);
  fields.Need("stop_on", &out->stop_on, read_words);
  fields.Read("start_at", &out->start_at_reported, ReadStart);
  fields.Read("pause_when", &out->pausing_reasons, ReadPauses);
  fields.Read("on_reopen", &out->resume_on_reopen, ReadReopen);
  if (const auto warn = fields.Take("warn", "warnings")) ReadList(*warn, &out->warn_percent, ReadPercent);
  fields.Read("trust_source_time", &out->trust_source_time, ReadDuration);
  fields.Read("on_priority_change", &out->on_priority_change, ReadOnChange);
  fields.NotYet("kind", "kinds of clocks");
  fields.NotYet("per", "clocks per team visit");
  fields.NotYet("on_return", "clocks per team visit");
  fields.NotYet("pausable", "regulatory clocks");
}

}  // namespace

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

}  // namespace escalon::documents

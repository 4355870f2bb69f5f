#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

/// {clock: resolution, used: 75%} or {clock: resolution, breached: true}
void ReadClockMoment(const Value& value, Trigger* out) {
  Fields fields(value);
  fields.Need("clock", &out->clock, ReadName);
  const bool by_share = fields.Read("used", &out->percent, ReadPercent);
  bool breached = false;
  const bool by_breach = fields.Read("breached", &breached, ReadFlag);
  if (by_share == by_breach || (by_breach && !breached)) {
    value.Fault("needs either `used: 75%` or `breached: true` beside the clock");
  }
  out->at = by_breach ? Trigger::At::kClockBreached : Trigger::At::kClockShare;
}

void ReadMoment(const Value& value, Trigger* out) {
  if (value.is_map()) {
    ReadClockMoment(value, out);
    return;
  }
  ReadWord(value, &out->at,
           [](std::string_view word) -> std::optional<Trigger::At> {
             if (word == "opened") return Trigger::At::kOpened;
             if (word == "changed") return Trigger::At::kFactsChanged;
             return std::nullopt;
           },
           {"opened", "changed"});
}

void ReadMode(const Value& value, bool* owns) {
  ReadWord(value, owns,
           [](std::string_view word) -> std::optional<bool> {
             if (word == "own") return true;
             if (word == "inform") return false;
             return std::nullopt;
           },
           {"own", "inform"});
}

EscalationReason ReasonOf(Trigger::At at) {
  switch (at) {
    case Trigger::At::kClockShare:
      return EscalationReason::kTargetShareUsed;
    case Trigger::At::kClockBreached:
      return EscalationReason::kTargetPassed;
    case Trigger::At::kFactsChanged:
      return EscalationReason::kRepetition;
    case Trigger::At::kOpened:
      break;
  }
  return EscalationReason::kPriority;
}

void ReadReason(const Value& value, EscalationReason* out) {
  std::vector<std::string> words;
  for (int i = 1; i <= static_cast<int>(EscalationReason::kManual); ++i) {
    words.emplace_back(Name(static_cast<EscalationReason>(i)));
  }
  ReadWord(value, out, ParseEscalationReason, words);
}

}  // namespace

bool ReadTrigger(const Value& value, Trigger* out) {
  Fields fields(value);
  fields.Need("id", &out->id, ReadName);
  fields.Need("level", &out->level, ReadName);
  out->at = Trigger::At::kFactsChanged;  // a trigger that names no moment looks at every change
  if (const auto at = fields.Take("at")) ReadMoment(*at, out);
  fields.Read("when", &out->when, ReadCondition);
  fields.Read("mode", &out->owns, ReadMode);
  out->reason = ReasonOf(out->at);
  fields.Read("reason", &out->reason, ReadReason);
  fields.Read("to", &out->to, ReadStepTarget);
  return fields.readable();
}

}  // namespace escalon::documents

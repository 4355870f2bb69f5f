#include "common/documents/calendar_section.h"
#include "common/documents/fields.h"
#include "common/documents/roster_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

void ReadType(const Value& value, RotationSpec::Type* out) {
  using enum RotationSpec::Type;
  ReadWord(value, out,
           [](std::string_view word) -> std::optional<RotationSpec::Type> {
             if (word == "hourly") return kHourly;
             if (word == "daily") return kDaily;
             if (word == "weekly") return kWeekly;
             if (word == "monthly") return kMonthly;
             return std::nullopt;
           },
           {"hourly", "daily", "weekly", "monthly"});
}

void ReadParticipants(const Value& value, std::vector<std::vector<std::string>>* out) {
  if (!value.is_list()) {
    value.Fault("must be a list of people; an entry may be a list of people who are on call together");
    return;
  }
  for (size_t i = 0; i < value.node->items.size(); ++i) ReadNames(value.At(i), &out->emplace_back());
}

void ReadDays(const Value& value, uint8_t* mask) {
  std::vector<int> days;
  ReadList(value, &days, ReadWeekday);
  for (const int day : days) *mask = static_cast<uint8_t>(*mask | 1u << day);
}

void ReadDaysOfMonth(const Value& value, uint32_t* mask) {
  std::vector<int> days;
  ReadList(value, &days, [](const Value& v, int* day) {
    if (!ReadCount(v, day)) return false;
    if (*day >= 1 && *day <= 28) return true;
    v.Fault("must be a day from 1 to 28, which every month has");
    return false;
  });
  for (const int day : days) *mask |= 1u << day;
}

void ReadAnchor(const Value& value, std::optional<RotationSpec::Anchor>* out) {
  RotationSpec::Anchor anchor;
  Fields fields(value);
  fields.Need("at", &anchor.at, ReadInstant);
  fields.Need("index", &anchor.index, ReadCount);
  *out = anchor;
}

}  // namespace

bool ReadRotation(const Value& value, RotationSpec* out) {
  Fields fields(value);
  fields.Need("type", &out->type, ReadType);
  fields.Read("shift_length", &out->shift_length, ReadCount);
  fields.Need("start", &out->start, ReadInstant);
  if (const auto zone = fields.Take("timezone", "zone")) {
    ReadName(*zone, &out->timezone);
  } else {
    fields.Missing("timezone");
  }
  fields.Need("participants", &out->participants, ReadParticipants);
  fields.Read("duration", &out->duration,
              [](const Value& v, std::optional<DurationMs>* span) { ReadDuration(v, &span->emplace()); });
  fields.Read("days", &out->days, ReadDays);
  fields.Read("days_of_month", &out->days_of_month, ReadDaysOfMonth);
  fields.Read("week_start", &out->week_start, ReadWeekday);
  fields.Read("effective_from", &out->effective_from, ReadOptionalInstant);
  fields.Read("until", &out->until, ReadOptionalInstant);
  fields.Read("anchor", &out->anchor, ReadAnchor);
  return fields.readable();
}

}  // namespace escalon::documents

#include "common/documents/calendar_section.h"
#include "common/documents/fields.h"
#include "common/documents/roster_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

bool ReadLayer(const Value& value, ScheduleSpec::Layer* out) {
  Fields fields(value);
  fields.Read("name", &out->name, ReadText);
  fields.Read("priority", &out->priority, ReadCount);
  const bool by_users = fields.Read("users", &out->users, ReadNames);
  const bool by_turns =
      fields.Read("rotation", &out->rotation,
                  [](const Value& v, std::optional<RotationSpec>* rotation) { ReadRotation(v, &rotation->emplace()); });
  if (fields.readable() && by_users == by_turns) value.Fault("needs either users or a rotation");
  fields.Read("windows", &out->windows,
              [](const Value& v, std::optional<WeeklyWindows>* windows) { ReadWeekly(v, &windows->emplace()); });
  fields.Read("from", &out->from, ReadOptionalInstant);
  fields.Read("until", &out->until, ReadOptionalInstant);
  return fields.readable();
}

bool ReadOverride(const Value& value, ScheduleSpec::Override* out) {
  Fields fields(value);
  fields.Need("start", &out->start, ReadInstant);
  fields.Need("end", &out->end, ReadInstant);
  fields.Read("remove", &out->remove, ReadName);
  fields.Read("add", &out->add, ReadName);
  return fields.readable();
}

bool ReadTemporaryShift(const Value& value, ScheduleSpec::TemporaryShift* out) {
  Fields fields(value);
  fields.Need("start", &out->start, ReadInstant);
  fields.Need("end", &out->end, ReadInstant);
  fields.Need("user", &out->user, ReadName);
  return fields.readable();
}

/// A swap of shifts is two overrides: each stands in for the other in the other's shift.
void ReadSwap(const Value& value, std::vector<ScheduleSpec::Override>* out) {
  Fields fields(value);
  ScheduleSpec::TemporaryShift give, take;
  fields.Need("give", &give, ReadTemporaryShift);
  fields.Need("take", &take, ReadTemporaryShift);
  if (!give.user.empty() && give.user == take.user) value.Fault("is of one person with themselves; name two people");
  out->push_back({give.start, give.end, give.user, take.user});
  out->push_back({take.start, take.end, take.user, give.user});
}

void ReadSwaps(const Value& value, std::vector<ScheduleSpec::Override>* out) {
  if (!value.is_list()) return value.Fault("must be a list of swaps: [{give: {user, start, end}, take: …}]");
  for (size_t i = 0; i < value.node->items.size(); ++i) ReadSwap(value.At(i), out);
}

bool ReadTemporary(const Value& value, ScheduleSpec::Temporary* out) {
  Fields fields(value);
  fields.Need("start", &out->start, ReadInstant);
  fields.Need("end", &out->end, ReadInstant);
  fields.Need("shifts", &out->shifts, [](const Value& v, auto* shifts) { ReadList(v, shifts, ReadTemporaryShift); });
  return fields.readable();
}

bool ReadAbsence(const Value& value, ScheduleSpec::Absence* out) {
  Fields fields(value);
  fields.Need("user", &out->user, ReadName);
  fields.Read("start", &out->start, ReadOptionalInstant);
  fields.Read("end", &out->end, ReadOptionalInstant);
  return fields.readable();
}

void ReadSchedule(const Value& value, ScheduleSpec* out) {
  Fields fields(value);
  if (const auto zone = fields.Take("timezone", "zone")) {
    ReadName(*zone, &out->timezone);
  } else {
    fields.Missing("timezone");
  }
  fields.Need("layers", &out->layers, [](const Value& v, auto* layers) { ReadList(v, layers, ReadLayer); });
  fields.Read("overrides", &out->overrides, [](const Value& v, auto* list) { ReadList(v, list, ReadOverride); });
  fields.Read("swaps", &out->overrides, ReadSwaps);
  fields.Read("temporary", &out->temporary, [](const Value& v, auto* list) { ReadList(v, list, ReadTemporary); });
  fields.Read("absences", &out->absences, [](const Value& v, auto* list) { ReadList(v, list, ReadAbsence); });
}

}  // namespace

void ReadSchedules(const Value& value, RosterDocument* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> schedules = fields.TakeRest(&names);
  for (size_t i = 0; i < schedules.size(); ++i) {
    NamedSchedule schedule;
    schedule.id = names[i];
    ReadSchedule(schedules[i], &schedule.spec);
    out->schedules.push_back(std::move(schedule));
  }
}

}  // namespace escalon::documents

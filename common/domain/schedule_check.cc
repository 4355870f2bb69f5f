#include "common/domain/schedule_check.h"

#include <algorithm>

namespace escalon {
namespace {

constexpr int kMostPriority = 1000;

std::string Item(std::string_view field, std::string_view name, size_t i) {
  std::string out(field);
  if (!out.empty()) out += ".";
  return out + std::string(name) + "[" + std::to_string(i) + "]";
}

void CheckLayer(const ScheduleSpec::Layer& layer, const std::string& at, std::vector<FieldViolation>* out) {
  if (layer.priority < 0 || layer.priority > kMostPriority)
    out->push_back({at + ".priority", "must be a whole number from 0 to 1000"});
  if (layer.users.empty() == !layer.rotation.has_value()) {
    out->push_back({at, layer.users.empty() ? "needs users or a rotation" : "takes users or a rotation, not both"});
  }
  for (size_t i = 0; i < layer.users.size(); ++i) {
    if (layer.users[i].empty()) out->push_back({Item(at, "users", i), "must be a person"});
  }
  if (layer.windows) {
    for (size_t day = 0; day < 7; ++day)
      CheckWindows((*layer.windows)[day], at + ".windows." + std::string(kWeekdayNames[day]), out);
  }
  if (layer.from && layer.until && *layer.until <= *layer.from) out->push_back({at + ".until", "must be after from"});
}

}  // namespace

std::vector<FieldViolation> CheckSchedule(const ScheduleSpec& spec, std::string_view field) {
  std::vector<FieldViolation> out;
  for (size_t i = 0; i < spec.layers.size(); ++i) CheckLayer(spec.layers[i], Item(field, "layers", i), &out);
  for (size_t i = 0; i < spec.overrides.size(); ++i) {
    const ScheduleSpec::Override& o = spec.overrides[i];
    const std::string at = Item(field, "overrides", i);
    if (o.end <= o.start) out.push_back({at + ".end", "must be after start"});
    if (o.remove.empty() && o.add.empty()) out.push_back({at, "needs remove, add or both"});
  }
  for (size_t i = 0; i < spec.temporary.size(); ++i) {
    const ScheduleSpec::Temporary& t = spec.temporary[i];
    const std::string at = Item(field, "temporary", i);
    if (t.end <= t.start) out.push_back({at + ".end", "must be after start"});
    for (size_t s = 0; s < t.shifts.size(); ++s) {
      if (t.shifts[s].end <= t.shifts[s].start) out.push_back({Item(at, "shifts", s) + ".end", "must be after start"});
      if (t.shifts[s].user.empty()) out.push_back({Item(at, "shifts", s) + ".user", "must be a person"});
    }
  }
  for (size_t i = 0; i < spec.absences.size(); ++i) {
    const ScheduleSpec::Absence& a = spec.absences[i];
    if (a.user.empty()) out.push_back({Item(field, "absences", i) + ".user", "must be a person"});
    if (a.start && a.end && *a.end <= *a.start)
      out.push_back({Item(field, "absences", i) + ".end", "must be after start"});
  }
  return out;
}

}  // namespace escalon

#include "common/calc/rotation_value.h"

#include <array>
#include <string_view>

#include "common/calc/values.h"

namespace escalon::calc {
namespace {

constexpr std::array<std::string_view, 4> kTypes{"hourly", "daily", "weekly", "monthly"};
constexpr int64_t kMostShiftLength = 10'000;
constexpr int kLastDayOfMask = 28;

std::vector<std::vector<std::string>> ReadParticipants(const Place& place) {
  std::vector<std::vector<std::string>> out;
  for (const Place& entry : place.Items()) {
    if (entry.is(Json::Kind::kArray)) {
      out.push_back(ReadNames(entry));
      if (out.back().empty()) entry.Refuse("must be a person, or a list of persons");
    } else {
      out.push_back({ReadName(entry)});
    }
  }
  return out;
}

uint8_t ReadDays(const Place& place) {
  uint8_t mask = 0;
  for (const Place& day : place.Items()) mask |= static_cast<uint8_t>(1 << ReadChoice(day, kWeekdayNames));
  if (mask == 0) place.Refuse("must name at least one weekday, or be left out");
  return mask;
}

uint32_t ReadDaysOfMonth(const Place& place) {
  uint32_t mask = 0;
  for (const Place& day : place.Items()) mask |= uint32_t{1} << ReadWhole(day, 1, kLastDayOfMask);
  if (mask == 0) place.Refuse("must name at least one day from 1 to 28, or be left out");
  return mask;
}

RotationSpec::Anchor ReadAnchor(const Place& place) {
  const Fields fields(place, {"at", "index"});
  RotationSpec::Anchor anchor;
  anchor.at = RequiredInstant(fields, "at");
  if (const auto index = fields.Required("index")) anchor.index = static_cast<int>(ReadWhole(*index, 0, INT32_MAX));
  return anchor;
}

}  // namespace

RotationSpec ReadRotation(const Place& place) {
  const Fields fields(place, {"type", "shift_length", "start", "timezone", "participants", "duration", "days",
                              "days_of_month", "week_start", "effective_from", "until", "anchor"});
  RotationSpec spec;
  if (const auto type = fields.Required("type")) spec.type = static_cast<RotationSpec::Type>(ReadChoice(*type, kTypes));
  if (const auto length = fields.Optional("shift_length"))
    spec.shift_length = static_cast<int>(ReadWhole(*length, 1, kMostShiftLength));
  spec.start = RequiredInstant(fields, "start");
  spec.timezone = RequiredName(fields, "timezone");
  if (const auto participants = fields.Required("participants")) spec.participants = ReadParticipants(*participants);
  if (const auto duration = fields.Optional("duration")) spec.duration = ReadDuration(*duration);
  if (const auto days = fields.Optional("days")) spec.days = ReadDays(*days);
  if (const auto days = fields.Optional("days_of_month")) spec.days_of_month = ReadDaysOfMonth(*days);
  if (const auto day = fields.Optional("week_start"))
    spec.week_start = static_cast<int>(ReadChoice(*day, kWeekdayNames));
  spec.effective_from = OptionalInstant(fields, "effective_from");
  spec.until = OptionalInstant(fields, "until");
  if (const auto anchor = fields.Optional("anchor")) spec.anchor = ReadAnchor(*anchor);
  return spec;
}

}  // namespace escalon::calc

#include "common/calc/clock_values.h"

#include <array>
#include <cmath>
#include <string_view>

#include "common/calc/values.h"

namespace escalon::calc {
namespace {

constexpr std::array<std::string_view, 2> kSnaps{"none", "closing"};
/// What steps of working days reach within the years of instants.
constexpr int64_t kMostDays = 110'000;
/// Of a share in percent: what clock_arithmetic counts in.
constexpr double kMillionthsOfPercent = 10'000;
constexpr std::array<std::string_view, 5> kWarnings{"percent", "before", "after", "before_days", "after_days"};

int64_t ReadShare(const Place& place) {
  const Json& json = place.json();
  const double percent = place.is(Json::Kind::kInteger) ? static_cast<double>(json.integer) : json.number;
  const bool number = place.is(Json::Kind::kInteger) || place.is(Json::Kind::kNumber);
  if (number && percent >= 0 && percent <= 100) return std::llround(percent * kMillionthsOfPercent);
  place.Refuse("must be a number from 0 to 100");
  return 0;
}

WarningRule ReadWarning(const Place& place) {
  const Fields fields(place, {"percent", "before", "after", "before_days", "after_days"});
  WarningRule rule;
  int given = 0;
  for (size_t i = 0; i < kWarnings.size(); ++i) {
    const std::optional<Place> value = fields.Optional(kWarnings[i]);
    if (!value) continue;
    ++given;
    rule.kind = static_cast<WarningRule::Kind>(i);
    if (rule.kind == WarningRule::Kind::kShare) {
      rule.value = ReadShare(*value);
    } else if (rule.kind == WarningRule::Kind::kBefore || rule.kind == WarningRule::Kind::kAfter) {
      rule.value = ReadDuration(*value);
    } else {
      rule.value = ReadWhole(*value, 0, kMostDays);
    }
  }
  if (given != 1) place.Refuse("must have one of percent, before, after, before_days and after_days");
  return rule;
}

Target ReadTargetInDays(const Place& place) {
  const Fields fields(place, {"days", "snap"});
  Target target;
  if (const auto days = fields.Required("days"))
    target.business_days = static_cast<int>(ReadWhole(*days, 1, kMostDays));
  const std::optional<Place> snap = fields.Optional("snap");
  target.snap_to_close = snap && ReadChoice(*snap, kSnaps) == 1;
  return target;
}

}  // namespace

ClockKind ReadClockKind(const Place& place) { return static_cast<ClockKind>(ReadChoice(place, kClockKinds)); }

std::optional<Target> ReadTarget(const Place& place) {
  if (place.is(Json::Kind::kNull)) return std::nullopt;
  if (place.is(Json::Kind::kObject)) return ReadTargetInDays(place);
  Target target;
  if (place.is(Json::Kind::kString)) {
    target.span = ReadDuration(place);
    if (target.span <= 0) place.Refuse("must be longer than 0; null is no target");
  } else {
    place.Refuse("must be a duration such as \"4h\", {\"days\": 2, \"snap\": \"closing\"}, or null");
  }
  return target;
}

HistoryClock ReadHistoryClock(const Place& place) {
  const Fields fields(place, {"kind", "name", "target", "warnings", "start_at", "calendar"});
  HistoryClock clock;
  const std::optional<Place> kind = fields.Required("kind");
  if (kind) clock.kind = ReadClockKind(*kind);
  const std::optional<Place> name = fields.Optional("name");
  clock.name = name ? ReadName(*name) : std::string(kClockKinds[static_cast<size_t>(clock.kind)]);
  if (const auto target = fields.Optional("target")) clock.target = ReadTarget(*target);
  if (const auto warnings = fields.Optional("warnings")) {
    for (const Place& warning : warnings->Items()) clock.warnings.push_back(ReadWarning(warning));
  }
  clock.start_at = OptionalInstant(fields, "start_at");
  if (clock.start_at && HasRuns(clock.kind))
    place.fault()->Add(place.PathOf("start_at"), "is not for update and cadence: messages start them");
  clock.calendar = OptionalCalendar(fields);
  return clock;
}

Json WarningForm(const Json& written, const WarningRule& rule) {
  Json out = Json::Object();
  switch (rule.kind) {
    case WarningRule::Kind::kShare:
      return out.Set("percent", *written.Find("percent"));
    case WarningRule::Kind::kBefore:
      return out.Set("before_ms", rule.value);
    case WarningRule::Kind::kAfter:
      return out.Set("after_ms", rule.value);
    case WarningRule::Kind::kBeforeDays:
      return out.Set("before_days", rule.value);
    case WarningRule::Kind::kAfterDays:
      return out.Set("after_days", rule.value);
  }
  return out;
}

}  // namespace escalon::calc

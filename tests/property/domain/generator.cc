#include "tests/property/domain/generator.h"

#include "absl/time/time.h"

namespace escalon::test {
namespace {

constexpr InstantMs kEarliest = 600'000'000'000;  // 1989
constexpr InstantMs kLatest = 2'600'000'000'000;  // 2052

}  // namespace

InstantMs Generator::Instant(const Zone& zone) {
  InstantMs at = Between(kEarliest, kLatest);
  absl::TimeZone tz;
  absl::TimeZone::CivilTransition change;
  if (Chance(66) && absl::LoadTimeZone(zone.name(), &tz) && tz.NextTransition(absl::FromUnixMillis(at), &change)) {
    const InstantMs near = absl::ToUnixMillis(absl::FromCivil(change.to, tz));
    if (near < kLatest + 366 * kDayMs) at = near + Between(-3 * kDayMs, 3 * kDayMs);
  }
  return at;
}

std::vector<DayWindow> Generator::Windows(int most) {
  std::vector<DayWindow> out;
  for (int64_t n = Between(0, most); n > 0; --n) {
    DayWindow w;
    w.start = static_cast<int>(Chance(20) ? 0 : Between(0, 1439));
    w.end = static_cast<int>(Chance(20) ? 1440 : Chance(30) ? Between(60, 210) : Between(0, 1440));
    if (w.end == w.start) w.end = w.start + 1;
    out.push_back(w);
  }
  return out;
}

CalendarSpec Generator::CalendarNear(InstantMs at) {
  CalendarSpec spec;
  spec.timezone = Of(Zones());
  const LocalDate date = Zone::Load(spec.timezone).value().DateAt(at);
  for (auto& day : spec.weekly) day = Windows(Chance(70) ? 2 : 4);
  for (int64_t n = Between(0, 4); n > 0; --n) spec.holidays.insert(date + Between(-12, 12));
  for (int64_t n = Between(0, 4); n > 0; --n) spec.overrides[date + Between(-12, 12)] = Windows(3);
  return spec;
}

RotationSpec Generator::Rotation() {
  using Type = RotationSpec::Type;
  RotationSpec spec;
  spec.type = Of(std::vector<Type>{Type::kHourly, Type::kDaily, Type::kWeekly, Type::kMonthly});
  spec.shift_length = static_cast<int>(Chance(50) ? 1 : Between(1, spec.type == Type::kHourly ? 30 : 5));
  spec.timezone = Of(Zones());
  const Zone zone = Zone::Load(spec.timezone).value();
  spec.start = Instant(zone);
  if (Chance(70)) spec.start -= spec.start % (15 * kMinuteMs);
  for (int64_t n = Between(0, 5), i = 0; i < n; ++i) spec.participants.push_back({"p" + std::to_string(i)});
  if (Chance(30)) spec.duration = Between(1, 50) * 30 * kMinuteMs;
  if (spec.type != Type::kHourly && Chance(40)) spec.days = static_cast<uint8_t>(Between(1, 127));
  if (spec.type == Type::kMonthly && spec.days == 0 && Chance(40))
    spec.days_of_month = static_cast<uint32_t>(Between(1, (1 << 28) - 1)) << 1;
  spec.week_start = static_cast<int>(Between(0, 6));
  if (!spec.participants.empty() && Chance(40))
    spec.anchor =
        RotationSpec::Anchor{spec.start + Between(-100 * kDayMs, 100 * kDayMs),
                             static_cast<int>(Between(0, static_cast<int64_t>(spec.participants.size()) - 1))};
  return spec;
}

std::shared_ptr<const Calendar> BuildCalendar(const CalendarSpec& spec) { return Calendar::Build(spec).value(); }

std::string Describe(const CalendarSpec& spec) {
  const auto windows = [](const std::vector<DayWindow>& all) {
    std::string out = "[";
    for (const DayWindow& w : all) out += FormatClockTime(w.start) + "-" + FormatClockTime(w.end) + " ";
    return out + "]";
  };
  std::string out = spec.timezone;
  for (size_t day = 0; day < 7; ++day) out += " " + std::string(kWeekdayNames[day]) + windows(spec.weekly[day]);
  for (const LocalDate date : spec.holidays) out += " holiday " + FormatLocalDate(date);
  for (const auto& [date, all] : spec.overrides) out += " override " + FormatLocalDate(date) + windows(all);
  return out;
}

std::string Describe(const RotationSpec& spec) {
  return spec.timezone + " type " + std::to_string(static_cast<int>(spec.type)) + " length " +
         std::to_string(spec.shift_length) + " start " + FormatInstant(spec.start) + " people " +
         std::to_string(spec.participants.size()) + " duration " +
         (spec.duration ? FormatDuration(*spec.duration) : "-") + " days " + std::to_string(spec.days) + " of month " +
         std::to_string(spec.days_of_month) + " week start " + std::to_string(spec.week_start) + " anchor " +
         (spec.anchor ? FormatInstant(spec.anchor->at) + "#" + std::to_string(spec.anchor->index) : "-");
}

}  // namespace escalon::test

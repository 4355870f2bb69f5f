#include "tests/property/domain/minute_reference.h"

#include <algorithm>

namespace escalon::test {
namespace {

const LocalDate kEpoch(1970, 1, 1);

int64_t LocalMinute(const Zone& zone, InstantMs at) { return (at + zone.OffsetSecondsAt(at) * kSecondMs) / kMinuteMs; }

}  // namespace

MinuteReference::MinuteReference(const CalendarSpec& spec, InstantMs from, InstantMs to)
    : from_(from - from % kMinuteMs), open_(static_cast<size_t>((to - from_) / kMinuteMs)) {
  const Zone zone = Zone::Load(spec.timezone).value();
  std::vector<int64_t> reached(open_.size()), ahead(open_.size());
  for (size_t i = 0; i < open_.size(); ++i) reached[i] = ahead[i] = LocalMinute(zone, At(i));
  for (size_t i = 1; i < open_.size(); ++i) reached[i] = std::max(reached[i], reached[i - 1]);
  for (size_t i = open_.size() - 1; i-- > 0;) ahead[i] = std::min(ahead[i], ahead[i + 1]);
  const LocalDate last = kEpoch + reached.back() / 1440;
  for (LocalDate date = kEpoch + reached.front() / 1440 - 3; date <= last; ++date) {
    if (spec.holidays.contains(date)) continue;
    const auto replaced = spec.overrides.find(date);
    const auto& windows =
        replaced != spec.overrides.end() ? replaced->second : spec.weekly[static_cast<size_t>(WeekdayIndex(date))];
    for (const DayWindow& w : windows) {
      const int64_t midnight = (date - kEpoch) * 1440;
      OpenWindow(reached, ahead, midnight + w.start, midnight + w.end + (w.end <= w.start ? 1440 : 0), date);
    }
  }
}

void MinuteReference::OpenWindow(const std::vector<int64_t>& reached, const std::vector<int64_t>& ahead, int64_t start,
                                 int64_t end, LocalDate date) {
  // Both arrays only rise, so the open minutes are one run.
  const auto first = std::lower_bound(reached.begin(), reached.end(), start) - reached.begin();
  const auto past = std::lower_bound(ahead.begin(), ahead.end(), end) - ahead.begin();
  if (first >= past) return;
  std::fill(open_.begin() + first, open_.begin() + past, 1);
  working_days_.insert(date);
}

bool MinuteReference::working_day(LocalDate date) const { return working_days_.contains(date); }

}  // namespace escalon::test

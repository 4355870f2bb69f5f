#include "services/notification/application/quiet_hours.h"

#include "common/domain/zone.h"

namespace escalon::notification {
namespace {

InstantMs EndOf(const std::vector<DayWindow>& windows, const Zone& zone, InstantMs at) {
  const LocalDate today = zone.DateAt(at);
  InstantMs end = 0;
  for (const DayWindow& window : windows) {
    for (const LocalDate date : {today - 1, today}) {
      const InstantMs from = zone.StartAt({date, window.start * kMinuteMs});
      const LocalDate until = window.end > window.start ? date : date + 1;
      const InstantMs to = zone.EndAt({until, window.end * kMinuteMs});
      if (from <= at && at < to && to > end) end = to;
    }
  }
  return end;
}

}  // namespace

InstantMs QuietUntil(const std::vector<DayWindow>& windows, std::string_view timezone, InstantMs at) {
  if (windows.empty()) return 0;
  const Result<Zone> zone = timezone.empty() ? Result<Zone>(Zone()) : Zone::Load(timezone);
  const Zone in = zone.ok() ? *zone : Zone();
  InstantMs end = 0;
  // Quiet around the clock must not loop: a day of following windows is enough, then it is asked again.
  for (InstantMs next = EndOf(windows, in, at); next > end && next < at + 2 * kDayMs; next = EndOf(windows, in, next))
    end = next;
  return end;
}

}  // namespace escalon::notification

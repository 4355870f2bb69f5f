#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/domain/window_index.h"
#include "common/domain/zone.h"

namespace escalon {

/// An opening on a wall clock, in minutes since midnight: start 0–1439, end 0–1440. An end that is not after its start
/// lies on the next day. Half-open.
struct DayWindow {
  int start = 0;
  int end = 0;
  auto operator<=>(const DayWindow&) const = default;
};

/// Windows of the weekdays, Monday first.
using WeeklyWindows = std::array<std::vector<DayWindow>, 7>;

/// A calendar as a person writes it (calc.md §2). Plain data.
struct CalendarSpec {
  std::string timezone;
  WeeklyWindows weekly;
  std::set<LocalDate> holidays;                           ///< no window starts on these; beats an override
  std::map<LocalDate, std::vector<DayWindow>> overrides;  ///< replace all windows that start on that date
  bool operator==(const CalendarSpec&) const = default;
};

/// Where a step by working days ends on the day it reaches (DESIGN §7.10).
enum class DaySnap { kNone, kClosing };

/// Working hours in a zone: which instants count, and arithmetic on them (DESIGN §7.1–7.4, §7.10; calc.md §2, §3).
/// Immutable, shared by shared_ptr<const Calendar>, thread-safe. An index of the open stretches fills as it is used (70
/// µs for each year first touched); on touched years every operation takes well under 1 µs and allocates nothing.
/// `kNever` as a result: no such instant, because nothing opens within 3,660 days in that direction (or, for a closing,
/// it never closes). `kNever` as an input gives `kNever`.
class Calendar {
 public:
  static constexpr DurationMs kHorizonMs = WindowIndex::kHorizonMs;

  /// All faults at once, each with its path below `field` (`calendar.weekly.mon[0]`) and the remedy.
  static Result<std::shared_ptr<const Calendar>> Build(CalendarSpec spec, std::string_view field = "calendar");
  /// UTC around the clock.
  static std::shared_ptr<const Calendar> AlwaysOpen();

  Calendar(const Calendar&) = delete;
  Calendar& operator=(const Calendar&) = delete;

  bool IsOpen(InstantMs at) const { return always_open_ || index_.IsOpen(at); }
  /// The first open instant not before `at`.
  InstantMs NextOpening(InstantMs at) const { return always_open_ ? at : index_.NextOpening(at); }
  /// The first closing after `at`, never `at` itself. Windows that touch do not close between them.
  InstantMs NextClosing(InstantMs at) const { return always_open_ ? kNever : index_.NextClosing(at); }
  /// The last instant not after `at` up to which it was open.
  InstantMs PreviousClosing(InstantMs at) const { return always_open_ ? at : index_.PreviousClosing(at); }
  /// Open time in [from, to), in real milliseconds; 0 for a reversed range.
  DurationMs Elapsed(InstantMs from, InstantMs to) const;
  /// When `span` of open time has passed since `from`. A sum that lands on closing time stays there; 0 gives the next
  /// opening.
  InstantMs Add(InstantMs from, DurationMs span) const;
  /// The same backwards: a sum that lands on opening time stays there; 0 gives the previous closing.
  InstantMs Subtract(InstantMs from, DurationMs span) const;
  /// The same clock time `days` working days on (negative: back); 0: `at` itself on a working day, else the next
  /// working day.
  InstantMs AddDays(InstantMs at, int64_t days, DaySnap snap = DaySnap::kNone) const;
  /// The open stretches in [from, to), in order, at most `most`.
  std::vector<Stretch> Segments(InstantMs from, InstantMs to, size_t most) const;

  /// At least one window that exists starts on the date.
  bool IsWorkingDay(LocalDate date) const;
  const Zone& zone() const { return zone_; }
  const CalendarSpec& spec() const { return spec_; }
  /// It never closes.
  bool always_open() const { return always_open_; }
  /// Builds the index of a span ahead of time.
  void Warm(InstantMs from, InstantMs to) const { index_.Warm(from, to); }

 private:
  Calendar(CalendarSpec spec, Zone zone);
  const std::vector<DayWindow>& WindowsOf(LocalDate date) const;
  void AppendDate(LocalDate date, std::vector<Stretch>* out) const;
  /// The last closing of the windows that start on the date; kNever when there are none.
  InstantMs ClosingOf(LocalDate date) const;

  CalendarSpec spec_;
  Zone zone_;
  bool always_open_ = false;
  WeeklyWindows weekly_;  ///< sorted and merged, ends past midnight as > 1440
  std::map<LocalDate, std::vector<DayWindow>> overrides_;
  std::vector<DayWindow> closed_;
  WindowIndex index_;
};

/// Checks windows of one weekday or date and adds what is wrong with them, under `field[i]`.
void CheckWindows(const std::vector<DayWindow>& windows, const std::string& field,
                  std::vector<FieldViolation>* findings);

}  // namespace escalon

#include "common/domain/calendar.h"

#include <algorithm>
#include <utility>

namespace escalon {
namespace {

constexpr int kDayMinutes = 1440;
/// Longer ranges of working days lie outside the index in any case.
constexpr int64_t kMostDays = 400'000;
constexpr int kHorizonDays = 3660;

/// Sorted and joined, with ends past midnight written as more than 1440.
std::vector<DayWindow> Normalized(std::vector<DayWindow> windows) {
  for (DayWindow& w : windows) {
    if (w.end <= w.start) w.end += kDayMinutes;
  }
  std::sort(windows.begin(), windows.end());
  std::vector<DayWindow> merged;
  for (const DayWindow& w : windows) {
    if (!merged.empty() && w.start <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, w.end);
    } else {
      merged.push_back(w);
    }
  }
  return merged;
}

/// No weekday ends before the next one begins.
bool NeverCloses(const WeeklyWindows& weekly) {
  for (size_t day = 0; day < 7; ++day) {
    const auto& today = weekly[day];
    const auto& tomorrow = weekly[(day + 1) % 7];
    if (today.size() != 1 || tomorrow.empty() || today[0].end < kDayMinutes + tomorrow[0].start) return false;
  }
  return true;
}

InstantMs ForeverOpenFrom(const CalendarSpec& spec, const WeeklyWindows& weekly, const Zone& zone) {
  if (!NeverCloses(weekly)) return kNever;
  LocalDate last(1600, 1, 1);
  if (!spec.holidays.empty()) last = std::max(last, *spec.holidays.rbegin());
  if (!spec.overrides.empty()) last = std::max(last, spec.overrides.rbegin()->first);
  return zone.EndAt({last + 2, 0});
}

std::string Path(std::string_view field, std::string_view rest) {
  return field.empty() ? std::string(rest) : std::string(field) + "." + std::string(rest);
}

}  // namespace

void CheckWindows(const std::vector<DayWindow>& windows, const std::string& field,
                  std::vector<FieldViolation>* findings) {
  for (size_t i = 0; i < windows.size(); ++i) {
    const DayWindow& w = windows[i];
    const std::string at = field + "[" + std::to_string(i) + "]";
    if (w.start < 0 || w.start >= kDayMinutes) {
      findings->push_back({at, "start must be a clock time from 00:00 to 23:59"});
    } else if (w.end < 0 || w.end > kDayMinutes) {
      findings->push_back({at, "end must be a clock time from 00:00 to 24:00"});
    } else if (w.start == w.end) {
      findings->push_back({at, "start equals end; for a whole day write [\"00:00\",\"24:00\"]"});
    }
  }
}

Result<std::shared_ptr<const Calendar>> Calendar::Build(CalendarSpec spec, std::string_view field) {
  std::vector<FieldViolation> findings;
  Result<Zone> zone = Zone::Load(spec.timezone, Path(field, "timezone"));
  if (!zone) findings = zone.error().fields;
  for (size_t day = 0; day < 7; ++day)
    CheckWindows(spec.weekly[day], Path(field, "weekly.") + std::string(kWeekdayNames[day]), &findings);
  for (const auto& [date, windows] : spec.overrides)
    CheckWindows(windows, Path(field, "overrides.") + FormatLocalDate(date), &findings);
  if (!findings.empty()) {
    Error error = InvalidField(findings.front().field, findings.front().message);
    error.fields = std::move(findings);
    return error;
  }
  return std::shared_ptr<const Calendar>(new Calendar(std::move(spec), *zone));
}

std::shared_ptr<const Calendar> Calendar::AlwaysOpen() {
  CalendarSpec spec{"UTC", {}, {}, {}};
  spec.weekly.fill({DayWindow{0, kDayMinutes}});
  return std::shared_ptr<const Calendar>(new Calendar(std::move(spec), Zone()));
}

Calendar::Calendar(CalendarSpec spec, Zone zone)
    : spec_(std::move(spec)),
      zone_(zone),
      weekly_([this] {
        WeeklyWindows weekly;
        for (size_t day = 0; day < 7; ++day) weekly[day] = Normalized(spec_.weekly[day]);
        return weekly;
      }()),
      index_(
          [this](InstantMs from, InstantMs to, std::vector<Stretch>* out) {
            // A window ends at most two dates after its own; the rest is room for zones that skip or repeat a date.
            const LocalDate last = zone_.DateAt(to) + 2;
            for (LocalDate date = zone_.DateAt(from) - 4; date <= last; ++date) AppendDate(date, out);
          },
          ForeverOpenFrom(spec_, weekly_, zone_)) {
  for (const auto& [date, windows] : spec_.overrides) overrides_.emplace(date, Normalized(windows));
  always_open_ = NeverCloses(weekly_) && spec_.holidays.empty() && spec_.overrides.empty();
}

const std::vector<DayWindow>& Calendar::WindowsOf(LocalDate date) const {
  if (spec_.holidays.contains(date)) return closed_;
  if (const auto it = overrides_.find(date); it != overrides_.end()) return it->second;
  return weekly_[static_cast<size_t>(WeekdayIndex(date))];
}

void Calendar::AppendDate(LocalDate date, std::vector<Stretch>* out) const {
  for (const DayWindow& w : WindowsOf(date)) {
    const Stretch stretch{zone_.StartAt({date, w.start * kMinuteMs}), zone_.EndAt({date, w.end * kMinuteMs})};
    if (stretch.from < stretch.to) out->push_back(stretch);
  }
}

bool Calendar::IsWorkingDay(LocalDate date) const { return ClosingOf(date) != kNever; }

InstantMs Calendar::ClosingOf(LocalDate date) const {
  const std::vector<DayWindow>& windows = WindowsOf(date);
  for (auto w = windows.rbegin(); w != windows.rend(); ++w) {
    const InstantMs end = zone_.EndAt({date, w->end * kMinuteMs});
    if (zone_.StartAt({date, w->start * kMinuteMs}) < end) return end;
  }
  return kNever;
}

DurationMs Calendar::Elapsed(InstantMs from, InstantMs to) const {
  if (from >= to) return 0;
  if (!always_open_) return index_.Elapsed(from, to);
  DurationMs span;
  return __builtin_sub_overflow(to, from, &span) ? kNever : span;
}

InstantMs Calendar::Add(InstantMs from, DurationMs span) const {
  if (!always_open_) return index_.Add(from, span);
  InstantMs sum;
  return __builtin_add_overflow(from, std::max<DurationMs>(span, 0), &sum) ? kNever : sum;
}

InstantMs Calendar::Subtract(InstantMs from, DurationMs span) const {
  if (!always_open_ || from == kNever) return index_.Subtract(from, span);
  InstantMs difference;
  return __builtin_sub_overflow(from, std::max<DurationMs>(span, 0), &difference) ? kNever : difference;
}

InstantMs Calendar::AddDays(InstantMs at, int64_t days, DaySnap snap) const {
  if (at == kNever || days > kMostDays || days < -kMostDays) return kNever;
  const LocalTime local = zone_.LocalAt(at);
  LocalDate date = local.date;
  if (days != 0 || !IsWorkingDay(date)) {
    const int step = days < 0 ? -1 : 1;
    for (int64_t left = std::max<int64_t>(days < 0 ? -days : days, 1); left > 0; --left) {
      int looked = 0;
      do {
        if (++looked > kHorizonDays) return kNever;
        date += step;
      } while (!IsWorkingDay(date));
    }
  }
  if (snap == DaySnap::kClosing) return ClosingOf(date);
  return date == local.date ? at : zone_.StartAt({date, local.of_day});
}

std::vector<Stretch> Calendar::Segments(InstantMs from, InstantMs to, size_t most) const {
  if (!always_open_) return index_.Segments(from, to, most);
  if (from >= to || most == 0) return {};
  return {{from, to}};
}

}  // namespace escalon

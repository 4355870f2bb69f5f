#include "common/domain/rotation.h"

#include <algorithm>
#include <utility>

namespace escalon {
namespace {

constexpr uint32_t kDaysOfMonthMask = 0x1ffffffe;
constexpr int kMostParticipants = 10'000;
constexpr int kMostShiftLength = 10'000;

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }
int64_t FloorMod(int64_t a, int64_t b) { return a - FloorDiv(a, b) * b; }

int64_t MonthNumber(LocalDate date) { return date.year() * 12 + date.month() - 1; }

/// The same day of the month `months` later; the last day of a shorter month.
LocalDate AddMonths(LocalDate date, int64_t months) {
  const absl::CivilMonth month = absl::CivilMonth(date) + months;
  const LocalDate last = LocalDate(month + 1) - 1;
  return LocalDate(month) + (std::min(date.day(), last.day()) - 1);
}

/// Whole weeks since a fixed first day of a week, in weeks that begin on `week_start`.
int64_t WeekNumber(LocalDate date, int week_start) {
  static constexpr int kMonday = 0;
  const LocalDate monday(1900, 1, 1);
  return FloorDiv(date - (monday + (week_start - kMonday)), 7);
}

std::vector<FieldViolation> Check(const RotationSpec& spec, const std::string& field) {
  using Type = RotationSpec::Type;
  std::vector<FieldViolation> out;
  const auto add = [&](const char* name, std::string message) { out.push_back({field + name, std::move(message)}); };
  if (spec.shift_length < 1 || spec.shift_length > kMostShiftLength)
    add("shift_length", "must be a whole number from 1 to 10000");
  if (spec.participants.size() > kMostParticipants) add("participants", "at most 10000");
  for (size_t i = 0; i < spec.participants.size(); ++i) {
    const auto& group = spec.participants[i];
    if (group.empty() || std::find(group.begin(), group.end(), "") != group.end())
      add(("participants[" + std::to_string(i) + "]").c_str(), "must be a person, or a list of persons");
  }
  if (spec.duration && *spec.duration <= 0) add("duration", "must be longer than 0, or be left out");
  if (spec.days > 0x7f) add("days", "must be a list of weekdays, mon to sun");
  if (spec.days != 0 && spec.type == Type::kHourly)
    add("days", "an hourly rotation takes no weekdays; limit the layer with windows instead");
  if ((spec.days_of_month & ~kDaysOfMonthMask) != 0) add("days_of_month", "must be days from 1 to 28");
  if (spec.days_of_month != 0 && spec.type != Type::kMonthly)
    add("days_of_month", "only a monthly rotation takes days of the month");
  if (spec.days_of_month != 0 && spec.days != 0)
    add("days_of_month", "cannot be combined with days; write one of them");
  if (spec.week_start < 0 || spec.week_start > 6) add("week_start", "must be a weekday, mon to sun");
  if (spec.effective_from && spec.until && *spec.until <= *spec.effective_from)
    add("until", "must be after effective_from");
  if (spec.anchor && (spec.anchor->index < 0 || (!spec.participants.empty() &&
                                                 static_cast<size_t>(spec.anchor->index) >= spec.participants.size())))
    add("anchor.index", "must be a place in participants, counted from 0");
  return out;
}

}  // namespace

Result<Rotation> Rotation::Build(RotationSpec spec, std::string_view field) {
  const std::string prefix = field.empty() ? std::string() : std::string(field) + ".";
  std::vector<FieldViolation> findings = Check(spec, prefix);
  Result<Zone> zone = Zone::Load(spec.timezone, prefix + "timezone");
  if (!zone) findings.insert(findings.begin(), zone.error().fields.begin(), zone.error().fields.end());
  if (!findings.empty()) {
    Error error = InvalidField(findings.front().field, findings.front().message);
    error.fields = std::move(findings);
    return error;
  }
  return Rotation(std::move(spec), *zone);
}

Rotation::Rotation(RotationSpec spec, Zone zone)
    : spec_(std::move(spec)), zone_(zone), start_(zone_.LocalAt(spec_.start)), first_match_(start_.date) {
  if (masked() && !Matches(first_match_)) first_match_ = NextMatch(first_match_);
  if (spec_.anchor) anchor_shift_ = spec_.anchor->index - TurnOf(LastBegunAt(spec_.anchor->at));
}

bool Rotation::Matches(LocalDate date) const {
  if (spec_.days != 0) return (spec_.days >> WeekdayIndex(date) & 1) != 0;
  return (spec_.days_of_month >> date.day() & 1) != 0;
}

LocalDate Rotation::NextMatch(LocalDate date) const {
  do {
    ++date;
  } while (!Matches(date));
  return date;
}

LocalDate Rotation::PreviousMatch(LocalDate date) const {
  do {
    --date;
  } while (!Matches(date));
  return date;
}

int64_t Rotation::MatchingDays(LocalDate from, LocalDate to) const {
  const int64_t days = to - from;
  const int64_t weeks = FloorDiv(days, 7);
  int64_t count = weeks * __builtin_popcount(spec_.days);
  for (LocalDate date = from + weeks * 7; date < to; ++date) count += Matches(date) ? 1 : 0;
  return count;
}

LocalTime Rotation::TurnTime(int64_t turn) const {
  const int64_t steps = turn * spec_.shift_length;
  switch (spec_.type) {
    case RotationSpec::Type::kHourly: {
      const DurationMs of_day = start_.of_day + steps * kHourMs;
      const int64_t days = FloorDiv(of_day, kDayMs);
      return {start_.date + days, of_day - days * kDayMs};
    }
    case RotationSpec::Type::kDaily:
      return {start_.date + steps, start_.of_day};
    case RotationSpec::Type::kWeekly:
      return {start_.date + 7 * steps, start_.of_day};
    case RotationSpec::Type::kMonthly:
      return {AddMonths(start_.date, steps), start_.of_day};
  }
  return start_;
}

Rotation::Position Rotation::PositionOfTurn(int64_t turn) const {
  const LocalTime local = TurnTime(turn);
  return {turn, local, zone_.StartAt(local)};
}

Rotation::Position Rotation::PositionOfDate(LocalDate date) const {
  const LocalTime local{date, start_.of_day};
  return {0, local, zone_.StartAt(local)};
}

Rotation::Position Rotation::Following(const Position& position) const {
  return masked() ? PositionOfDate(NextMatch(position.local.date)) : PositionOfTurn(position.turn + 1);
}

Rotation::Position Rotation::Preceding(const Position& position) const {
  return masked() ? PositionOfDate(PreviousMatch(position.local.date)) : PositionOfTurn(position.turn - 1);
}

Rotation::Position Rotation::LastBegunAt(InstantMs at) const {
  const LocalTime local = zone_.LocalAt(at);
  Position position;
  if (masked()) {
    position = PositionOfDate(Matches(local.date) ? local.date : PreviousMatch(local.date));
  } else {
    int64_t steps = 0;
    switch (spec_.type) {
      case RotationSpec::Type::kHourly:
        steps = FloorDiv((local.date - start_.date) * kDayMs + local.of_day - start_.of_day, kHourMs);
        break;
      case RotationSpec::Type::kDaily:
        steps = local.date - start_.date;
        break;
      case RotationSpec::Type::kWeekly:
        steps = FloorDiv(local.date - start_.date, 7);
        break;
      case RotationSpec::Type::kMonthly:
        steps = MonthNumber(local.date) - MonthNumber(start_.date);
        break;
    }
    position = PositionOfTurn(FloorDiv(steps, spec_.shift_length));
  }
  while (position.begin > at) position = Preceding(position);
  // Of several that begin at the same instant the last one counts: the others were passed over.
  for (Position next = Following(position); next.begin <= at; next = Following(next)) position = next;
  return position;
}

int64_t Rotation::TurnOf(const Position& position) const {
  if (!masked()) return position.turn;
  const LocalDate date = position.local.date;
  int64_t steps = 0;
  switch (spec_.type) {
    case RotationSpec::Type::kHourly:
      break;
    case RotationSpec::Type::kDaily:
      steps = MatchingDays(first_match_, date);
      break;
    case RotationSpec::Type::kWeekly:
      steps = WeekNumber(date, spec_.week_start) - WeekNumber(first_match_, spec_.week_start);
      break;
    case RotationSpec::Type::kMonthly:
      steps = MonthNumber(date) - MonthNumber(first_match_);
      break;
  }
  return FloorDiv(steps, spec_.shift_length);
}

Shift Rotation::ShiftOf(const Position& position) const {
  Shift shift;
  shift.start = position.begin;
  shift.end = Following(position).begin;
  if (spec_.duration || masked()) {
    const DurationMs duration = spec_.duration.value_or(kDayMs);
    shift.end = std::min(shift.end, zone_.EndAt({position.local.date, position.local.of_day + duration}));
  }
  shift.end = std::max(shift.end, shift.start);
  shift.turn = TurnOf(position);
  if (!spec_.participants.empty())
    shift.index =
        static_cast<int>(FloorMod(shift.turn + anchor_shift_, static_cast<int64_t>(spec_.participants.size())));
  return shift;
}

bool Rotation::Clip(Shift* shift) const {
  if (spec_.effective_from) shift->start = std::max(shift->start, *spec_.effective_from);
  if (spec_.until) shift->end = std::min(shift->end, *spec_.until);
  return shift->start < shift->end;
}

std::optional<Shift> Rotation::ShiftAt(InstantMs at) const {
  Shift shift = ShiftOf(LastBegunAt(at));
  if (!Clip(&shift) || at < shift.start || at >= shift.end) return std::nullopt;
  return shift;
}

std::optional<Shift> Rotation::NextShift(InstantMs at) const {
  if (spec_.effective_from && at < *spec_.effective_from) {
    if (std::optional<Shift> shift = ShiftAt(*spec_.effective_from)) return shift;
    at = *spec_.effective_from;
  }
  for (Position next = Following(LastBegunAt(at)); !spec_.until || next.begin < *spec_.until; next = Following(next)) {
    Shift shift = ShiftOf(next);
    if (Clip(&shift)) return shift;
  }
  return std::nullopt;
}

const std::vector<std::string>& Rotation::PeopleOf(const Shift& shift) const {
  return shift.index < 0 ? nobody_ : spec_.participants[static_cast<size_t>(shift.index)];
}

}  // namespace escalon

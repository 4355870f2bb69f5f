#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/domain/zone.h"

namespace escalon {

/// Who takes turns, as a person writes it (calc.md §6). Plain data.
struct RotationSpec {
  enum class Type { kHourly, kDaily, kWeekly, kMonthly };
  struct Anchor {
    InstantMs at = 0;
    int index = 0;  ///< whose turn it is then, from 0
    auto operator<=>(const Anchor&) const = default;
  };

  Type type = Type::kWeekly;
  int shift_length = 1;  ///< a turn, in hours, days, weeks or months
  InstantMs start = 0;   ///< its wall-clock time in `timezone` is the hand-over time; turn 0 begins there
  std::string timezone;
  std::vector<std::vector<std::string>> participants;  ///< in order; an entry is one person or several together
  std::optional<DurationMs>
      duration;                ///< of a shift on the wall clock; default: until the next (with a mask: 24 hours)
  uint8_t days = 0;            ///< mask, bit 0 = Monday; 0: none. Not for hourly
  uint32_t days_of_month = 0;  ///< mask, bit 1 = the 1st … bit 28; 0: none. Only for monthly, not with `days`
  int week_start = 0;          ///< 0 = Monday; of calendar weeks, for a weekly rotation with a mask
  std::optional<InstantMs> effective_from, until;  ///< clip the shifts, never change the order
  std::optional<Anchor> anchor;
  bool operator==(const RotationSpec&) const = default;
};

/// One stretch on call. Half-open.
struct Shift {
  InstantMs start = 0;
  InstantMs end = 0;
  int64_t turn = 0;  ///< counted from the rotation's start, also backwards
  int index = -1;    ///< place in `participants`; -1 when there are none
  auto operator<=>(const Shift&) const = default;
};

/// Whose turn it is (DESIGN §7.12). Immutable, thread-safe, no allocation in questions. Shifts never overlap.
/// An anchor speaks of the turn whose shift had begun last at its instant.
class Rotation {
 public:
  static Result<Rotation> Build(RotationSpec spec, std::string_view field = "rotation");

  /// The shift at an instant, clipped to `effective_from` and `until`; none between shifts.
  std::optional<Shift> ShiftAt(InstantMs at) const;
  /// The first shift that begins after `at`, clipped likewise.
  std::optional<Shift> NextShift(InstantMs at) const;
  /// The people of a shift; empty when there are no participants.
  const std::vector<std::string>& PeopleOf(const Shift& shift) const;
  const RotationSpec& spec() const { return spec_; }

 private:
  /// The beginning of a turn (without a mask), or of the shift of a date (with one).
  struct Position {
    int64_t turn = 0;  ///< without a mask
    LocalTime local;   ///< of the hand-over, before DESIGN §7.4
    InstantMs begin = 0;
  };

  Rotation(RotationSpec spec, Zone zone);
  bool masked() const { return spec_.days != 0 || spec_.days_of_month != 0; }
  bool Matches(LocalDate date) const;
  LocalDate NextMatch(LocalDate date) const;      ///< the first matching date after `date`
  LocalDate PreviousMatch(LocalDate date) const;  ///< the last one before it
  int64_t MatchingDays(LocalDate from,
                       LocalDate to) const;  ///< in [from, to), negative when reversed; weekday masks only
  LocalTime TurnTime(int64_t turn) const;
  Position PositionOfTurn(int64_t turn) const;
  Position PositionOfDate(LocalDate date) const;
  Position Following(const Position& position) const;
  Position Preceding(const Position& position) const;
  Position LastBegunAt(InstantMs at) const;
  int64_t TurnOf(const Position& position) const;
  /// Empty (start = end) when the next one begins at the same instant.
  Shift ShiftOf(const Position& position) const;
  bool Clip(Shift* shift) const;  ///< false: nothing is left

  RotationSpec spec_;
  Zone zone_;
  LocalTime start_;           ///< of the hand-over
  LocalDate first_match_;     ///< with a mask: the first matching date not before the start's
  int64_t anchor_shift_ = 0;  ///< index = (turn + this) mod participants
  std::vector<std::string> nobody_;
};

}  // namespace escalon

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/domain/calendar.h"
#include "common/domain/rotation.h"
#include "common/domain/window_index.h"

namespace escalon {

/// Who is on call, as a person writes it (calc.md §7). Plain data; all spans are half-open.
struct ScheduleSpec {
  struct Layer {
    std::string name;
    int priority = 0;                      ///< 0–1000, the higher wins
    std::vector<std::string> users;        ///< on call together; or
    std::optional<RotationSpec> rotation;  ///< in its own zone
    std::optional<WeeklyWindows> windows;  ///< limit the layer, in the schedule's zone
    std::optional<InstantMs> from, until;
    bool operator==(const Layer&) const = default;
  };
  struct Override {
    InstantMs start = 0, end = 0;
    std::string remove, add;  ///< one or both; both: `add` stands in for `remove` wherever it is on call
    bool operator==(const Override&) const = default;
  };
  struct TemporaryShift {
    InstantMs start = 0, end = 0;
    std::string user;
    bool operator==(const TemporaryShift&) const = default;
  };
  struct Temporary {
    InstantMs start = 0, end = 0;
    std::vector<TemporaryShift> shifts;  ///< clipped to the span
    bool operator==(const Temporary&) const = default;
  };
  struct Absence {
    std::string user;
    std::optional<InstantMs> start, end;
    bool operator==(const Absence&) const = default;
  };

  std::string timezone;
  std::vector<Layer> layers;
  std::vector<Override> overrides;
  std::vector<Temporary> temporary;
  std::vector<Absence> absences;
  bool operator==(const ScheduleSpec&) const = default;
};

/// The final schedule of a span: who is on call when, and where it fails.
struct FinalSchedule {
  struct Segment {
    InstantMs start = 0, end = 0;
    std::vector<std::string> on_call;  ///< sorted, never empty
    bool operator==(const Segment&) const = default;
  };
  std::vector<Segment> segments;   ///< split only where the people change
  std::vector<Stretch> gaps;       ///< nobody is assigned
  std::vector<Stretch> unstaffed;  ///< somebody is assigned, but all are absent
};

/// Layers, overrides, temporary schedules and absences answered as one (DESIGN §7.13). Immutable, thread-safe.
class Schedule {
 public:
  static Result<Schedule> Build(ScheduleSpec spec, std::string_view field = "schedule");
  Schedule(Schedule&&) noexcept;
  Schedule& operator=(Schedule&&) noexcept;
  ~Schedule();

  /// The people on call, sorted by code point, each once. The views live as long as the schedule.
  std::vector<std::string_view> OnCall(InstantMs at) const;
  /// Whether nobody is assigned, all assigned are absent, or somebody is on call.
  enum class Staffing { kGap, kUnstaffed, kStaffed };
  Staffing StaffingAt(InstantMs at) const;
  /// The first instant after `at` at which the people on call change, looking 366 days ahead; kNever when they do not.
  InstantMs NextHandoff(InstantMs at) const;
  /// Clipped to [from, to).
  FinalSchedule Final(InstantMs from, InstantMs to) const;
  /// Stretches of [from, to) in which nobody is on call, assigned or not.
  std::vector<Stretch> Gaps(InstantMs from, InstantMs to) const;
  /// Everybody that may ever be on call, sorted.
  const std::vector<std::string>& people() const;
  const ScheduleSpec& spec() const;

 private:
  struct State;
  explicit Schedule(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

}  // namespace escalon

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/calendar.h"
#include "common/domain/clock_arithmetic.h"

/// The clocks of one case, replayed from its history (DESIGN §7.5–7.10). Plain data in, plain data out: what a clock is
/// comes from clock_arithmetic, what moves it from here.
namespace escalon::calc {

enum class ClockKind : uint8_t { kAcknowledgement, kResponse, kResolution, kUpdate, kCadence, kOwner };
inline constexpr std::array<std::string_view, 6> kClockKinds{"acknowledgement", "response", "resolution",
                                                             "update",          "cadence",  "owner"};
/// A set of kinds, one bit each.
using ClockKinds = uint8_t;
constexpr ClockKinds SetOf(ClockKind kind) { return static_cast<ClockKinds>(1u << static_cast<unsigned>(kind)); }
inline constexpr ClockKinds kEveryKind = 0x3f;
/// Its measurements are runs, each begun by a message.
constexpr bool HasRuns(ClockKind kind) { return kind == ClockKind::kUpdate || kind == ClockKind::kCadence; }

struct HistoryClock {
  ClockKind kind = ClockKind::kResolution;
  std::string name;
  std::optional<Target> target;  ///< none: nothing is measured now
  std::vector<WarningRule> warnings;
  std::optional<InstantMs> start_at;         ///< instead of the opening
  std::shared_ptr<const Calendar> calendar;  ///< its own; none: the history's
};

enum class HistoryAct : uint8_t {
  kOpened,
  kAcknowledged,
  kAgentReply,
  kAutomaticReply,
  kInternalNote,
  kCustomerMessage,
  kPaused,
  kResumed,
  kResolved,
  kClosed,
  kReopened,
  kTargetsChanged,
  kCalendarChanged,
};

struct HistoryEvent {
  InstantMs at = 0;
  HistoryAct act = HistoryAct::kOpened;
  bool by_customer = false;  ///< of kOpened
  ClockKinds stops = 0;      ///< of kPaused: what such a pause stops
  std::vector<std::pair<size_t, std::optional<Target>>>
      targets;                               ///< of kTargetsChanged: place of the clock, its target
  std::shared_ptr<const Calendar> calendar;  ///< of kCalendarChanged
};

struct History {
  std::vector<HistoryClock> clocks;
  std::vector<HistoryEvent> events;          ///< in order of time, the first is kOpened
  std::shared_ptr<const Calendar> calendar;  ///< of clocks without their own; null: around the clock
  InstantMs as_of = 0;                       ///< what happened later is left out
  size_t most_segments = 0;                  ///< 0: no segments
};

enum class ClockState : uint8_t { kNone, kIdle, kRunning, kPaused, kStopped };
enum class StoppedBy : uint8_t { kNothing, kAcknowledged, kAgentReply, kResolved };

/// One measurement. kNever: not known, or not so.
struct RunReading {
  InstantMs started_at = kNever;
  InstantMs stopped_at = kNever;
  StoppedBy stopped_by = StoppedBy::kNothing;
  ClockReading clock;
  InstantMs breached_at = kNever;  ///< the first breach; kNever: none
};

struct HistoryClockReading {
  ClockState state = ClockState::kNone;
  RunReading now;                   ///< of kNone and kIdle: nothing
  std::vector<InstantMs> warnings;  ///< in the order of the clock's
  std::vector<RunReading> runs;     ///< of clocks with runs, unless kNone
  std::vector<Stretch> segments;    ///< that counted so far
};

struct HistoryReading {
  std::vector<HistoryClockReading> clocks;
  std::optional<size_t> next;  ///< the clock that runs and whose deadline is the earliest
  /// A clock whose calendar never opens often enough; then the rest does not matter.
  std::optional<size_t> out_of_reach;
};

HistoryReading ReadHistory(const History& history);

}  // namespace escalon::calc

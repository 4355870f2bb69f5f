#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/calendar.h"

/// Who is told, and when, on one track (DESIGN §7.14): a path walked through a history. Plain data in and out.
namespace escalon::calc {

enum class OnEmpty : uint8_t { kSkip, kHold, kFallBack };

struct WalkStep {
  std::vector<std::string> targets;
  DurationMs wait = 0;  ///< on the calendar
  OnEmpty on_empty = OnEmpty::kSkip;
  std::shared_ptr<const Calendar> calendar;  ///< null: around the clock
  bool skip_outside_hours = false;           ///< else it is held until the opening
};

struct WalkPath {
  static constexpr int kForever = -1;

  std::vector<WalkStep> steps;  ///< at least one
  int repeat = 0;               ///< further passes after the first
  std::optional<DurationMs> lease;
  std::vector<std::string> catch_all, fallback;
};

enum class WalkAct : uint8_t { kAcknowledged, kEscalated, kPathChanged, kResolved };

struct WalkEvent {
  InstantMs at = 0;
  WalkAct act = WalkAct::kAcknowledged;
  std::optional<int> to_step;            ///< of kEscalated, from 1
  std::shared_ptr<const WalkPath> path;  ///< of kPathChanged
};

struct WalkQuestion {
  std::shared_ptr<const WalkPath> path;
  InstantMs start = 0;
  std::vector<WalkEvent> events;  ///< in order of time, none before the start
  InstantMs until = kNever;       ///< moves at this instant still happen
};

struct WalkNotification {
  InstantMs at = 0;
  std::optional<int> step;  ///< from 1; none: the catch-all
  int pass = 1, attempt = 1;
  const std::vector<std::string>* targets = nullptr;  ///< of a path of the question
};

enum class WalkState : uint8_t { kRunning, kAcknowledged, kResolved, kExhausted };
enum class WalkFault : uint8_t { kNone, kTooMuch, kOutOfReach };

struct WalkAnswer {
  std::vector<WalkNotification> notifications;
  WalkState state = WalkState::kRunning;
  int step = 1, pass = 1;      ///< reached
  InstantMs next_at = kNever;  ///< the next automatic move; kNever: none
  InstantMs exhausted_at = kNever;

  /// kTooMuch: more notifications or moves than anybody reads. kOutOfReach: `step` waits on a calendar that does not
  /// open often enough. Then the rest does not matter.
  WalkFault fault = WalkFault::kNone;
  const WalkPath* path = nullptr;  ///< the one walked last
};

inline constexpr size_t kMostNotifications = 10'000;

WalkAnswer WalkThePath(const WalkQuestion& question);

}  // namespace escalon::calc

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/icalendar/reader.h"

namespace escalon::icalendar {

/// One VEVENT as it stands in the file, with its lines unfolded. Private to the room.
struct EventText {
  int line = 0;  ///< of its BEGIN, from 1
  std::string text;
};

inline constexpr size_t kMostLines = 100'000;
inline constexpr size_t kMostEventBytes = 16 * 1024;
inline constexpr size_t kMostEvents = 5'000;
inline constexpr int kMostDepth = 4;

/// The events of a calendar (RFC 5545 §3.1, §3.4), judged by structure alone, before anything is interpreted: refused
/// as a whole, with its line, is what is beyond a limit above or `kMostBytes`, holds control characters, or does not
/// balance BEGIN and END. Other components, and alarms inside of events, are passed over.
Result<std::vector<EventText>> SplitEvents(std::string_view text);

}  // namespace escalon::icalendar

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/domain/civil.h"
#include "common/domain/zone.h"

namespace escalon::icalendar {

/// One occurrence of an event. Both ends are set in any case: of an event at clock times the dates are those on which
/// it begins and, exclusively, after which it ends in its own zone; of an all-day event the instants are its midnights
/// in the zone given for such.
struct Event {
  int line = 0;  ///< of the file, where the event begins
  std::string uid, summary;
  std::string person;              ///< of X-ESCALON-PERSON, as `WriteShifts` puts it; else empty
  std::vector<std::string> mails;  ///< of its attendees and organizer, lower case
  bool all_day = false;
  LocalDate first, after_last;  ///< [first, after_last)
  InstantMs from = 0, to = 0;   ///< [from, to)
  bool operator==(const Event&) const = default;
};

/// What to read: occurrences that begin before `to` and end after `from`.
struct Span {
  LocalDate from, to;
};

struct Contents {
  std::vector<Event> events;             ///< by begin
  std::vector<FieldViolation> findings;  ///< `line 12`: what of the file was left out, why, and what to do; at most 200
};

inline constexpr size_t kMostBytes = 1 << 20;
inline constexpr size_t kMostOccurrences = 20'000;

/// A file of RFC 5545, from anybody: hostile input costs bounded time and memory. Occurrences repeat by the *local*
/// clock, whether DTEND or DURATION gives their length, so that a shift from 09:00 to 17:00 stays one when the clocks
/// change (DESIGN §7.4, §7.12). TZID is an IANA name; `local` is the zone of times without one and of whole days (none:
/// each such time is a finding, whole days are UTC). Cancelled events are left out; an occurrence that RECURRENCE-ID
/// moves is moved. Refused as a whole: beyond the limits of content_lines.h, more than 20,000 occurrences, 200,000
/// steps or 3 rules that never come true. Pure, any thread.
Result<Contents> ReadCalendar(std::string_view text, const Span& span, const std::optional<Zone>& local);

}  // namespace escalon::icalendar

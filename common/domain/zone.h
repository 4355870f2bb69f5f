#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/domain/civil.h"

namespace escalon {

/// What a wall-clock time is as an instant (DESIGN §7.4). In a gap `first` = `last` = the first valid instant after it.
struct ResolvedTime {
  enum class Kind { kUnique, kGap, kAmbiguous };
  Kind kind = Kind::kUnique;
  InstantMs first = 0;
  InstantMs last = 0;
};

/// An IANA time zone. A value, cheap to copy; thread-safe. The only reader of the zone database in the domain.
class Zone {
 public:
  Zone() = default;  ///< UTC
  /// `Europe/Lisbon`, `UTC`. Abbreviations (`CET`), bare offsets and paths are refused.
  static Result<Zone> Load(std::string_view name, std::string_view field = "timezone");

  std::string name() const { return zone_.name(); }
  ResolvedTime Resolve(LocalTime local) const;
  /// As the start of a window, shift or hand-over: the first occurrence.
  InstantMs StartAt(LocalTime local) const { return Resolve(local).first; }
  /// As the end of a window or shift: the last occurrence.
  InstantMs EndAt(LocalTime local) const { return Resolve(local).last; }
  LocalTime LocalAt(InstantMs at) const;
  LocalDate DateAt(InstantMs at) const { return LocalAt(at).date; }
  int OffsetSecondsAt(InstantMs at) const;
  /// `+05:45`, `-03:30`; with seconds only where a historical offset has them.
  std::string OffsetTextAt(InstantMs at) const;
  /// RFC 3339 with this zone's offset; three decimals only when the milliseconds are not 0. UTC writes `Z`.
  std::string Format(InstantMs at) const;

 private:
  explicit Zone(absl::TimeZone zone) : zone_(zone) {}
  absl::TimeZone zone_;
};

}  // namespace escalon

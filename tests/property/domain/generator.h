#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/domain/calendar.h"
#include "common/domain/rotation.h"

namespace escalon::test {

/// Zones that change their clocks in all the ways that matter: whole and half hours, no change, at midnight, over the
/// date line.
inline const std::vector<std::string>& Zones() {
  static const std::vector<std::string> kZones{
      "Europe/Berlin", "America/New_York",  "Australia/Lord_Howe", "Asia/Kolkata",      "America/Sao_Paulo",
      "Pacific/Apia",  "Africa/Casablanca", "Asia/Gaza",           "Pacific/Kwajalein", "UTC"};
  return kZones;
}

/// Random inputs from a fixed seed: a failure comes back.
class Generator {
 public:
  explicit Generator(uint64_t seed) : bits_(seed) {}

  int64_t Between(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(bits_() % static_cast<uint64_t>(most - least + 1));
  }
  bool Chance(int percent) { return Between(1, 100) <= percent; }
  template <typename T>
  const T& Of(const std::vector<T>& items) {
    return items[static_cast<size_t>(Between(0, static_cast<int64_t>(items.size()) - 1))];
  }
  /// Two thirds of the time within three days of a change of the zone's clocks.
  InstantMs Instant(const Zone& zone);
  std::vector<DayWindow> Windows(int most);
  CalendarSpec CalendarNear(InstantMs at);
  RotationSpec Rotation();

 private:
  std::mt19937_64 bits_;
};

std::shared_ptr<const Calendar> BuildCalendar(const CalendarSpec& spec);
/// For messages: what is needed to see a failure again.
std::string Describe(const CalendarSpec& spec);
std::string Describe(const RotationSpec& spec);

}  // namespace escalon::test

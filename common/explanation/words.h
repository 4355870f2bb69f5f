#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "common/domain/calendar.h"
#include "common/domain/policy.h"

namespace escalon::explanation {

// Parts of a policy as people say them. English; pure.

inline constexpr std::array kPriorities{Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4};

std::string Spoken(DurationMs span);        ///< `1 hour 30 minutes`, `2 days`, `no time`
std::string Spoken(const Target& target);   ///< `15 minutes`, `1 business day, until closing`
std::string Spoken(const Condition& when);  ///< `kind is incident and priority is P1`; `every case`
std::string Spoken(const StepTarget& to);   ///< `team desk`; `nobody`
std::string Spoken(const Grant& grant);     ///< `spend up to 500 EUR`; `vendor`; `no vendor`
std::string SpokenGrants(const std::vector<Grant>& grants);
std::string Spoken(const WeeklyWindows& weekly);
/// The id of a calendar: `around the clock` for the empty one.
std::string SpokenCalendar(const std::string& id);
std::string SpokenRegionCalendars(const ClockRule& rule);  ///< `emea on berlin, apac on sydney`
std::string SpokenWarnings(const ClockRule& rule);         ///< `75 % and 15m before the deadline`
std::string SpokenPenalties(const ClockRule& rule);        ///< `500 EUR where contract is gold, else 100 EUR`
/// `a, b and c`
std::string Listed(const std::vector<std::string>& words, const char* last = "and");
/// `of_one_kind` with blanks.
std::string Plain(std::string_view word);

/// One value when all priorities have the same, else `P1: x; P2, P3: y`. Priorities without words are left out.
std::string ByPriority(const std::function<std::string(Priority)>& words);

}  // namespace escalon::explanation

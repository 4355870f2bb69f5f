#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/calc/place.h"
#include "common/core/instant.h"
#include "common/domain/calendar.h"

/// Single values of a query. A reader that meets a fault adds it and returns a value that nobody should use.
namespace escalon::calc {

InstantMs ReadInstant(const Place& place);
DurationMs ReadDuration(const Place& place);
int64_t ReadWhole(const Place& place, int64_t least, int64_t most);
bool ReadFlag(const Place& place);
/// Any non-empty text: a person, a team, a name.
std::string ReadName(const Place& place);
std::vector<std::string> ReadNames(const Place& place);
/// The place in `choices`.
size_t ReadChoice(const Place& place, std::span<const std::string_view> choices);
WeeklyWindows ReadWeekly(const Place& place);
/// None with a fault.
std::shared_ptr<const Calendar> ReadCalendar(const Place& place);

// --- fields of an object
InstantMs RequiredInstant(const Fields& fields, std::string_view name);
std::optional<InstantMs> OptionalInstant(const Fields& fields, std::string_view name);
std::string RequiredName(const Fields& fields, std::string_view name);
/// False when it is absent.
bool OptionalFlag(const Fields& fields, std::string_view name);
/// None when it is absent.
std::shared_ptr<const Calendar> OptionalCalendar(const Fields& fields);
/// Adds the first of an error's findings.
void AddFault(const Error& error, FirstFault* fault);

}  // namespace escalon::calc

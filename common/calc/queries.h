#pragma once

#include <optional>
#include <string_view>

#include "common/calc/answer_form.h"
#include "common/calc/json.h"
#include "common/calc/place.h"

/// The families of queries. Each reads the fields of its query and returns the `result`; with a fault its return does
/// not matter. Pure.
namespace escalon::calc {

using QueryFunction = Json (*)(const Place& query, const AnswerForm& form);
/// Null when no query has the name.
QueryFunction FindQuery(std::string_view name);

Json AddBusinessTime(const Place& query, const AnswerForm& form);
Json SubtractBusinessTime(const Place& query, const AnswerForm& form);
Json BusinessTimeBetween(const Place& query, const AnswerForm& form);
Json IsOpenAt(const Place& query, const AnswerForm& form);
Json NextOpeningAt(const Place& query, const AnswerForm& form);
Json NextClosingAt(const Place& query, const AnswerForm& form);
Json PreviousClosingAt(const Place& query, const AnswerForm& form);
Json AddWorkingDays(const Place& query, const AnswerForm& form);
Json ResolveLocalTime(const Place& query, const AnswerForm& form);
Json AskClocks(const Place& query, const AnswerForm& form);
Json AskRotation(const Place& query, const AnswerForm& form);
Json AskSchedule(const Place& query, const AnswerForm& form);
Json AskPath(const Place& query, const AnswerForm& form);

}  // namespace escalon::calc

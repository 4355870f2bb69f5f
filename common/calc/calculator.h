#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/calc/answer_form.h"

namespace escalon::calc {

/// Longest line of a query, without its end, and deepest nesting.
inline constexpr size_t kMostLineBytes = 1024 * 1024;
inline constexpr int kMostLevels = 100;

struct LineAnswer {
  std::string text;  ///< one line of JSON, without its end; empty for a blank line
  bool refused = false;
};

/// Answers one line of queries by the rules of DESIGN §7 (docs/time.md): whatever the bytes, an answer or an error that
/// names the field, never a throw. `number` is the line's, counted from 1. Pure: nothing is left behind. Any thread.
LineAnswer AnswerLine(std::string_view line, int64_t number, const AnswerForm& form = AnswerForm());

}  // namespace escalon::calc

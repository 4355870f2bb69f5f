#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/runtime/options.h"

namespace escalon::runtime {

/// What an option takes, in words: `an int of 1 to 65535 (bytes)`.
std::string Expected(const Option& option);
/// "" when `text` is a good value of a scalar option, else what is wrong with it (without the value).
std::string CheckScalar(const Option& option, std::string_view text);
std::string CheckList(const Option& option, const std::vector<std::string>& items);
/// Splits at commas, trims spaces, drops empty entries.
std::vector<std::string> SplitList(std::string_view text);
bool ParseInt(std::string_view text, int64_t* value);
bool ParseNumber(std::string_view text, double* value);

}  // namespace escalon::runtime

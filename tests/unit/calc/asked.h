#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "common/calc/calculator.h"

namespace escalon::calc::test {

using Json = nlohmann::json;

/// The answer to a line, as JSON.
Json Ask(std::string_view line);
/// The `result` of a query; what was wrong instead when it was refused.
Json Result(std::string_view query);
/// The field that a query was refused for; "(answered)" when it was not.
std::string FieldOf(std::string_view query);
/// Where `expected` is not contained in `actual`; empty: it is. Objects may have more members, lists may not.
std::string Missing(const Json& expected, const Json& actual, const std::string& at = "");

}  // namespace escalon::calc::test

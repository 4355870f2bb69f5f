#include "tests/unit/calc/asked.h"

namespace escalon::calc::test {

Json Ask(std::string_view line) { return Json::parse(AnswerLine(line, 1).text); }

Json Result(std::string_view query) {
  const Json answer = Ask(query);
  return answer.contains("result") ? answer["result"] : answer["error"];
}

std::string FieldOf(std::string_view query) {
  const Json answer = Ask(query);
  return answer.contains("error") ? answer["error"]["field"].get<std::string>() : "(answered)";
}

std::string Missing(const Json& expected, const Json& actual, const std::string& at) {
  if (expected.is_object() && actual.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      const std::string where = at + "/" + key;
      if (!actual.contains(key)) return where + " is not there\n";
      if (std::string difference = Missing(value, actual[key], where); !difference.empty()) return difference;
    }
    return {};
  }
  if (expected.is_array() && actual.is_array() && expected.size() == actual.size()) {
    for (size_t i = 0; i < expected.size(); ++i) {
      if (std::string difference = Missing(expected[i], actual[i], at + "/" + std::to_string(i)); !difference.empty())
        return difference;
    }
    return {};
  }
  return expected == actual ? "" : at + " is " + actual.dump() + ", not " + expected.dump() + "\n";
}

}  // namespace escalon::calc::test

#include "common/calc/calculator.h"

#include <nlohmann/json.hpp>

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace escalon;
  const std::string_view all = fuzz::TextOf(data, size);
  const calc::LineAnswer answer = calc::AnswerLine(all.substr(0, all.find('\n')), 1);
  if (answer.text.empty()) return 0;
  const auto json = nlohmann::json::parse(answer.text, nullptr, false);
  fuzz::Must(json.is_object(), "an answer is an object of JSON");
  fuzz::Must(json.contains("result") != json.contains("error"), "an answer is a result or an error");
  fuzz::Must(answer.text.find('\n') == std::string::npos, "an answer is one line");
  return 0;
}

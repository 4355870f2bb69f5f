#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/unit/calc/asked.h"

// The examples of the documentation, one a line: {"says", "query", "answer"}. An example shows the interesting fields.

namespace escalon::calc {
namespace {

struct Example {
  std::string file;
  int line = 0;
  test::Json json;
};

std::vector<Example> AllExamples() {
  std::vector<Example> out;
  for (const auto& entry : std::filesystem::directory_iterator(ESCALON_CALC_EXAMPLES)) {
    std::ifstream in(entry.path());
    std::string text;
    for (int line = 1; std::getline(in, text); ++line)
      out.push_back({entry.path().filename().string(), line, test::Json::parse(text)});
  }
  std::sort(out.begin(), out.end(),
            [](const Example& a, const Example& b) { return std::tie(a.file, a.line) < std::tie(b.file, b.line); });
  return out;
}

TEST(Examples, AreAnsweredAsWritten) {
  const std::vector<Example> examples = AllExamples();
  ASSERT_GE(examples.size(), 45u);
  for (const Example& example : examples) {
    SCOPED_TRACE(example.file + ":" + std::to_string(example.line) + ": " + example.json.value("says", ""));
    test::Json expected = example.json["answer"];
    const test::Json actual = test::Ask(example.json["query"].dump());
    // Wordings are free, fields are not.
    if (expected.contains("error")) expected["error"].erase("message");
    EXPECT_EQ(test::Missing(expected, actual), "") << actual.dump(1);
  }
}

}  // namespace
}  // namespace escalon::calc

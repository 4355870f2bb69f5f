#include <gtest/gtest.h>

#include "tests/unit/calc/asked.h"

// The line protocol: what is one query, what is repeated, what is refused, and where the fault is said to be.

namespace escalon::calc {
namespace {

using test::Ask;
using test::FieldOf;

constexpr char kIsOpen[] =
    R"({"query":"business_time.is_open","at":"2030-01-01T00:00:00Z","calendar":{"timezone":"UTC","weekly":{}})";

std::string IsOpen(const std::string& more) { return kIsOpen + more + "}"; }

TEST(Line, RepeatsTheIdWhateverItIs) {
  for (const char* id : {R"("a")", "7", "1.50", "-0.25", "true", "null", R"({"a":[1,{"b":null}]})", "[]",
                         "18446744073709551615", "123456789012345678901234567890", R"("\u0001\"\\/ä")"}) {
    const std::string text = AnswerLine(IsOpen(std::string(R"(,"id":)") + id), 1).text;
    EXPECT_EQ(test::Json::parse(text)["id"], test::Json::parse(id)) << text;
    const std::string refused = AnswerLine(IsOpen(std::string(R"(,"x":1,"id":)") + id), 1).text;
    EXPECT_EQ(test::Json::parse(refused)["id"], test::Json::parse(id)) << refused;
  }
  // Longer than any number: as it was written.
  EXPECT_EQ(AnswerLine(IsOpen(R"(,"id":123456789012345678901234567890)"), 1).text,
            R"({"id":123456789012345678901234567890,"result":{"open":false}})");
}

TEST(Line, HasNoIdWhenTheQueryHadNoneOrCouldNotBeRead) {
  EXPECT_FALSE(Ask(IsOpen("")).contains("id"));
  EXPECT_FALSE(Ask(R"({"id":1,)").contains("id"));
  EXPECT_FALSE(Ask(R"([{"id":1}])").contains("id"));
}

TEST(Line, NumbersErrorsOnly) {
  EXPECT_FALSE(Ask(IsOpen("")).contains("line"));
  EXPECT_EQ(test::Json::parse(AnswerLine("nonsense", 7).text)["line"], 7);
}

TEST(Line, SkipsBlankOnes) {
  for (const char* blank : {"", " ", "\t \r", "\r"}) {
    EXPECT_EQ(AnswerLine(blank, 1).text, "");
    EXPECT_FALSE(AnswerLine(blank, 1).refused);
  }
}

TEST(Line, AllowsSpacesAndTheEndOfALineOfAnotherSystem) {
  EXPECT_EQ(FieldOf("  " + IsOpen("") + " \t\r"), "(answered)");
}

TEST(Line, ThatIsNoObjectIsWrongAsAWhole) {
  for (const char* line : {"x",
                           "5",
                           "null",
                           "[]",
                           "\"query\"",
                           "{",
                           "{}{}",
                           "{} x",
                           "{'a':1}",
                           "{\"a\":1,}",
                           "[1",
                           "\xef",
                           "{\"a\":\"\xff\"}",
                           "{\"a\":01}",
                           "{\"a\":\"\\ud800\"}",
                           "{\"a\":NaN}",
                           "{\"a\":1e999}",
                           "{\"a\":-1e999}",
                           "{\"a\":\"\t\"}",
                           "// {}"})
    EXPECT_EQ(FieldOf(line), "") << line;
}

TEST(Line, WithANulIsWrongWhereverItIs) {
  for (size_t at : {size_t{0}, size_t{1}, IsOpen("").size()}) {
    std::string line = IsOpen("");
    line.insert(at, 1, '\0');
    EXPECT_EQ(FieldOf(line), "") << at;
  }
  EXPECT_EQ(FieldOf(IsOpen(R"(,"id":"\u0000")")), "(answered)");
}

TEST(Line, IsAtMost100LevelsDeep) {
  const auto nested = [](int levels) {
    return IsOpen(R"(,"id":)" + std::string(levels, '[') + std::string(levels, ']'));
  };
  EXPECT_EQ(FieldOf(nested(99)), "(answered)");
  EXPECT_EQ(FieldOf(nested(100)), "");
  EXPECT_EQ(FieldOf(std::string(1'000'000, '[')), "");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(FieldOf(objects), "");
}

TEST(Line, IsAtMost1MiBLong) {
  const std::string query = IsOpen("");
  EXPECT_EQ(FieldOf(query + std::string(kMostLineBytes - query.size(), ' ')), "(answered)");
  EXPECT_EQ(FieldOf(query + std::string(kMostLineBytes + 1 - query.size(), ' ')), "");
}

TEST(Line, NeedsAQueryThatIsKnown) {
  EXPECT_EQ(FieldOf("{}"), "query");
  EXPECT_EQ(FieldOf(R"({"query":null})"), "query");
  EXPECT_EQ(FieldOf(R"({"query":5})"), "query");
  EXPECT_EQ(FieldOf(R"({"query":"business_time"})"), "query");
  EXPECT_EQ(FieldOf(R"({"query":"Path"})"), "query");
}

TEST(Line, RefusesUnknownFieldsBeforeAnythingElse) {
  EXPECT_EQ(FieldOf(IsOpen(R"(,"explain":true)")), "explain");
  EXPECT_EQ(FieldOf(R"({"query":"business_time.is_open","calender":{}})"), "calender");
  EXPECT_EQ(FieldOf(IsOpen(R"(,"explain":null)")), "explain");
}

TEST(Line, RefusesAKeyThatIsThereTwice) {
  EXPECT_EQ(FieldOf(IsOpen(R"(,"at":"2030-01-01T00:00:00Z")")), "at");
  EXPECT_EQ(FieldOf(R"({"query":"business_time.is_open","at":"2030-01-01T00:00:00Z","calendar":
    {"timezone":"UTC","weekly":{"mon":[],"mon":[]}}})"),
            "calendar.weekly.mon");
}

TEST(Line, TakesNullForAbsent) {
  EXPECT_EQ(FieldOf(R"({"query":"business_time.is_open","at":null,"calendar":{"timezone":"UTC","weekly":{}}})"), "at");
  EXPECT_EQ(FieldOf(R"({"query":"business_time.is_open","at":"2030-01-01T00:00:00Z",
    "calendar":{"timezone":"UTC","weekly":{"mon":null},"holidays":null,"overrides":{"2030-01-01":null}}})"),
            "(answered)");
  EXPECT_EQ(FieldOf(R"({"query":"business_time.is_open","at":"2030-01-01T00:00:00Z","calendar":null})"), "calendar");
}

TEST(Line, LeavesNothingBehind) {
  const std::string before = AnswerLine(IsOpen(R"(,"id":1)"), 1).text;
  Ask(R"({"query":"business_time.is_open","id":2,"at":"x"})");
  Ask("{");
  EXPECT_EQ(AnswerLine(IsOpen(R"(,"id":1)"), 4).text, before);
}

TEST(Line, WritesInstantsWithTheOffsetOfAZone) {
  const auto at = [](const char* zone, const char* instant) {
    const std::string line = std::string(R"({"query":"business_time.next_open","at":")") + instant +
                             R"(","calendar":{"timezone":"UTC","weekly":{"mon":[["00:00","24:00"]],
      "tue":[["00:00","24:00"]],"wed":[["00:00","24:00"]],"thu":[["00:00","24:00"]],"fri":[["00:00","24:00"]],
      "sat":[["00:00","24:00"]],"sun":[["00:00","24:00"]]}}})";
    const AnswerForm form(Zone::Load(zone).value());
    return test::Json::parse(AnswerLine(line, 1, form).text)["result"]["at"].get<std::string>();
  };
  EXPECT_EQ(at("Asia/Kolkata", "2030-06-01T00:00:00.007Z"), "2030-06-01T05:30:00.007+05:30");
  EXPECT_EQ(at("America/New_York", "2030-06-01T00:00:00Z"), "2030-05-31T20:00:00-04:00");
  EXPECT_EQ(at("Europe/Lisbon", "2030-12-01T00:00:00Z"), "2030-12-01T00:00:00+00:00");
  EXPECT_EQ(at("UTC", "2030-12-01T00:00:00Z"), "2030-12-01T00:00:00+00:00");
}

}  // namespace
}  // namespace escalon::calc

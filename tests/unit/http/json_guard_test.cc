#include "common/http/json_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace escalon::http {
namespace {

using ::testing::HasSubstr;

std::string FieldOf(std::string_view text, const JsonLimits& limits = {}) {
  const auto result = ParseUntrustedJson(text, limits);
  return result.ok() ? "" : result.error().fields.at(0).field;
}
std::string MessageOf(std::string_view text, const JsonLimits& limits = {}) {
  const auto result = ParseUntrustedJson(text, limits);
  return result.ok() ? "" : result.error().message;
}

TEST(JsonGuardTest, ParsesLikeNlohmann) {
  for (const std::string text :
       {R"({"a":[1,-2,3.5,true,false,null,"x\u00e9\ud83d\udea8"],"b":{"c":{}}})", "[]", "1", R"("x")", " {} ",
        R"([[1,2],[3,[4,{"x":[5]}]],{"y":{"z":[]}}])", "18446744073709551615", "-9223372036854775808"}) {
    const auto result = ParseUntrustedJson(text);
    ASSERT_TRUE(result.ok()) << text;
    EXPECT_EQ(*result, nlohmann::json::parse(text));
  }
}

TEST(JsonGuardTest, NamesWhereAKeyIsGivenTwice) {
  EXPECT_EQ(FieldOf(R"({"facts":{"tags":[{"a":1},{"a":1,"b":2,"a":3}]}})"), "facts.tags[1].a");
  EXPECT_THAT(MessageOf(R"({"a":1,"\u0061":2})"), HasSubstr("twice"));
}

TEST(JsonGuardTest, DepthIsLimitedTo32) {
  const auto nested = [](int depth) {
    return std::string(static_cast<size_t>(depth), '[') + std::string(static_cast<size_t>(depth), ']');
  };
  EXPECT_TRUE(ParseUntrustedJson(nested(32)).ok());
  EXPECT_THAT(MessageOf(nested(33)), HasSubstr("deeper than 32"));
  EXPECT_THAT(MessageOf(std::string(200'000, '[')), HasSubstr("deeper"));
  std::string objects;
  for (int i = 0; i < 40'000; ++i) objects += R"({"a":)";
  EXPECT_THAT(MessageOf(objects), HasSubstr("deeper"));
}

TEST(JsonGuardTest, SizeAndCountAreLimited) {
  EXPECT_THAT(MessageOf("\"" + std::string(300'000, 'x') + "\""), HasSubstr("262144"));
  std::string many = "[0";
  for (int i = 0; i < 60'000; ++i) many += ",0";
  EXPECT_THAT(MessageOf(many + "]"), HasSubstr("50000 values"));
  EXPECT_EQ(FieldOf("[1,2,3]", {.max_values = 3}), "[2]");
}

TEST(JsonGuardTest, InvalidUtf8IsRefusedWithItsPlace) {
  EXPECT_THAT(MessageOf("{\"a\":\"\xff\"}"), HasSubstr("byte 6"));
  EXPECT_THAT(MessageOf("{\"a\":\"\xed\xa0\x80\"}"), HasSubstr("UTF-8"));
  EXPECT_FALSE(ParseUntrustedJson(R"("\ud800")").ok());  // a lone surrogate, escaped
}

TEST(JsonGuardTest, BrokenTextIsAClearError) {
  for (const char* bad :
       {"",   " ",   "{",     "}",        "[1,]", "{\"a\"}",  "{\"a\":}", "{a:1}",   "nul",        "01",          "1e",
        "+1", "'a'", "[1] 2", "\"a\nb\"", "NaN",  "Infinity", "// c\n1",  "\"\\x\"", "{\"a\":1,}", "\xef\xbb\xbf"}) {
    const auto result = ParseUntrustedJson(bad);
    ASSERT_FALSE(result.ok()) << bad;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
    EXPECT_FALSE(result.error().fields.empty());
  }
  EXPECT_THAT(MessageOf("1e999"), HasSubstr("number"));
  EXPECT_EQ(FieldOf(R"({"a":{"b":[1,x]}})"), "a.b[1]");
}

}  // namespace
}  // namespace escalon::http

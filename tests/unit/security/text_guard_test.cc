#include "common/security/text_guard.h"

#include <gtest/gtest.h>

namespace escalon {
namespace {

using namespace std::string_literals;

bool Title(std::string_view text) { return CheckTitle("title", text).ok(); }
bool Long(std::string_view text) { return CheckLongText("text", text).ok(); }
bool Id(std::string_view text, IdKind kind) { return CheckId("id", text, kind).ok(); }

std::string Utf8(uint32_t c) {
  std::string out;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
  return out;
}

TEST(TextGuard, PeoplesTextsPass) {
  for (const char* text :
       {"Printer on fire", "Drucker brennt: Büro 3 – Ärger", "打印机着火了", "الطابعة تحترق", "🖨️🔥 👩‍🚒",
        "می‌خواهم", "<script>alert(1)</script>", "{{7*7}} ${x} %s"}) {
    EXPECT_TRUE(Title(text)) << text;
    EXPECT_TRUE(Long(text)) << text;
  }
  EXPECT_TRUE(Long("a\n\tb\n"));
  EXPECT_TRUE(Long(""));
}

TEST(TextGuard, EveryCodePointIsJudgedByItsClass) {
  for (uint32_t c = 0; c <= 0x10ffff; ++c) {
    const std::string text = "a" + Utf8(c) + "b";
    const bool surrogate = c >= 0xd800 && c <= 0xdfff;
    const bool control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
    const bool noncharacter = (c & 0xffff) >= 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
    const bool never = surrogate || noncharacter || c == 0xfeff;
    const bool bidi = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    ASSERT_EQ(Long(text), !never && (!control || c == '\n' || c == '\t')) << std::hex << c;
    ASSERT_EQ(Title(text), !never && !control && !bidi && c != 0x2028 && c != 0x2029) << std::hex << c;
  }
}

TEST(TextGuard, BytesThatAreNotUtf8AreRefused) {
  for (const auto& bytes : {"\x80"s, "\xc0\x80"s, "\xc1\xbf"s, "\xc3"s, "\xe0\x80\x80"s, "\xe2\x82"s, "\xed\xa0\x80"s,
                            "\xed\xbf\xbf"s, "\xf0\x80\x80\x80"s, "\xf0\x9f\x94"s, "\xf4\x90\x80\x80"s,
                            "\xf5\x80\x80\x80"s, "\xff"s, "\xfe"s, "\xe2\x28\xa1"s, "\xc3\xa4\xa4"s}) {
    EXPECT_FALSE(Long("ok " + bytes)) << testing::PrintToString(bytes);
    EXPECT_FALSE(Long("ok " + bytes + " and more")) << testing::PrintToString(bytes);
    EXPECT_FALSE(Id("ok" + bytes, IdKind::kKey)) << testing::PrintToString(bytes);
  }
}

TEST(TextGuard, TheErrorNamesFieldAndByteAndNotTheText) {
  const Status bidi = CheckTitle("facts.title", "secret \xe2\x80\xae gnp");
  ASSERT_FALSE(bidi);
  EXPECT_EQ(bidi.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(bidi.error().message, "facts.title: byte 7 is U+202E, a bidirectional control character; remove it");
  const Status zero = CheckLongText("text", "ab\0c"s);
  ASSERT_FALSE(zero);
  EXPECT_EQ(zero.error().message.find("text: byte 2 is U+0000"), 0u);
  EXPECT_NE(CheckLongText("text", "ab\xff").error().message.find("byte 2"), std::string::npos);
}

TEST(TextGuard, LimitsAreBytesAndExact) {
  EXPECT_TRUE(CheckTitle("t", std::string(512, 'a')));
  EXPECT_FALSE(CheckTitle("t", std::string(513, 'a')));
  EXPECT_FALSE(CheckTitle("t", "ää", 3));
  EXPECT_TRUE(CheckTitle("t", "ää", 4));
  EXPECT_FALSE(CheckTitle("t", ""));
  EXPECT_FALSE(CheckLongText("t", std::string(10u << 20, '\xff')));
  EXPECT_FALSE(CheckId("t", std::string(10u << 20, 'a'), IdKind::kKey));
}

TEST(TextGuard, EachKindOfIdHasItsCharacters) {
  EXPECT_TRUE(Id("acme-eu_1.test", IdKind::kTenant));
  EXPECT_FALSE(Id("Acme", IdKind::kTenant));
  EXPECT_FALSE(Id("-acme", IdKind::kTenant));
  EXPECT_FALSE(Id(".", IdKind::kTenant));
  EXPECT_FALSE(Id("*", IdKind::kTenant));
  EXPECT_FALSE(Id("a/b", IdKind::kTenant));
  EXPECT_FALSE(Id("аcme", IdKind::kTenant));  // a Cyrillic a
  EXPECT_TRUE(Id(std::string(64, 'a'), IdKind::kTenant));
  EXPECT_FALSE(Id(std::string(65, 'a'), IdKind::kTenant));
  EXPECT_TRUE(Id("L1", IdKind::kName));
  EXPECT_FALSE(Id("L 1", IdKind::kName));
  EXPECT_FALSE(Id("a{b}", IdKind::kName));
  EXPECT_TRUE(Id("mia.lopez+x@acme.example", IdKind::kSubject));
  EXPECT_FALSE(Id("mia lopez", IdKind::kSubject));
  EXPECT_FALSE(Id("mia\n", IdKind::kSubject));
  EXPECT_TRUE(Id("SAP ERP (Büro) / Prod", IdKind::kService));
  EXPECT_FALSE(Id(" SAP", IdKind::kService));
  EXPECT_FALSE(Id("SAP ", IdKind::kService));
  EXPECT_FALSE(Id("{SAP}", IdKind::kService));
  EXPECT_TRUE(Id("region:eu-west-1", IdKind::kTag));
  EXPECT_FALSE(Id("region:}", IdKind::kTag));
  EXPECT_TRUE(Id("{}/{alertname=\"X\"}:{job=\"a b\"}", IdKind::kKey));
  EXPECT_TRUE(Id(std::string(255, 'k'), IdKind::kKey));
  EXPECT_FALSE(Id(std::string(256, 'k'), IdKind::kKey));
  for (const IdKind kind :
       {IdKind::kTenant, IdKind::kName, IdKind::kSubject, IdKind::kService, IdKind::kTag, IdKind::kKey}) {
    EXPECT_FALSE(Id("", kind));
    EXPECT_FALSE(Id("a\0b"s, kind));
    EXPECT_FALSE(Id("a\r\nb", kind));
    for (const uint32_t hidden :
         {0x200bu, 0x200du, 0x200fu, 0x202eu, 0x2060u, 0x2066u, 0xadu, 0xfeffu, 0xe0041u, 0xa0u, 0x2003u, 0x3000u}) {
      EXPECT_FALSE(Id("a" + Utf8(hidden) + "b", kind)) << std::hex << hidden;
    }
  }
}

TEST(TextGuard, NewlinesOfMailAndWindowsBecomeLineFeeds) {
  EXPECT_EQ(NormalizeNewlines("a\r\nb\rc\nd\r\r\n\n\r"), "a\nb\nc\nd\n\n\n\n");
  EXPECT_TRUE(Long(NormalizeNewlines("a\r\nb\r")));
  EXPECT_FALSE(Long("a\r\nb"));
}

}  // namespace
}  // namespace escalon

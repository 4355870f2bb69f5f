#include "common/documents/yaml_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace escalon::documents {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string RefusalOf(std::string_view text) {
  const Result<Node> read = ReadYaml(text);
  return read ? "" : read.error().message;
}

std::string Nested(int depth) {
  return std::string(static_cast<size_t>(depth), '[') + std::string(static_cast<size_t>(depth), ']');
}

TEST(ReadYaml, KeepsTextOrderLinesAndQuotes) {
  const Result<Node> read = ReadYaml("b: 1\na: \"on\"\nlist:\n  - x\n  - ~\n");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->entries.size(), 3u);
  EXPECT_EQ(read->entries[0].key, "b");
  EXPECT_EQ(read->entries[0].value.text, "1");
  EXPECT_FALSE(read->entries[0].value.quoted);
  EXPECT_TRUE(read->entries[1].value.quoted);
  EXPECT_EQ(read->entries[1].line, 2);
  EXPECT_EQ(read->entries[2].value.items[1].kind, Node::Kind::kNull);
  EXPECT_EQ(read->entries[2].value.items[1].line, 5);
}

TEST(ReadYaml, ExpandsAliases) {
  const Result<Node> read = ReadYaml("a: &x {k: [1, 2]}\nb: *x\n");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->entries[1].value.entries[0].value.items[1].text, "2");
}

TEST(ReadYaml, RefusesWhatIsNoYamlAndSaysWhere) {
  EXPECT_THAT(RefusalOf("a: [1, 2\nb: 3"), HasSubstr("line "));
  EXPECT_THAT(RefusalOf("a: b: c"), HasSubstr("line 1"));
  EXPECT_THAT(RefusalOf(""), HasSubstr("empty"));
  EXPECT_THAT(RefusalOf("a: 1\n---\na: 2\n"), HasSubstr("more than one YAML document"));
}

TEST(ReadYaml, RefusesTheSameKeyTwice) {
  EXPECT_THAT(RefusalOf("a: 1\nb: 2\na: 3\n"), AllOf(HasSubstr("line 3"), HasSubstr("line 1"), HasSubstr("\"a\"")));
}

TEST(ReadYaml, RefusesKeysThatAreNoTextMergeKeysAndTags) {
  EXPECT_THAT(RefusalOf("[a, b]: 1\n"), HasSubstr("key must be text"));
  EXPECT_THAT(RefusalOf("a: &x {k: 1}\nb: {<<: *x}\n"), HasSubstr("merge keys"));
  EXPECT_THAT(RefusalOf("a: !!python/object:os.system x\n"), HasSubstr("tag"));
}

TEST(ReadYaml, RefusesControlCharactersAndBrokenUtf8) {
  EXPECT_THAT(RefusalOf("a: 1\nb: \"x\x01\"\n"), HasSubstr("line 2"));
  EXPECT_THAT(RefusalOf("a: \xff\xfe\n"), HasSubstr("UTF-8"));
  EXPECT_THAT(RefusalOf("a: \xc3"), HasSubstr("UTF-8"));
  EXPECT_EQ(RefusalOf("a: Sørensen – 東京\n"), "");
}

TEST(ReadYaml, IsAsDeepAs32AndNoDeeper) {
  EXPECT_EQ(RefusalOf(Nested(kMostDepth)), "");
  EXPECT_THAT(RefusalOf(Nested(kMostDepth + 1)), HasSubstr("nested"));
  EXPECT_NE(RefusalOf(Nested(100'000)), "");
}

TEST(ReadYaml, IsAsLongAsOneMebibyteAndNoLonger) {
  const std::string text = "a: " + std::string(kMostBytes - 3, 'x');
  EXPECT_EQ(RefusalOf(text), "");
  EXPECT_THAT(RefusalOf(text + "x"), HasSubstr("1 MiB"));
}

TEST(ReadYaml, RefusesABombBeforeItIsExpanded) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 8; ++k) bomb += last + ", ";
    bomb += "x]\n";
  }
  EXPECT_THAT(RefusalOf(bomb), AllOf(HasSubstr("line "), HasSubstr("write some of them out")));
}

TEST(ReadYaml, RefusesMoreThanAHundredAliases) {
  std::string text = "a: &a 1\nb: [";
  for (int i = 0; i < kMostAliases; ++i) text += "*a, ";
  EXPECT_EQ(RefusalOf(text + "1]"), "");
  EXPECT_THAT(RefusalOf(text + "*a]"), HasSubstr("aliases"));
}

TEST(ReadYaml, RefusesAnAliasInsideWhatItNames) { EXPECT_NE(RefusalOf("a: &a [1, *a]\n"), ""); }

TEST(ReadYaml, AnAliasMayNotSmuggleInDepth) {
  std::string text = "a: &a " + Nested(20) + "\nb: ";
  for (int i = 0; i < 20; ++i) text += "[";
  text += "*a";
  for (int i = 0; i < 20; ++i) text += "]";
  EXPECT_THAT(RefusalOf(text), HasSubstr("nested"));
}

}  // namespace
}  // namespace escalon::documents

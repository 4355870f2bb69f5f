#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "common/documents/key_census.h"
#include "common/domain/policy_words.h"
#include "tests/unit/documents/schema_tree.h"

namespace escalon {
namespace {

using documents::CensusOfPolicy;
using documents::CensusOfRoster;
using documents::KeyCensus;
using nlohmann::json;
using testing::IsSupersetOf;
using testing::UnorderedElementsAreArray;

std::string TextOf(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str(), "") << path;
  return text.str();
}

/// The published schema beside what the readers ask for in a document that has every key.
struct Document {
  std::string name;  ///< policy, roster
  SchemaTree schema;
  KeyCensus census;

  explicit Document(const std::string& of)
      : name(of),
        schema(json::parse(TextOf(std::filesystem::path(ESCALON_SCHEMAS) / (of + ".schema.json")))),
        census(of == "policy" ? CensusOfPolicy(EveryKey(of)) : CensusOfRoster(EveryKey(of))) {}

  static std::string EveryKey(const std::string& of) {
    return TextOf(std::filesystem::path(ESCALON_EVERY_KEY) / (of + ".yaml"));
  }
  std::string Remedy() const {
    return "keep docs/schema/" + name + ".schema.json, tests/unit/documents/every_key/" + name +
           ".yaml and the readers in common/documents alike";
  }
};

/// Sets whose words no reader knows: see PolicySchema below.
bool IsJudgedByTheDomain(const std::string& pointer) {
  for (const char* place : {"/clockStart/", "/clockStop/", "/communication/properties/on", "/properties/stop_on"}) {
    if (pointer.find(place) != std::string::npos) return true;
  }
  return false;
}

class Schema : public testing::TestWithParam<const char*> {};

TEST_P(Schema, KnowsEveryKeyThatTheReadersTake) {
  const Document document(GetParam());
  EXPECT_GT(document.census.keys.size(), 20u);
  for (const auto& [path, keys] : document.census.keys) {
    const auto alternatives = document.schema.At(path);
    for (const std::string& key : keys) {
      const bool known = std::any_of(alternatives.begin(), alternatives.end(), [&](const json* schema) {
        return schema->value("properties", json::object()).contains(key);
      });
      EXPECT_TRUE(known) << "the schema has no key \"" << key << "\" at \"" << path << "\"; " << document.Remedy();
    }
  }
}

TEST_P(Schema, HasNoKeyThatNoReaderTakes) {
  const Document document(GetParam());
  // By content: the same object written at two places is one.
  std::map<std::string, std::set<std::string>> taken;
  for (const auto& [path, keys] : document.census.keys) {
    for (const json* schema : document.schema.At(path)) taken[schema->dump()].insert(keys.begin(), keys.end());
  }
  for (const auto& [pointer, object] : document.schema.Objects()) {
    for (const auto& [key, below] : (*object)["properties"].items()) {
      EXPECT_TRUE(taken[object->dump()].contains(key))
          << "no reader takes the key \"" << key << "\" of " << pointer << "; " << document.Remedy();
    }
  }
}

TEST_P(Schema, HasTheWordsOfTheReaders) {
  const Document document(GetParam());
  std::set<std::string> seen;
  for (const auto& [path, words] : document.census.words) {
    bool known = false;
    for (const json* schema : document.schema.At(path)) {
      if (!schema->contains("enum")) continue;
      known = true;
      seen.insert(schema->dump());
      EXPECT_THAT((*schema)["enum"].get<std::vector<std::string>>(), UnorderedElementsAreArray(words))
          << path << "; " << document.Remedy();
    }
    EXPECT_TRUE(known) << "the schema has no words at \"" << path << "\"; " << document.Remedy();
  }
  for (const auto& [pointer, set] : document.schema.ClosedSets()) {
    if (IsJudgedByTheDomain(pointer)) continue;
    EXPECT_TRUE(seen.contains(set->dump())) << "no reader has the words of " << pointer << "; " << document.Remedy();
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, Schema, testing::Values("policy", "roster"));

std::vector<std::string> WordsAt(const SchemaTree& schema, const std::string& path) {
  for (const json* alternative : schema.At(path)) {
    if (alternative->contains("enum")) return (*alternative)["enum"].get<std::vector<std::string>>();
  }
  return {};
}

TEST(PolicySchema, HasTheEventsThatTheDomainKnows) {
  const Document document("policy");
  const auto of = [](std::span<const std::string_view> words) {
    return std::vector<std::string>(words.begin(), words.end());
  };
  EXPECT_THAT(WordsAt(document.schema, "communication[0].on"), UnorderedElementsAreArray(of(CommunicationEvents())));
  EXPECT_THAT(WordsAt(document.schema, "clocks.x.start_on"), UnorderedElementsAreArray(of(ClockStartWords())));
  EXPECT_THAT(WordsAt(document.schema, "clocks.x.stop_on"), IsSupersetOf(of(ClockStopWords())));
  EXPECT_THAT(WordsAt(document.schema, "paths.x.functional.stop_on"), UnorderedElementsAreArray(of(TrackStopWords())));
}

}  // namespace
}  // namespace escalon

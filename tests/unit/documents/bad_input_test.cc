#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "common/documents/policy_document.h"
#include "common/documents/roster_document.h"
#include "common/documents/yaml_tree.h"
#include "common/documents/yaml_writer.h"

namespace escalon {
namespace {

using documents::Node;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

std::string Shipped(const std::string& name) {
  std::ifstream file(std::filesystem::path(ESCALON_SHIPPED_POLICIES) / name);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str(), "") << name;
  return text.str();
}

std::string With(std::string text, const std::string& place, const std::string& by) {
  const size_t at = text.find(place);
  EXPECT_NE(at, std::string::npos) << place;
  if (at != std::string::npos) text.replace(at, place.size(), by);
  return text;
}

std::vector<FieldViolation> FaultsOf(const std::string& text) {
  const Result<Policy> policy = ParsePolicy(text, "acme", 1);
  return policy ? std::vector<FieldViolation>{} : policy.error().fields;
}

std::vector<FieldViolation> RosterFaultsOf(const std::string& text) {
  const Result<RosterDocument> roster = ParseRoster(text);
  return roster ? std::vector<FieldViolation>{} : roster.error().fields;
}

auto Fault(const std::string& field, const std::string& message) {
  return AllOf(Field(&FieldViolation::field, field), Field(&FieldViolation::message, HasSubstr(message)));
}

/// Every node of a tree, itself first.
void Collect(Node* node, std::vector<Node*>* out) {
  out->push_back(node);
  for (Node& item : node->items) Collect(&item, out);
  for (Node::Entry& entry : node->entries) Collect(&entry.value, out);
}

Node Text(const std::string& text) {
  Node node;
  node.kind = Node::Kind::kText;
  node.text = text;
  return node;
}

Node Of(Node::Kind kind, std::vector<Node> items = {}) {
  Node node;
  node.kind = kind;
  node.items = std::move(items);
  return node;
}

/// Puts something of another kind in every place, one at a time.
template <typename Parse>
void ExpectSurvivesWrongTypes(const std::string& name, Parse parse) {
  Result<Node> root = documents::ReadYaml(Shipped(name));
  ASSERT_TRUE(root);
  std::vector<Node*> nodes;
  Collect(&*root, &nodes);
  ASSERT_GT(nodes.size(), 50u);
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Node was = *nodes[i];
    for (const Node& other : {Text("-1"), Text("99999999999999999999"), Of(Node::Kind::kNull), Of(Node::Kind::kMap),
                              Of(Node::Kind::kList), Of(Node::Kind::kList, {Of(Node::Kind::kList, {was})})}) {
      Node changed = *root;
      std::vector<Node*> places;
      Collect(&changed, &places);
      *places[i] = other;
      const auto read = parse(documents::WriteYaml(changed));
      if (read) continue;
      ASSERT_FALSE(read.error().fields.empty()) << name;
      for (const FieldViolation& fault : read.error().fields) ASSERT_NE(fault.message, "") << name << fault.field;
    }
  }
}

TEST(BadPolicies, SomethingOfAnotherKindInAnyPlaceIsReadOrRefused) {
  ExpectSurvivesWrongTypes("small-team.yaml", [](const std::string& text) { return ParsePolicy(text, "acme", 1); });
}

TEST(BadRosters, SomethingOfAnotherKindInAnyPlaceIsReadOrRefused) {
  ExpectSurvivesWrongTypes("small-team-roster.yaml", [](const std::string& text) { return ParseRoster(text); });
}

TEST(BadPolicies, FiftyMegabytesAreRefusedByTheirSizeAlone) {
  EXPECT_THAT(FaultsOf(std::string(50u << 20, 'a')), ElementsAre(Fault("", "at most 1 MiB")));
  EXPECT_THAT(RosterFaultsOf(std::string(50u << 20, '[')), ElementsAre(Fault("", "at most 1 MiB")));
}

TEST(BadPolicies, AnchorsByTheThousandAreRefused) {
  std::string text = Shipped("starter.yaml") + "x-anchors:\n";
  for (int i = 0; i < 5000; ++i) text += "  - &a" + std::to_string(i) + " x\n";
  EXPECT_THAT(FaultsOf(text), ElementsAre(Fault("", "write some of them out")));
}

TEST(BadPolicies, ImpossibleDatesAndUnknownZonesAreNamed) {
  const std::string text = Shipped("starter.yaml");
  EXPECT_THAT(FaultsOf(With(text, "2026-12-25", "2026-02-30")),
              ElementsAre(Fault("holidays.public[0]", "must be a date that exists")));
  EXPECT_THAT(FaultsOf(With(text, "Europe/Berlin", "Europe/Atlantis")),
              ElementsAre(Fault("calendars.office.timezone", "IANA")));
  EXPECT_THAT(FaultsOf(With(text, "at: \"2026-11-25T02:00:00+01:00\"", "at: \"2026-11-31T02:00:00+01:00\"")),
              Contains(Fault("tests[0].given.at", "must be an instant")));
  EXPECT_THAT(FaultsOf(With(text, "\"08:00-18:00\"", "\"08:00-25:00\"")),
              ElementsAre(Fault("calendars.office.weekly.mon-fri[0]", "must be hours")));
  EXPECT_THAT(FaultsOf(With(text, "\"08:00-18:00\"", "\"08:00-08:00\"")),
              testing::Each(Field(&FieldViolation::message, HasSubstr("24:00"))));
}

TEST(BadPolicies, PathsThatMatchEquallyAreNamed) {
  EXPECT_THAT(FaultsOf(With(Shipped("complaints.yaml"), "    precedence: 2\n", "    precedence: 1\n")),
              ElementsAre(Fault("paths.complaint.when", "with the same precedence")));
}

TEST(BadPolicies, AClockThatCanNeverStopIsNamed) {
  EXPECT_THAT(FaultsOf(With(Shipped("starter.yaml"), "stop_on: [resolved]", "stop_on: []")),
              ElementsAre(Fault("clocks.resolution.stop_on", "always breaches")));
}

TEST(BadPolicies, PauseStopsNamesClocksThatAreThere) {
  EXPECT_THAT(FaultsOf(Shipped("starter.yaml") + "pause_stops: {customer: [resolutoin]}\n"),
              ElementsAre(Fault("pause_stops.customer[0]", "did you mean \"resolution\"?")));
}

TEST(BadPolicies, TheTableOfPausesAndTheClocksOwnWordsAddUp) {
  const Result<Policy> policy =
      ParsePolicy(Shipped("starter.yaml") + "pause_stops: {customer: [response, resolution]}\n", "acme", 1);
  ASSERT_TRUE(policy);
  for (const ClockRule& rule : policy->clocks) EXPECT_THAT(rule.pausing_reasons, ElementsAre("customer")) << rule.name;
}

TEST(BadRosters, PeopleWhoAreNotThereAreNamedEverywhereAtOnce) {
  std::string text = Shipped("small-team-roster.yaml");
  text = With(text, "manager: marta", "manager: martha");
  text = With(text, "lead: tiago", "lead: thiago");
  EXPECT_THAT(RosterFaultsOf(text),
              testing::IsSupersetOf({Fault("people.rui.manager", "martha"), Fault("teams.support.lead", "thiago")}));
}

}  // namespace
}  // namespace escalon

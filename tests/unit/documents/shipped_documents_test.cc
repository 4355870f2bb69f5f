#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "common/documents/policy_document.h"
#include "common/documents/roster_document.h"
#include "common/domain/policy_roster.h"
#include "common/domain/roster.h"

namespace escalon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string Shipped(const std::string& name) {
  std::ifstream file(std::filesystem::path(ESCALON_SHIPPED_POLICIES) / name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Policy ShippedPolicy(const std::string& name) {
  Result<Policy> policy = ParsePolicy(Shipped(name), "demo", 1);
  if (policy) return *policy;
  for (const FieldViolation& fault : policy.error().fields)
    ADD_FAILURE() << name << ": " << fault.field << ": " << fault.message;
  return {};
}

std::shared_ptr<const Roster> ShippedRoster(const std::string& name) {
  Result<RosterDocument> document = ParseRoster(Shipped(name));
  if (!document) {
    for (const FieldViolation& fault : document.error().fields) ADD_FAILURE() << fault.field << ": " << fault.message;
    return Roster::Empty();
  }
  auto roster = Roster::Build(*document);
  EXPECT_TRUE(roster);
  return roster ? *roster : Roster::Empty();
}

std::shared_ptr<const Roster> ShopRoster() { return ShippedRoster("shop-roster.yaml"); }

/// `complaints.yaml` has people of its own; those without are the shop's.
std::shared_ptr<const Roster> RosterOf(const std::filesystem::path& policy) {
  const std::string own = policy.stem().string() + "-roster.yaml";
  return std::filesystem::exists(policy.parent_path() / own) ? ShippedRoster(own) : ShopRoster();
}

TEST(ShippedPolicies, AllParseWithoutFindingsAndNameOnlyPeopleOfTheRoster) {
  size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ESCALON_SHIPPED_POLICIES)) {
    const std::string name = entry.path().filename().string();
    // The starter is not for a roster of ours.
    if (entry.path().extension() != ".yaml" || name.find("roster") != std::string::npos || name == "starter.yaml") {
      continue;
    }
    ++seen;
    const Policy policy = ShippedPolicy(name);
    for (const FieldViolation& finding : FindingsAgainst(policy, *RosterOf(entry.path()))) {
      ADD_FAILURE() << name << ": " << finding.field << ": " << finding.message;
    }
  }
  EXPECT_GE(seen, 8u);
}

TEST(ShippedRosters, HaveNoWarnings) {
  for (const auto& entry : std::filesystem::directory_iterator(ESCALON_SHIPPED_POLICIES)) {
    const std::string name = entry.path().filename().string();
    if (name.find("roster") == std::string::npos) continue;
    const std::shared_ptr<const Roster> roster = ShippedRoster(name);
    for (const FieldViolation& warning : roster->warnings()) {
      ADD_FAILURE() << name << ": " << warning.field << ": " << warning.message;
    }
  }
}

TEST(ShippedRoster, SomebodyIsOnCallForEveryTeamThatIsPagedAtAnyHour) {
  const auto roster = ShopRoster();
  const InstantMs from = *ParseInstant("2026-01-10T00:00:00Z");
  for (const char* team :
       {"network", "database", "payments", "engineering", "security", "duty-managers", "executives"}) {
    EXPECT_THAT(roster->GapsOf(team, from, from + 28 * kDayMs), IsEmpty()) << team;
  }
  for (InstantMs at = from; at < from + kDayMs; at += kHourMs) {
    EXPECT_THAT(roster->PeopleInRole("service-desk", at), SizeIs(3));
    EXPECT_THAT(roster->PeopleInRole("second-line", at), SizeIs(3));
  }
}

TEST(CustomerLadder, IsExhausted37HoursAnd15MinutesAfterOpening) {
  const Policy policy = ShippedPolicy("customer-ladder.yaml");
  ASSERT_THAT(policy.paths, SizeIs(1));
  DurationMs total = 0;
  for (const PathStep& step : policy.paths[0].functional.steps) {
    total += step.wait.of(Priority::kP3).span;
    EXPECT_EQ(step.wait.of(Priority::kP3), policy.level(step.level)->response) << step.level;
    EXPECT_EQ(step.wait_calendar.of(Priority::kP3), "");
  }
  EXPECT_EQ(total, 37 * kHourMs + 15 * kMinuteMs);
}

TEST(CustomerLadder, EveryLevelHasAllSixColumns) {
  for (const Level& level : ShippedPolicy("customer-ladder.yaml").levels) {
    EXPECT_TRUE(level.response.has_value());
    for (const std::string* column : {&level.authority, &level.issues, &level.resources, &level.decision_rights}) {
      EXPECT_NE(*column, "") << level.id;
    }
  }
}

TEST(Shop, EveryKindHasItsPathAndAnythingElseGoesTheOrdinaryWay) {
  const Policy policy = ShippedPolicy("shop.yaml");
  Case c;
  for (const char* kind : {"incident", "alert", "request", "complaint", "security", "canary"}) {
    Facts facts;
    facts.kind = kind;
    c.facts = std::make_shared<const Facts>(facts);
    ASSERT_NE(ChoosePath(policy, c, nullptr), nullptr);
    EXPECT_EQ(ChoosePath(policy, c, nullptr)->id, kind);
  }
  Facts facts;
  facts.kind = "birthday";
  c.facts = std::make_shared<const Facts>(facts);
  EXPECT_EQ(ChoosePath(policy, c, nullptr)->id, "anything-else");
}

TEST(Shop, CanariesReachNobodyReal) {
  const Policy policy = ShippedPolicy("shop.yaml");
  const auto roster = ShopRoster();
  const Path* path = policy.path("canary");
  ASSERT_NE(path, nullptr);
  EXPECT_THAT(path->hierarchical.triggers, IsEmpty());
  EXPECT_EQ(path->catch_all_team, "canary");
  for (const PathStep& step : path->functional.steps) EXPECT_EQ(step.to.team, "canary");
  ASSERT_THAT(roster->team("canary")->members, ElementsAre("canary"));
  EXPECT_THAT(roster->person("canary")->contacts, ElementsAre(ContactMethod{"log", "canary"}));
}

}  // namespace
}  // namespace escalon

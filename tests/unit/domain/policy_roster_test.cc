#include "common/domain/policy_roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/sample_policy.h"

namespace escalon {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::shared_ptr<const Roster> SampleRoster() {
  RosterDocument document;
  Person& ana = document.people.emplace_back();
  ana.id = "ana";
  ana.skills = {"bgp"};
  ana.contacts = {{"log", "ana"}};
  for (const char* id : {"desk", "duty-managers"}) {
    Team& team = document.teams.emplace_back();
    team.id = id;
    team.members = {"ana"};
  }
  const auto roster = Roster::Build(document);
  EXPECT_TRUE(roster);
  return roster ? *roster : Roster::Empty();
}

std::vector<std::string> FieldsOf(const Policy& policy) {
  std::vector<std::string> fields;
  for (const FieldViolation& finding : FindingsAgainst(policy, *SampleRoster())) fields.push_back(finding.field);
  return fields;
}

TEST(FindingsAgainst, APolicyThatNamesOnlyKnownPeopleHasNone) { EXPECT_THAT(FieldsOf(SamplePolicy()), IsEmpty()); }

TEST(FindingsAgainst, EverybodyUnknownIsNamedWhereTheyStand) {
  Policy policy = SamplePolicy();
  Path& path = policy.paths[0];
  path.functional.steps[0].to.role = "service-desk";
  path.functional.steps[1].to.skills = {"bgp", "cobol"};
  path.hierarchical.triggers[0].to.person = "bob";
  path.catch_all_team = "nobody";
  policy.level_people["L2"].schedule = "duty";
  EXPECT_THAT(FieldsOf(policy), UnorderedElementsAre("paths.everything.functional.steps[0].to.role",
                                                     "paths.everything.functional.steps[1].to.skills",
                                                     "paths.everything.hierarchical.triggers[0].to.person",
                                                     "paths.everything.catch_all", "levels.L2.people.schedule"));
}

TEST(FindingsAgainst, ARegionThatIsANameOnlyNeedsTeamsThatClose) {
  Policy policy = SamplePolicy();
  policy.sun.order = {{"emea", "", ""}, {"amer", "", ""}, {"apac", "", ""}};
  RosterDocument document = SampleRoster()->document();
  document.calendars.push_back({"hours", {}});
  document.calendars[0].spec.timezone = "UTC";
  document.calendars[0].spec.weekly[0] = {{540, 1020}};
  document.teams[0].region = "emea";
  document.teams[0].calendar = "hours";
  document.teams[1].region = "amer";
  const auto roster = Roster::Build(document);
  ASSERT_TRUE(roster);
  std::vector<std::string> fields;
  for (const FieldViolation& finding : FindingsAgainst(policy, **roster)) fields.push_back(finding.field);
  EXPECT_THAT(fields, UnorderedElementsAre("follow_the_sun.order[1]", "follow_the_sun.order[2]"));
}

}  // namespace
}  // namespace escalon

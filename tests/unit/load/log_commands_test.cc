#include "tests/load/log_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/documents/roster_document.h"
#include "common/domain/roster.h"
#include "tests/load/log_roster.h"

namespace escalon::load {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Command = cases::v1::Command;

constexpr const char* kHeader =
    "number,incident_state,sys_updated_at,opened_at,assignment_group,assigned_to,impact,urgency,priority,category,"
    "caller_id,made_sla\n";

std::vector<LogCase> Read(const std::string& rows) {
  Result<std::vector<LogCase>> cases = history::ReadEventLog(kHeader + rows);
  EXPECT_TRUE(cases.ok()) << (cases.ok() ? "" : cases.error().message);
  return cases.ok() ? *cases : std::vector<LogCase>();
}

std::vector<Command::BodyCase> Kinds(const std::vector<Command>& commands) {
  std::vector<Command::BodyCase> out;
  for (const Command& command : commands) out.push_back(command.body_case());
  return out;
}

/// The kinds of all commands of a case, a list a row.
std::vector<std::vector<Command::BodyCase>> Walk(const LogCase& c) {
  ReplayState state;
  state.impact = c.rows.front().impact;
  state.urgency = c.rows.front().urgency;
  state.category = c.rows.front().category;
  std::vector<std::vector<Command::BodyCase>> out;
  for (size_t i = 0; i < c.rows.size(); ++i) out.push_back(Kinds(CommandsOf(c.rows[i], i == 0, &state)));
  return out;
}

TEST(LogRoster, HoldsEverybodyOfTheLog) {
  const auto cases = Read(
      "INC1,New,29/2/2016 01:23,29/2/2016 01:16,Group 56,Resolver 9,?,?,?,?,?,true\n"
      "INC1,New,29/2/2016 01:24,29/2/2016 01:16,Group 57,?,?,?,?,?,?,true\n");
  const Result<RosterDocument> document = ParseRoster(RosterOfLog(cases));
  ASSERT_TRUE(document.ok()) << document.error().message;
  const auto roster = Roster::Build(*document);
  ASSERT_TRUE(roster.ok());
  EXPECT_TRUE((*roster)->IsMember("group-56", "resolver-9"));
  EXPECT_NE((*roster)->team("group-57"), nullptr);
  EXPECT_EQ((*roster)->CatchAll()->id, "duty-managers");
  EXPECT_EQ((*roster)->PeopleInRole("service-desk", 0).size(), 1u);
  EXPECT_EQ((*roster)->OnCallOf("group-56", 0).size(), 1u);
}

TEST(LogCommands, LeadThroughAnOrdinaryLife) {
  const auto cases = Read(
      "INC1,New,29/2/2016 01:23,29/2/2016 01:16,Group 56,?,2 - Medium,2 - Medium,3 - Moderate,C1,Caller 1,true\n"
      "INC1,Active,29/2/2016 02:00,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,2 - Medium,3 - Moderate,C1,Caller "
      "1,true\n"
      "INC1,Active,29/2/2016 02:10,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller 1,true\n"
      "INC1,Awaiting User Info,29/2/2016 03:00,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - "
      "High,C1,Caller 1,true\n"
      "INC1,Awaiting Vendor,29/2/2016 04:00,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller "
      "1,true\n"
      "INC1,Active,29/2/2016 05:00,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller 1,true\n"
      "INC1,Active,29/2/2016 05:30,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller 1,true\n"
      "INC1,Resolved,29/2/2016 06:00,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller "
      "1,true\n"
      "INC1,Active,29/2/2016 07:00,29/2/2016 01:16,Group 57,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller 1,true\n"
      "INC1,Resolved,29/2/2016 08:00,29/2/2016 01:16,Group 57,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller "
      "1,true\n"
      "INC1,Closed,5/3/2016 12:00,29/2/2016 01:16,Group 57,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller 1,true\n"
      "INC1,Closed,5/3/2016 12:01,29/2/2016 01:16,Group 57,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller 1,true\n");
  EXPECT_THAT(Walk(cases[0]),
              ElementsAre(ElementsAre(Command::kAssign), ElementsAre(Command::kAssign, Command::kAcknowledge),
                          ElementsAre(Command::kChangeFacts), ElementsAre(Command::kPause),
                          ElementsAre(Command::kResume, Command::kPause), ElementsAre(Command::kResume),
                          ElementsAre(Command::kAddNote), ElementsAre(Command::kResolve),
                          ElementsAre(Command::kReopen, Command::kAssign, Command::kAcknowledge),
                          ElementsAre(Command::kResolve), ElementsAre(Command::kSourceEnded), IsEmpty()));
}

TEST(LogCommands, CloseACaseThatTheLogKnowsOnlyResolved) {
  const auto cases = Read(
      "INC1,Resolved,29/2/2016 01:23,29/2/2016 01:16,?,?,?,?,?,?,?,true\n"
      "INC1,Closed,5/3/2016 12:00,29/2/2016 01:16,?,?,?,?,?,?,?,true\n");
  EXPECT_THAT(Walk(cases[0]), ElementsAre(ElementsAre(Command::kResolve), ElementsAre(Command::kSourceEnded)));
}

TEST(LogCommands, CloseACaseThatWasNeverResolved) {
  const auto cases = Read(
      "INC1,New,29/2/2016 01:23,29/2/2016 01:16,?,?,?,?,?,?,?,true\n"
      "INC1,Closed,5/3/2016 12:00,29/2/2016 01:16,?,?,?,?,?,?,?,true\n");
  EXPECT_THAT(Walk(cases[0]), ElementsAre(IsEmpty(), ElementsAre(Command::kSourceEnded)));
}

TEST(LogCommands, ReopenACaseThatTheLogClosedTooEarly) {
  const auto cases = Read(
      "INC1,Closed,29/2/2016 01:23,29/2/2016 01:16,?,?,?,?,?,?,?,true\n"
      "INC1,Active,1/3/2016 12:00,29/2/2016 01:16,?,Resolver 1,?,?,?,?,?,true\n"
      "INC1,Closed,5/3/2016 12:00,29/2/2016 01:16,?,Resolver 1,?,?,?,?,?,true\n");
  const auto walk = Walk(cases[0]);
  EXPECT_EQ(walk[0].back(), Command::kSourceEnded);
  EXPECT_EQ(walk[1].front(), Command::kReopen);
  EXPECT_EQ(walk[2].back(), Command::kSourceEnded);
}

TEST(LogCommands, GiveACaseBackToWhoIsKnownWhenTheRowForgetsThem) {
  const auto cases = Read(
      "INC1,Resolved,29/2/2016 01:23,29/2/2016 01:16,Group 56,Resolver 9,?,?,?,?,?,true\n"
      "INC1,Active,1/3/2016 12:00,29/2/2016 01:16,?,?,?,?,?,?,?,true\n");
  ReplayState state;
  static_cast<void>(CommandsOf(cases[0].rows[0], true, &state));
  for (const auto& command : CommandsOf(cases[0].rows[1], false, &state)) {
    if (command.has_assign()) {
      EXPECT_EQ(command.assign().person(), "resolver-9");
    }
  }
}

TEST(LogCommands, NoteARowWhoseStateIsNone) {
  const auto cases = Read(
      "INC1,New,29/2/2016 01:23,29/2/2016 01:16,?,?,?,?,?,?,?,true\n"
      "INC1,-100,1/3/2016 12:00,29/2/2016 01:16,?,?,?,?,?,?,?,true\n");
  EXPECT_THAT(Walk(cases[0]), ElementsAre(IsEmpty(), ElementsAre(Command::kAddNote)));
}

TEST(LogCommands, BearTheInstantOfTheirRow) {
  const auto cases = Read(
      "INC1,New,29/2/2016 01:23,29/2/2016 01:16,?,?,?,?,?,?,?,true\n"
      "INC1,Resolved,1/3/2016 12:00,29/2/2016 01:16,?,?,?,?,?,?,?,true\n");
  ReplayState state;
  const auto commands = CommandsOf(cases[0].rows[1], false, &state);
  ASSERT_EQ(commands.size(), 1u);
  EXPECT_EQ(commands[0].occurred_at().seconds() * 1000, *ParseInstant("2016-03-01T12:00:00Z"));
  EXPECT_EQ(SubmissionOf(cases[0], "desk").occurred_at().seconds() * 1000, *ParseInstant("2016-02-29T01:16:00Z"));
}

}  // namespace
}  // namespace escalon::load

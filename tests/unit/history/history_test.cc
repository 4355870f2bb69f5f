#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lzma.h>

#include <string>
#include <vector>

#include "common/history/case_lines.h"
#include "common/history/csv_reader.h"
#include "common/history/event_log.h"
#include "common/history/unpack.h"

namespace escalon::history {
namespace {

using simulation::Deed;
using simulation::DeedKind;
using simulation::HistoricCase;
using simulation::Kept;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kHeader =
    "number,incident_state,sys_updated_at,opened_at,assignment_group,assigned_to,impact,urgency,priority,category,"
    "caller_id,made_sla\n";

std::vector<DeedKind> Kinds(const HistoricCase& c) {
  std::vector<DeedKind> out;
  for (const Deed& deed : c.deeds) out.push_back(deed.kind);
  return out;
}

std::vector<LogCase> Rows(const std::string& rows) {
  const Result<std::vector<LogCase>> cases = ReadEventLog(kHeader + rows);
  EXPECT_TRUE(cases.ok()) << (cases.ok() ? "" : cases.error().message);
  return cases.ok() ? *cases : std::vector<LogCase>();
}

std::vector<HistoricCase> Read(const std::string& rows) { return HistoryOf(Rows(rows), "itsm", true); }

TEST(Csv, ReadsQuotesLineBreaksAndBothLineEnds) {
  CsvReader reader("a,\"b,c\",\"d\"\"e\"\r\n\r\n\"f\ng\",,h\nlast,\"x\"\r\n");
  std::vector<std::string_view> fields;
  ASSERT_TRUE(reader.Next(&fields));
  EXPECT_THAT(fields, ElementsAre("a", "b,c", "d\"e"));
  EXPECT_EQ(reader.line(), 1);
  ASSERT_TRUE(reader.Next(&fields));
  EXPECT_THAT(fields, ElementsAre("f\ng", "", "h"));
  EXPECT_EQ(reader.line(), 3);
  ASSERT_TRUE(reader.Next(&fields));
  EXPECT_THAT(fields, ElementsAre("last", "x"));
  EXPECT_EQ(reader.line(), 5);
  EXPECT_FALSE(reader.Next(&fields));
}

TEST(Csv, TakesWhatEndsInTheMiddle) {
  CsvReader reader("a,\"b");
  std::vector<std::string_view> fields;
  ASSERT_TRUE(reader.Next(&fields));
  EXPECT_THAT(fields, ElementsAre("a", "b"));
  EXPECT_FALSE(reader.Next(&fields));
}

TEST(EventLog, ReadsTimesInTheLogsZoneAndRefusesWhatIsNone) {
  EXPECT_EQ(*ParseLogTime("29/2/2016 01:16"), *ParseInstant("2016-02-29T01:16:00Z"));
  EXPECT_EQ(*ParseLogTime("2016-12-01 23:59:07"), *ParseInstant("2016-12-01T23:59:07Z"));
  EXPECT_EQ(*ParseLogTime("1/7/2016 12:00", "Europe/Berlin"), *ParseInstant("2016-07-01T10:00:00Z"));
  EXPECT_EQ(*ParseLogTime("2016-07-01T12:00:00+02:00", "America/New_York"), *ParseInstant("2016-07-01T10:00:00Z"));
  for (const char* text :
       {"", "30/2/2016 01:16", "29/2/2016", "29/2/2016 24:00", "2016-13-01 10:00", "29/2/2016 01:16 x"})
    EXPECT_FALSE(ParseLogTime(text).ok()) << text;
}

TEST(EventLog, MakesIdsThatARosterTakes) {
  EXPECT_EQ(IdOf("Group 70"), "group-70");
  EXPECT_EQ(IdOf("Opened by  8"), "opened-by-8");
  EXPECT_EQ(IdOf("?"), "");
}

TEST(EventLog, GathersTheRowsOfACaseInTheirOrder) {
  const auto cases = Rows(
      "INC1,New,29/2/2016 01:23,29/2/2016 01:16,Group 56,?,2 - Medium,1 - High,2 - High,Category 55,Caller 2403,true\n"
      "INC2,Active,29/2/2016 01:30,29/2/2016 01:30,?,Resolver 1,3 - Low,3 - Low,4 - Low,?,?,true\n"
      "INC1,Closed,5/3/2016 12:00,29/2/2016 01:16,Group 56,?,2 - Medium,1 - High,2 - High,Category 55,Caller "
      "2403,false\n");
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[0].rows.size(), 2u);
  EXPECT_EQ(cases[0].rows[0].group, "group-56");
  EXPECT_EQ(cases[0].rows[0].person, "");
  EXPECT_EQ(cases[0].rows[0].urgency, Grade::kHigh);
  EXPECT_FALSE(cases[0].made_sla);
  EXPECT_EQ(cases[0].last_priority, Priority::kP2);
  EXPECT_EQ(cases[1].caller, "");
  EXPECT_EQ(cases[1].rows[0].person, "resolver-1");
}

TEST(EventLog, LeadsThroughAnOrdinaryLife) {
  const auto history = Read(
      "INC1,New,29/2/2016 01:23,29/2/2016 01:16,Group 56,?,2 - Medium,2 - Medium,3 - Moderate,C1,Caller 1,true\n"
      "INC1,Active,29/2/2016 02:00,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,2 - Medium,3 - Moderate,C1,Caller "
      "1,true\n"
      "INC1,Active,29/2/2016 02:10,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller 1,true\n"
      "INC1,Awaiting User Info,29/2/2016 03:00,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - "
      "High,C1,Caller 1,true\n"
      "INC1,Awaiting Vendor,29/2/2016 04:00,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller "
      "1,true\n"
      "INC1,Active,29/2/2016 05:00,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller 1,true\n"
      "INC1,Resolved,29/2/2016 06:00,29/2/2016 01:16,Group 56,Resolver 9,2 - Medium,1 - High,2 - High,C1,Caller "
      "1,true\n"
      "INC1,Active,29/2/2016 07:00,29/2/2016 01:16,Group 57,Resolver 8,2 - Medium,1 - High,2 - High,C1,Caller 1,true\n"
      "INC1,Resolved,29/2/2016 08:00,29/2/2016 01:16,Group 57,Resolver 8,2 - Medium,1 - High,2 - High,C1,Caller "
      "1,true\n"
      "INC1,Closed,5/3/2016 12:00,29/2/2016 01:16,Group 57,Resolver 8,2 - Medium,1 - High,2 - High,C1,Caller 1,false\n"
      "INC1,Closed,5/3/2016 12:01,29/2/2016 01:16,Group 57,Resolver 8,2 - Medium,1 - High,2 - High,C1,Caller "
      "1,false\n");
  ASSERT_EQ(history.size(), 1u);
  const HistoricCase& c = history[0];
  EXPECT_EQ(c.opened_at, *ParseInstant("2016-02-29T01:16:00Z"));
  EXPECT_EQ(c.facts.external_ref, "INC1");
  EXPECT_EQ(c.facts.requester.subject, "caller-1");
  EXPECT_EQ(c.facts.urgency, Grade::kMedium) << "as known at the opening";
  EXPECT_EQ(c.kept, Kept::kNo);
  using enum DeedKind;
  EXPECT_THAT(Kinds(c), ElementsAre(kAssign, kAssign, kAcknowledge, kFacts, kPause, kResume, kPause, kResume, kResolve,
                                    kReopen, kAssign, kAcknowledge, kResolve, kClose));
  EXPECT_EQ(c.deeds[1].person, "resolver-9");
  EXPECT_EQ(c.deeds[4].text, "customer");
  EXPECT_EQ(c.deeds[6].text, "vendor");
  EXPECT_EQ(c.deeds[10].team, "group-57");
}

TEST(EventLog, ACaseThatWasClosedTooEarlyIsReopenedAndClosedAgain) {
  const auto history = Read(
      "INC1,Closed,29/2/2016 01:23,29/2/2016 01:16,?,?,?,?,?,?,?,true\n"
      "INC1,Active,1/3/2016 12:00,29/2/2016 01:16,?,?,?,?,?,?,?,true\n"
      "INC1,-100,2/3/2016 12:00,29/2/2016 01:16,?,?,?,?,?,?,?,true\n"
      "INC1,Closed,5/3/2016 12:00,29/2/2016 01:16,?,?,?,?,?,?,?,true\n");
  EXPECT_THAT(Kinds(history[0]),
              ElementsAre(DeedKind::kClose, DeedKind::kReopen, DeedKind::kAcknowledge, DeedKind::kClose));
}

TEST(EventLog, TimeNeverRunsBackInACase) {
  const auto history = Read(
      "INC1,Active,29/2/2016 05:00,29/2/2016 01:16,?,Resolver 1,?,?,?,?,?,true\n"
      "INC1,Closed,29/2/2016 04:00,29/2/2016 01:16,?,Resolver 1,?,?,?,?,?,true\n");
  ASSERT_EQ(history[0].deeds.size(), 3u);
  EXPECT_EQ(history[0].deeds[2].at, *ParseInstant("2016-02-29T05:00:00Z"));
}

TEST(EventLog, TakesOtherColumnsWordsAndOneRowACase) {
  LogColumns columns;
  ASSERT_TRUE(SetColumn(&columns, "number", "Key"));
  ASSERT_TRUE(SetColumn(&columns, "opened_at", "Created"));
  ASSERT_TRUE(SetColumn(&columns, "changed_at", "Updated"));
  ASSERT_TRUE(SetColumn(&columns, "state", "Status"));
  EXPECT_FALSE(SetColumn(&columns, "colour", "Red"));
  columns.states["in review"] = LogState::kActive;
  const auto log = ReadEventLog(
      "\xef\xbb\xbfKey,Created,Updated,Status\nA-1,2016-02-29 01:16,2016-02-29 02:00,In Review\n", columns);
  ASSERT_TRUE(log.ok()) << log.error().message;
  EXPECT_THAT(Kinds(HistoryOf(*log, "jira", false)[0]), ElementsAre(DeedKind::kAcknowledge));
  EXPECT_EQ(HistoryOf(*log, "jira", false)[0].kept, Kept::kUnknown);

  const auto whole = ReadEventLog(
      "number,opened_at,acknowledged_at,resolved_at,closed_at,assigned_to,impact\n"
      "T1,2016-02-29T01:00:00Z,2016-02-29T01:05:00Z,2016-02-29T02:00:00Z,,ana,high\n");
  ASSERT_TRUE(whole.ok()) << whole.error().message;
  const HistoricCase c = HistoryOf(*whole, "csv", false)[0];
  EXPECT_THAT(Kinds(c), ElementsAre(DeedKind::kAssign, DeedKind::kAcknowledge, DeedKind::kResolve));
  EXPECT_EQ(c.facts.impact, Grade::kHigh);
  EXPECT_EQ(c.deeds[2].at, *ParseInstant("2016-02-29T02:00:00Z"));
}

TEST(EventLog, NamesLineAndColumnOfAFault) {
  const std::string good = "INC1,New,29/2/2016 01:23,29/2/2016 01:16,?,?,?,?,?,?,?,true\n";
  EXPECT_THAT(ReadEventLog(kHeader + good + "INC1,New,soon,29/2/2016 01:16,?,?,?,?,?,?,?,true\n").error().message,
              HasSubstr("line 3, sys_updated_at"));
  EXPECT_THAT(ReadEventLog(kHeader + good + "INC1,New\n").error().message, HasSubstr("line 3"));
  EXPECT_THAT(ReadEventLog("a,b\n1,2\n").error().message, HasSubstr("no column number"));
  EXPECT_THAT(ReadEventLog("number,opened_at\n").error().message, HasSubstr("no column sys_updated_at"));
  EXPECT_FALSE(ReadEventLog("").ok());
  LogColumns nowhere;
  nowhere.zone = "Mars/Olympus";
  EXPECT_FALSE(ReadEventLog(kHeader + good, nowhere).ok());
}

TEST(CaseLines, ReadsEverythingThatACaseAndADeedMayHave) {
  const auto history = ReadCaseLines(
      "# a comment\n\n"
      R"({"ref":"C1","kind":"complaint","title":"Late","impact":"high","urgency":"low","vip":true,"tags":["legal"],)"
      R"("labels":{"shop":"eu"},"requester":"rita","opened_at":"2030-05-06T10:00:00Z","kept":false,"deeds":[)"
      R"({"at":"2030-05-06T12:00:00Z","do":"resolve","by":"ana"},)"
      R"({"at":"2030-05-06T10:05:00Z","do":"assign","team":"network","to":"cho"},)"
      R"({"at":"2030-05-06T10:06:00Z","do":"pause","reason":"customer"},)"
      R"({"at":"2030-05-06T13:00:00Z","do":"rate","score":4}]})"
      "\n");
  ASSERT_TRUE(history.ok()) << history.error().message;
  ASSERT_EQ(history->size(), 1u);
  const HistoricCase& c = (*history)[0];
  EXPECT_EQ(c.facts.kind, "complaint");
  EXPECT_TRUE(c.facts.requester.vip);
  EXPECT_EQ(c.facts.labels.at("shop"), "eu");
  EXPECT_EQ(c.kept, Kept::kNo);
  using enum DeedKind;
  EXPECT_THAT(Kinds(c), ElementsAre(kAssign, kPause, kResolve, kRate)) << "in the order of their instants";
  EXPECT_EQ(c.deeds[0].person, "cho");
  EXPECT_EQ(c.deeds[3].score, 4);
}

TEST(CaseLines, NamesLineAndFieldOfAFault) {
  const auto fault = [](const std::string& line) {
    const auto history = ReadCaseLines("\n" + line);
    return history.ok() ? std::string() : history.error().message;
  };
  EXPECT_THAT(fault("{"), HasSubstr("line 2"));
  EXPECT_THAT(fault("[]"), HasSubstr("one JSON object"));
  EXPECT_THAT(fault("{}"), HasSubstr("opened_at"));
  EXPECT_THAT(fault(R"({"opened_at":"soon"})"), HasSubstr("line 2, opened_at"));
  EXPECT_THAT(fault(R"({"opened_at":"2030-05-06T10:00:00Z","colour":"red"})"), HasSubstr("colour"));
  EXPECT_THAT(fault(R"({"opened_at":"2030-05-06T10:00:00Z","impact":"huge"})"), HasSubstr("high, medium, low"));
  EXPECT_THAT(fault(R"({"opened_at":"2030-05-06T10:00:00Z","deeds":[{"do":"dance"}]})"), HasSubstr("deeds[0].do"));
  EXPECT_THAT(fault(R"({"opened_at":"2030-05-06T10:00:00Z","deeds":[{"do":"resolve"}]})"), HasSubstr("deeds[0].at"));
  EXPECT_THAT(fault(R"({"opened_at":"2030-05-06T10:00:00Z","deeds":[{"at":"2030-05-06T10:00:00Z"}]})"),
              HasSubstr("deeds[0].do"));
  EXPECT_THAT(
      fault(R"({"opened_at":"2030-05-06T10:00:00Z","deeds":[{"at":"2030-05-06T10:00:00Z","do":"rate","score":9}]})"),
      HasSubstr("1 to 5"));
}

std::string Packed(const std::string& text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  size_t filled = 0;
  const lzma_ret packed =
      lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                              reinterpret_cast<uint8_t*>(out.data()), &filled, out.size());
  EXPECT_EQ(packed, LZMA_OK);
  out.resize(filled);
  return out;
}

TEST(Unpack, ReadsXzAndLeavesTheRestAsItIs) {
  const std::string text(3 << 20, 'x');
  EXPECT_EQ(*Unpacked(Packed(text), 10 << 20), text);
  EXPECT_EQ(*Unpacked(Packed("a") + Packed("b"), 100), "ab") << "files joined with cat";
  EXPECT_EQ(*Unpacked("plain", 100), "plain");
}

TEST(Unpack, RefusesWhatIsDamagedCutOffOrTooMuch) {
  const std::string packed = Packed(std::string(3 << 20, 'x'));
  EXPECT_FALSE(Unpacked(packed.substr(0, packed.size() - 20), 10 << 20).ok());
  std::string damaged = packed;
  damaged[packed.size() / 2] = static_cast<char>(damaged[packed.size() / 2] ^ 0x55);
  EXPECT_FALSE(Unpacked(damaged, 10 << 20).ok());
  EXPECT_THAT(Unpacked(packed, 1 << 20).error().message, HasSubstr("more than 1 MiB"));
}

}  // namespace
}  // namespace escalon::history

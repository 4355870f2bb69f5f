#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "services/escalonctl/import/import_preview.h"
#include "services/escalonctl/import/import_rows.h"
#include "services/escalonctl/import/submission_gateway.h"
#include "tests/unit/domain/fixture.h"
#include "tests/unit/escalonctl/shell.h"

namespace escalon::escalonctl {
namespace {

using test::Shell;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kCsv[] =
    "number,short_description,priority,state,assignment_group,assigned_to,opened\n"
    "INC1,Shop is slow,1 - Critical,Active,network,cho,2030-05-04 10:00\n"
    "INC2,\"Printer, again\",3 - Moderate,On hold,desk,,2030-05-06 09:00\n";

ImportMap ServiceDesk() {
  ImportMap map;
  map.source = "itsm";
  for (const auto& [field, column] : std::map<std::string, std::string>{{"external_ref", "number"},
                                                                        {"title", "short_description"},
                                                                        {"standing.priority", "priority"},
                                                                        {"standing.pending", "state"},
                                                                        {"standing.team", "assignment_group"},
                                                                        {"standing.person", "assigned_to"},
                                                                        {"standing.opened_at", "opened"}}) {
    EXPECT_TRUE(SetImportColumn(&map, field, column)) << field;
  }
  map.words["standing.pending"] = {{"active", ""}, {"on hold", "customer"}};
  return map;
}

TEST(ImportRows, ReadsCsvByTheMap) {
  const ImportRows read = ReadImport(kCsv, ServiceDesk());
  ASSERT_THAT(read.faults, IsEmpty());
  ASSERT_EQ(read.rows.size(), 2u);
  const Json& first = read.rows[0].submission;
  EXPECT_EQ(read.rows[0].ref, "INC1");
  EXPECT_EQ(first["source"], "itsm");
  EXPECT_EQ(first["imported"], true);
  EXPECT_EQ(first["idempotency_key"], "import/INC1");
  EXPECT_EQ(first["standing"]["priority"], "PRIORITY_P1");
  EXPECT_EQ(first["standing"]["opened_at"], "2030-05-04T10:00:00Z");
  EXPECT_FALSE(first["standing"].contains("pending"));
  EXPECT_EQ(read.rows[1].submission["title"], "Printer, again");
  EXPECT_EQ(read.rows[1].submission["standing"]["pending"], "customer");
  EXPECT_FALSE(read.rows[1].submission["standing"].contains("person"));
}

TEST(ImportRows, ReadsLinesOfSubmissions) {
  const ImportRows read = ReadImport(
      "# from the old desk\n"
      R"({"external_ref":"A1","title":"One","standing":{"level":"L2","clocks":{"response":"2030-05-06T09:00:00Z"}}})"
      "\n\n"
      R"({"external_ref":"A2","source":"other"})",
      {.columns = {}, .words = {}, .source = "desk"});
  ASSERT_THAT(read.faults, IsEmpty());
  ASSERT_EQ(read.rows.size(), 2u);
  EXPECT_EQ(read.rows[0].line, 2);
  EXPECT_EQ(read.rows[1].submission["source"], "other");
  EXPECT_EQ(read.rows[1].submission["title"], "A2") << "a case needs a title";
  const Result<OpenCase> open = OpenCaseOf(read.rows[0].submission);
  ASSERT_TRUE(open.ok()) << open.error().message;
  EXPECT_EQ(open->standing.level, "L2");
  EXPECT_EQ(open->standing.clocks.at(0).name, "response");
}

TEST(ImportRows, NamesLineFieldAndRemedyOfAllFaultsAtOnce) {
  const ImportRows read = ReadImport(
      "external_ref,standing.priority,standing.opened_at,standing.escalations\n"
      "A1,urgent,2030-05-06T09:00:00Z,1\n"
      "A2,P2,yesterday,many\n"
      ",P2,,\n"
      "A3,P2,,\n"
      "A3,P2,,\n"
      "A4,P2\n",
      {});
  ASSERT_EQ(read.faults.size(), 6u);
  EXPECT_EQ(read.faults[0].field, "line 2: standing.priority");
  EXPECT_THAT(read.faults[0].message, HasSubstr("--word \"standing.priority:urgent=P1\""));
  EXPECT_EQ(read.faults[1].field, "line 3: standing.opened_at");
  EXPECT_EQ(read.faults[2].field, "line 3: standing.escalations");
  EXPECT_EQ(read.faults[3].field, "line 4: external_ref");
  EXPECT_THAT(read.faults[4].message, HasSubstr("comes twice"));
  EXPECT_THAT(read.faults[5].message, HasSubstr("2 fields, the header 4"));
  ImportMap map;
  map.columns["title"] = "no such";
  EXPECT_THAT(ReadImport("external_ref\nA\n", map).faults.at(0).field, HasSubstr("--map title"));
  EXPECT_FALSE(SetImportColumn(&map, "standing.mood", "x"));
}

TEST(ImportPreview, DecidesEveryCaseAndTellsNobody) {
  const escalon::test::World world;
  const ImportRows read = ReadImport(kCsv, ServiceDesk());
  const ImportPreview preview =
      PreviewImport(read.rows, world.policy, *world.roster, escalon::test::kMonday10 + kHourMs);
  ASSERT_THAT(preview.faults, IsEmpty()) << preview.faults[0].field << preview.faults[0].message;
  EXPECT_EQ(preview.cases, 2u);
  EXPECT_EQ(preview.told, 0u);
  EXPECT_EQ(preview.with_person, 1u);
  EXPECT_EQ(preview.waiting, 1u);
  EXPECT_EQ(preview.by_priority.at("P1"), 1u);
  EXPECT_EQ(preview.broken.at("resolution"), 1u);
  EXPECT_EQ(preview.running.at("resolution"), 1u);
}

TEST(ImportPreview, SaysWhichCasesWouldBeRefusedAndWhy) {
  const escalon::test::World world;
  const ImportRows read = ReadImport("external_ref,standing.team\nA1,moon\nA2,desk\n", {});
  const ImportPreview preview = PreviewImport(read.rows, world.policy, *world.roster, escalon::test::kMonday10);
  EXPECT_EQ(preview.cases, 1u);
  ASSERT_EQ(preview.faults.size(), 1u);
  EXPECT_EQ(preview.faults[0].field, "line 2, A1: standing.team");
}

class ImportCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "import_test." + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ofstream(path_) << "external_ref,title\nA1,One\nA2,Two\n";
    std::remove((path_ + ".imported").c_str());
  }
  void TearDown() override {
    std::remove(path_.c_str());
    std::remove((path_ + ".imported").c_str());
  }
  static Json Done(const char* outcome) { return {{"result", {{"case_id", "x"}, {"outcome", outcome}}}}; }

  std::string path_;
  Shell shell_;
};

TEST_F(ImportCommandTest, SendsEveryCaseOnceAndGoesOnAfterAFailure) {
  const Json refused{{"error", {{"code", 8}, {"message", "too many"}}}};
  shell_.services.answers["CaseService/SubmitMany"].push_back(
      Json{{"outcomes", {Done("OUTCOME_KIND_OPENED"), refused}}});
  EXPECT_NE(shell_.Run({"import", path_, "--source", "itsm"}), 0);
  EXPECT_THAT(shell_.out, HasSubstr("1 imported, 0 there already, 1 refused"));
  EXPECT_THAT(shell_.err, HasSubstr("line 3, A2: too many"));
  EXPECT_EQ(shell_.services.last()["submissions"].size(), 2u);

  EXPECT_EQ(shell_.Run({"import", path_, "--source", "itsm"}), 2);
  EXPECT_THAT(shell_.err, HasSubstr("--resume"));

  shell_.services.answers["CaseService/SubmitMany"] = {Json{{"outcomes", {Done("OUTCOME_KIND_ATTACHED")}}}};
  EXPECT_EQ(shell_.Run({"import", path_, "--source", "itsm", "--resume"}), 0);
  EXPECT_THAT(shell_.out, HasSubstr("0 imported, 1 there already, 0 refused"));
  ASSERT_EQ(shell_.services.last()["submissions"].size(), 1u);
  EXPECT_EQ(shell_.services.last()["submissions"][0]["external_ref"], "A2");

  const size_t asked = shell_.services.asked.size();
  EXPECT_EQ(shell_.Run({"import", path_, "--source", "itsm", "--resume"}), 0);
  EXPECT_EQ(shell_.services.asked.size(), asked) << "nothing is left to send";
}

TEST_F(ImportCommandTest, ABadLineSendsNothing) {
  std::ofstream(path_, std::ios::app) << ",Nameless\n";
  EXPECT_EQ(shell_.Run({"import", path_}), 2);
  EXPECT_THAT(shell_.err, HasSubstr("line 4: external_ref"));
  EXPECT_THAT(shell_.services.asked, IsEmpty());
}

}  // namespace
}  // namespace escalon::escalonctl

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/escalonctl/offline/event_gateway.h"
#include "services/escalonctl/report/story_book.h"
#include "tests/unit/domain/fixture.h"
#include "tests/unit/escalonctl/shell.h"

// report, from what `escalonctl dump` writes.

namespace escalon::escalonctl {
namespace {

using escalon::test::World;
using test::Shell;
using ::testing::HasSubstr;

/// A world's history as dump prints it.
std::string DumpOf(const World& world) {
  std::string out;
  uint64_t version = 0;
  for (const EventBatch& batch : world.history) {
    const Json line{{"type", "events"},     {"verdict", "counts"},
                    {"tenant", "acme"},     {"case", world.c().id.ToString()},
                    {"version", ++version}, {"body", BatchJson(batch)}};
    out += line.dump() + "\n";
  }
  return out;
}

/// A P2 that L1 missed and L2 resolved after two hours, with its handling broken once.
void Live(World* world) {
  world->OpenAt(Priority::kP2);
  world->Run(20 * kMinuteMs);  // L1 had a quarter of an hour
  const std::string owner = world->c().owner.person;
  world->Must(Acknowledge{}, world->Human(owner));
  world->Run(100 * kMinuteMs);
  world->Must(Resolve{}, world->Human(owner));
  world->Must(Rate{"resolution", "", 5, ""}, world->Requester());
}

const Json* RowOf(const Json& rows, const std::string& key, const std::string& value) {
  for (const Json& row : rows) {
    if (row.value(key, "") == value) return &row;
  }
  return nullptr;
}

Json ReportOf(Shell* shell, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"report", "--dump", "-", "--format", "json"};
  words.insert(words.end(), more.begin(), more.end());
  EXPECT_EQ(shell->Run(words), 0) << shell->err;
  return Json::parse(shell->out, nullptr, false);
}

TEST(ReportCommand, CountsFromADumpWhatTheLogSays) {
  World world;
  Live(&world);
  Shell shell;
  shell.input = DumpOf(world);
  const Json report = ReportOf(&shell);
  const auto measure = [&report](const char* name) {
    const Json* row = RowOf(report["summary"], "measure", name);
    return row == nullptr ? Json() : (*row)["value"];
  };
  EXPECT_EQ(measure("cases opened"), 1);
  EXPECT_EQ(measure("resolved"), 1);
  EXPECT_EQ(measure("escalations, functional"), 1);
  EXPECT_EQ(measure("escalation rate"), 1.0);
  EXPECT_EQ(measure("resolution time, wall"), 7200.0);
  EXPECT_EQ(measure("CSAT, mean"), 5.0);
  const Json* resolution = RowOf(report["promises"], "clock", "resolution");
  ASSERT_NE(resolution, nullptr);
  EXPECT_EQ((*resolution)["kept"], 1);
  const Json* acknowledgement = RowOf(report["promises"], "clock", "acknowledgement");
  ASSERT_NE(acknowledgement, nullptr);
  EXPECT_EQ((*acknowledgement)["broken"], 1);
  const Json* level = RowOf(report["levels"], "level", "L2");
  ASSERT_NE(level, nullptr);
  EXPECT_EQ((*level)["resolved"], 1);
}

TEST(ReportCommand, TheDumpGivesTheSameStoryAsTheLog) {
  World world;
  Live(&world);
  StoryBook of_log, of_dump;
  uint64_t version = 0;
  for (const EventBatch& batch : world.history) {
    ++version;
    of_log.Take(world.c().id, "acme", version, batch);
    const Result<EventBatch> read = BatchFromJson(BatchJson(batch));
    ASSERT_TRUE(read.ok()) << read.error().message;
    of_dump.Take(world.c().id, "acme", version, *read);
  }
  ASSERT_EQ(of_log.Stories().size(), 1u);
  ASSERT_EQ(of_dump.Stories().size(), 1u);
  const kpi::CaseStory &a = *of_log.Stories()[0], &b = *of_dump.Stories()[0];
  EXPECT_EQ(a.moves.size(), b.moves.size());
  EXPECT_EQ(a.pages.size(), b.pages.size());
  EXPECT_EQ(a.level(), b.level());
  ASSERT_EQ(a.promises.size(), b.promises.size());
  for (size_t i = 0; i < a.promises.size(); ++i) {
    EXPECT_EQ(a.promises[i].name, b.promises[i].name);
    EXPECT_EQ(a.promises[i].due_at, b.promises[i].due_at);
    EXPECT_EQ(a.promises[i].breached_at, b.promises[i].breached_at);
    EXPECT_EQ(a.promises[i].ended_at, b.promises[i].ended_at);
  }
}

TEST(ReportCommand, FiltersAndGroups) {
  World world;
  Live(&world);
  Shell shell;
  shell.input = DumpOf(world);
  EXPECT_EQ(ReportOf(&shell, {"--priority", "P3"})["subtitle"].get<std::string>().substr(0, 2), "0 ");
  shell.input = DumpOf(world);
  const Json grouped = ReportOf(&shell, {"--by", "level", "--kind", "incident"});
  ASSERT_EQ(grouped["groups"].size(), 1u);
  EXPECT_EQ(grouped["groups"][0]["group"], "L2");
  shell.input = DumpOf(world);
  EXPECT_EQ(ReportOf(&shell, {"--from", "2031-01-01T00:00:00Z"})["summary"][0]["value"], 0);
}

TEST(ReportCommand, LeavesOutACaseWithoutItsBeginningAndSaysSo) {
  World world;
  Live(&world);
  const std::string dump = DumpOf(world);
  Shell shell;
  shell.input = dump.substr(dump.find('\n') + 1);
  EXPECT_EQ(ReportOf(&shell)["summary"][0]["value"], 0);
  EXPECT_THAT(shell.err, HasSubstr("1 cases are left out"));
}

TEST(ReportCommand, NamesTheLineThatIsNoRecord) {
  Shell shell;
  shell.input = "\nnonsense\n";
  EXPECT_EQ(shell.Run({"report", "--dump", "-"}), 2);
  EXPECT_THAT(shell.err, HasSubstr("line 2"));
  shell.input = R"({"type":"events","verdict":"counts","case":"x","version":1})";
  EXPECT_EQ(shell.Run({"report", "--dump", "-"}), 2);
  EXPECT_THAT(shell.err, HasSubstr("UUID"));
  shell.input =
      R"({"type":"events","verdict":"counts","case":"01957b2e-6c00-8a13-8000-3f2a7c91d5e0","version":1,"body":{"at":"2030-05-06T10:00:00Z","events":[{"danced":{}}]}})";
  EXPECT_EQ(shell.Run({"report", "--dump", "-"}), 2);
  EXPECT_THAT(shell.err, HasSubstr("events[0]"));
}

}  // namespace
}  // namespace escalon::escalonctl

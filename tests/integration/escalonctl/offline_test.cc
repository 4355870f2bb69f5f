// The offline commands on a real broker and a real Redis: topics, manifest, verify, replay, dump, report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "common/runtime/system_clock.h"
#include "common/view/writer.h"
#include "tests/integration/log/log_test.h"
#include "tests/support/event_waiter.h"
#include "tests/support/redis_server.h"
#include "tests/unit/escalonctl/log_of_world.h"
#include "tests/unit/escalonctl/shell.h"

namespace escalon::escalonctl {
namespace {

using test::ShardLog;
using test::Shell;
using test::World;
using ::testing::HasSubstr;

constexpr int kShard = 0;  ///< of the world's case: its bucket is 7

/// Writes a shard of the live view as its owner does, and waits until it stands.
void WriteView(uint16_t port, int shards, const Position& at, const Case& c) {
  runtime::SystemClock clock;
  runtime::Metrics metrics;
  runtime::LoopThread thread("view", clock);
  view::RedisOptions options;
  options.port = port;
  view::Redis redis(thread.loop(), options, {});
  struct Seen {
    bool viewed = false;
  };
  escalon::test::EventWaiter<Seen> seen;
  view::Writer writer(
      thread.loop(), clock, redis, view::WriterOptions{.generation = 1, .shards = shards},
      [](const Case& it) { return wire::EncodeCase(it); },
      {.viewed = [&](int, const Position&) { seen.Change([](Seen& s) { s.viewed = true; }); },
       .elsewhere = {},
       .deposed = {}},
      metrics);
  redis.Start([&](bool connected) {
    writer.OnConnection(connected);
    if (!connected) return;
    writer.Reset(kShard, at, at.epoch, {c.id}, [&](const CaseId&) { return std::make_shared<const Case>(c); }, {}, {});
  });
  thread.Start();
  EXPECT_TRUE(seen.Wait([](const Seen& s) { return s.viewed; }));
  thread.Stop();
}

/// Until somebody has run a script there.
void AwaitScript(escalon::test::RedisServer& redis) {
  const auto until = std::chrono::steady_clock::now() + escalon::test::kPatience;
  while (std::chrono::steady_clock::now() < until) {
    const Result<std::string> stats = redis.Command({"INFO", "commandstats"});
    if (stats.ok() && stats->find("cmdstat_eval") != std::string::npos) return;
  }
  ADD_FAILURE() << "nobody asked";
}

class OfflineTest : public log::LogTest {
 protected:
  int Run(std::vector<std::string> words, const std::string& timeout = "20s") {
    for (const std::string& word : {std::string("--kafka"), kafka_.brokers, std::string("--prefix"), plan_.prefix,
                                    std::string("--timeout"), timeout}) {
      words.push_back(word);
    }
    return shell_.Run(words);
  }
  void Init() { ASSERT_EQ(Run({"cluster", "init", "--shards", std::to_string(kShards), "--dev"}), 0) << shell_.err; }

  void WriteLog() {
    world_.OpenAt(Priority::kP3);
    world_.Run(9 * kHourMs);
    log_.Write(world_);
    Append(kShard, Records());
  }
  std::vector<log::Record> Records() const {
    std::vector<log::Record> records;
    for (const log::LogEntry& entry : log_.entries) records.push_back(*entry.record);
    return records;
  }

  Shell shell_;
  World world_;
  ShardLog log_;
};

TEST_F(OfflineTest, AClusterIsMadeOnceAndKeepsItsManifest) {
  EXPECT_EQ(Run({"cluster", "show"}), 3) << "none yet";
  EXPECT_THAT(shell_.err, HasSubstr("escalonctl cluster init"));
  Init();
  EXPECT_EQ(Run({"cluster", "init", "--dev", "-o", "json"}), 0)
      << "again, with the shards of the manifest: " << shell_.err;
  EXPECT_EQ(Json::parse(shell_.out)["shards"], kShards);
  EXPECT_EQ(Run({"cluster", "init", "--cell", "3", "--dev"}), 1);
  EXPECT_THAT(shell_.err, HasSubstr("cell: the cluster has 0, asked for is 3"));
  EXPECT_EQ(Run({"topics", "check"}), 0) << shell_.out;
  EXPECT_EQ(Run({"topics", "list"}), 0);
  EXPECT_THAT(shell_.out, HasSubstr("as planned"));
  EXPECT_EQ(Run({"topics", "check", "--generation", "2"}), 5) << "its case topic is missing";
  EXPECT_EQ(Run({"topics", "create", "--shards", "8"}), 1) << "a topic cannot be re-partitioned";
}

TEST_F(OfflineTest, AnHonestLogIsVerifiedReplayedAndDumped) {
  Init();
  WriteLog();
  ASSERT_EQ(Run({"verify", "-o", "json"}), 0) << shell_.err << shell_.out;
  const Json report = Json::parse(shell_.out);
  EXPECT_EQ(report["records"], log_.entries.size());
  EXPECT_EQ(report["cases"], 1);
  EXPECT_EQ(report["shards"], kShards);
  const std::string id = world_.c().id.ToString();
  ASSERT_EQ(Run({"replay", id, "-o", "json"}), 0) << shell_.err;
  const Json versions = Json::parse(shell_.out)["versions"];
  ASSERT_EQ(versions.size(), world_.history.size());
  EXPECT_EQ(versions[0]["kinds"][0], "opened");
  EXPECT_TRUE(versions.back()["chain_verified"].get<bool>());
  ASSERT_EQ(Run({"replay", id, "--until", "2"}), 0);
  EXPECT_THAT(shell_.out, HasSubstr("new > assigned"));
  EXPECT_EQ(Run({"replay", CaseId::Make(1, 7, 0, 77).ToString()}), 3);
  ASSERT_EQ(Run({"dump", "--shard", "0", "--counted"}), 0);
  std::istringstream lines(shell_.out);
  std::string line;
  size_t count = 0;
  for (; std::getline(lines, line); ++count) EXPECT_TRUE(Json::parse(line).contains("verdict"));
  EXPECT_EQ(count, log_.entries.size());
}

TEST_F(OfflineTest, TheReportOfALogIsThatOfItsDump) {
  Init();
  WriteLog();
  ASSERT_EQ(Run({"report", "--format", "json"}), 0) << shell_.err;
  const std::string of_log = shell_.out;
  const Json report = Json::parse(of_log);
  EXPECT_EQ(report["summary"][0]["value"], 1) << "one case was opened";
  EXPECT_FALSE(report["promises"].empty());
  ASSERT_EQ(Run({"dump"}), 0);
  shell_.input = shell_.out;
  ASSERT_EQ(Run({"report", "--dump", "-", "--format", "json"}), 0) << shell_.err;
  EXPECT_EQ(shell_.out, of_log);
}

TEST_F(OfflineTest, DamageIsAFindingWithItsPlace) {
  Init();
  world_.OpenAt(Priority::kP3);
  log_.Write(world_);
  std::vector<log::Record> records = Records();
  records.back().body += std::string("\x08\x01", 2);  // a field more: the hash does not cover it
  Append(kShard, records);
  AppendRaw(1, "nonsense");
  EXPECT_EQ(Run({"verify", "-o", "json"}), 5);
  const Json report = Json::parse(shell_.out);
  EXPECT_FALSE(report["ok"].get<bool>());
  EXPECT_EQ(report["faults"]["broken_chain"], 1) << shell_.out;
  EXPECT_EQ(report["faults"]["undecodable"], 1);
  EXPECT_EQ(report["first_faults"][0]["case"], world_.c().id.ToString());
  EXPECT_EQ(Run({"verify", "--shard", "2"}), 0) << "another shard is well";
  EXPECT_EQ(Run({"verify", "--shard", "99"}), 2);
  EXPECT_EQ(Run({"replay", world_.c().id.ToString()}), 5);
}

TEST_F(OfflineTest, TheLiveViewIsComparedWithTheFold) {
  Init();
  WriteLog();
  const auto redis = escalon::test::RedisServer::Start();
  ASSERT_TRUE(redis.ok()) << redis.error().message;
  EXPECT_EQ(Run({"verify", "--redis", (*redis)->address()}, "3s"), 5) << "the view is empty, the log is not";
  WriteView((*redis)->port(), kShards, log_.End(), log_.Fold(world_.c().id));
  ASSERT_EQ(Run({"verify", "--redis", (*redis)->address(), "-o", "json"}), 0) << shell_.out << shell_.err;
  EXPECT_EQ(Json::parse(shell_.out)["view"]["cases"], 1);
  Case other = log_.Fold(world_.c().id);
  other.owner.person = "nobody";
  ASSERT_TRUE((*redis)->FlushAll().ok());
  WriteView((*redis)->port(), kShards, log_.End(), other);
  EXPECT_EQ(Run({"verify", "--redis", (*redis)->address()}), 5);
  EXPECT_THAT(shell_.out, HasSubstr("differs from the fold"));
  Position beyond = log_.End();
  beyond.offset += 10;
  ASSERT_TRUE((*redis)->FlushAll().ok());
  WriteView((*redis)->port(), kShards, beyond, log_.Fold(world_.c().id));
  EXPECT_EQ(Run({"verify", "--redis", (*redis)->address()}), 5);
  EXPECT_THAT(shell_.out, HasSubstr("but the log ends at"));
}

TEST_F(OfflineTest, AViewThatIsBeingWrittenIsWaitedFor) {
  Init();
  WriteLog();
  const auto redis = escalon::test::RedisServer::Start();
  ASSERT_TRUE(redis.ok()) << redis.error().message;
  std::thread owner([&] {
    AwaitScript(**redis);  // verify has asked, and found nothing
    WriteView((*redis)->port(), kShards, log_.End(), log_.Fold(world_.c().id));
  });
  EXPECT_EQ(Run({"verify", "--redis", (*redis)->address()}), 0) << shell_.out << shell_.err;
  owner.join();
}

TEST_F(OfflineTest, AServerThatIsAwayIsUnavailable) {
  EXPECT_EQ(shell_.Run({"verify", "--kafka", "127.0.0.1:1", "--timeout", "500ms"}), 4);
  EXPECT_EQ(shell_.Run({"cluster", "init", "--kafka", "127.0.0.1:1", "--timeout", "500ms"}), 4);
  Init();
  EXPECT_EQ(shell_.Run({"verify", "--redis", "127.0.0.1:1", "--kafka", kafka_.brokers, "--prefix", plan_.prefix,
                        "--timeout", "3s"}),
            4);
}

}  // namespace
}  // namespace escalon::escalonctl

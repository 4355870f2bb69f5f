#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

using std::filesystem::copy_options;

constexpr std::chrono::seconds kStep{2};
constexpr int kKept = 20;  ///< commands; a case remembers more than that

/// What a restore has to bring back of a case.
struct Standing {
  uint64_t version = 0;
  Digest chain{};
  CaseState state{};
  bool operator==(const Standing&) const = default;
};

std::map<CaseId, Standing> Standings(ClusterLog& log) {
  std::map<CaseId, Standing> out;
  log.With([&](const std::vector<LogOracle>& shards) {
    for (const LogOracle& shard : shards) {
      for (const auto& [id, steps] : shard.cases()) {
        const Case& c = *steps.back().after;
        out[id] = {c.version, c.chain, c.state};
      }
    }
  });
  return out;
}

// Kafka's folder is all that is kept (docs/operations.md, Backup), besides keys and credentials. On another machine,
// with another address and an empty Redis, everything is as it was, and what was asked before is not done again.
TEST_F(Fault, a_cluster_restored_from_its_backup_goes_on_where_it_was) {
  const std::string lost = disks_.path() + "/lost", backup = disks_.path() + "/backup",
                    restored = disks_.path() + "/restored";
  ASSERT_NO_FATAL_FAILURE(OwnBroker(1, "log.dirs=" + lost));
  ClusterOptions options;
  options.policy = TestPolicy({.step = std::to_string(kStep.count()) + "s"});
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  std::vector<std::pair<Command, ports::Answered>> kept;
  Command command = OpenCommand("kept");
  for (int i = 0; i < kKept; ++i) {
    const Result<ports::Answered> answered = gate_->Execute(command);
    ASSERT_TRUE(answered.ok()) << answered.error().message;
    kept.emplace_back(command, *answered);
    command = CommandOn(answered->case_id, LogAttempt{"restarted it", false}, "kept-" + std::to_string(i));
  }

  ASSERT_NO_FATAL_FAILURE(StopServices());
  const auto stopped = std::chrono::steady_clock::now();
  ASSERT_TRUE(cluster().log().CatchUp().ok());
  const std::map<CaseId, Standing> standings = Standings(cluster().log());
  const nlohmann::json proof = Verify(false);
  EXPECT_EQ(proof["fault_count"], 0);
  ASSERT_TRUE(broker().Stop().ok());
  std::filesystem::copy(lost, backup, copy_options::recursive);
  std::filesystem::remove_all(lost);

  ASSERT_NO_FATAL_FAILURE(OwnBroker(1, "log.dirs=" + restored));
  ASSERT_TRUE(broker().Stop().ok());
  std::filesystem::remove_all(restored);
  std::filesystem::copy(backup, restored, copy_options::recursive);
  ASSERT_TRUE(broker().StartAgain().ok());
  const Status moved = cluster().MoveTo(broker().bootstrap());
  ASSERT_TRUE(moved.ok()) << moved.error().message;
  ASSERT_TRUE(cluster().log().CatchUp().ok());
  EXPECT_TRUE(Standings(cluster().log()) == standings) << "a case is not what it was";
  EXPECT_EQ(Verify(false), proof);

  std::this_thread::sleep_until(stopped + 2 * kStep);  // every step that ran is over by then
  ASSERT_NO_FATAL_FAILURE(StartServices());
  for (const auto& [asked, before] : kept) {
    const Result<ports::Answered> again = gate_->Execute(asked);
    ASSERT_TRUE(again.ok()) << asked.command_id << ": " << again.error().message;
    EXPECT_EQ(again->case_id, before.case_id) << asked.command_id;
    EXPECT_EQ(again->version, before.version) << asked.command_id;
  }
  End();
  EXPECT_GE(cluster().log().worst_late_ms(), std::chrono::milliseconds(kStep).count())
      << "no clock was due meanwhile: nothing was tested";
}

}  // namespace
}  // namespace escalon::test

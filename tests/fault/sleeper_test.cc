#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, a_routing_instance_that_slept_past_its_session_is_believed_by_nobody) {
  ClusterOptions options;
  options.routing = 2;
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  for (const char* name : {"routing-0", "routing-1"}) {
    uint64_t fences = 0;
    const auto epochs = [&] {
      uint64_t sum = 0;
      cluster().log().With([&](const std::vector<LogOracle>& shards) {
        for (const LogOracle& shard : shards) sum += shard.reader().position().epoch;
      });
      return sum;
    };
    fences = epochs();
    ASSERT_TRUE(cluster().node(name).Pause().ok());
    // The other one fences what the sleeper owned once the session is over.
    ASSERT_TRUE(cluster().log().WaitFor([&](const std::vector<LogOracle>& shards) {
      uint64_t sum = 0;
      for (const LogOracle& shard : shards) sum += shard.reader().position().epoch;
      return sum > fences;
    })) << "nobody took over from the sleeper";
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
    ASSERT_TRUE(cluster().node(name).Resume().ok());  // with an old epoch in its hands, and commands in its queues
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
    ASSERT_TRUE(cluster().node(name).WaitReady(2 * kPatience).ok());
  }
  End();
}

}  // namespace
}  // namespace escalon::test

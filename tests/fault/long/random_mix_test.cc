#include <cstdlib>

#include "tests/support/fault/load.h"
#include "tests/support/fault/mischief.h"

namespace escalon::test {
namespace {

/// scripts/fault sets them.
uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST_F(Fault, a_random_mix_of_faults_loses_nothing) {
  const uint64_t seed = FromEnvironment("ESCALON_FAULT_SEED", 1);
  const auto time = std::chrono::seconds(FromEnvironment("ESCALON_FAULT_SECONDS", 45));
  ASSERT_NO_FATAL_FAILURE(OwnBroker());
  ClusterOptions options;
  options.routing = 2;
  options.redis_append_only = true;
  options.policy = TestPolicy({.step = "5s"});
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options), {.callers = 4, .at_once = 3}));
  Mischief mischief(cluster(), broker(), seed);
  const Status went = mischief.Run(time);
  ASSERT_TRUE(went.ok()) << "seed " << seed << ": " << went.error().message;
  EXPECT_GT(mischief.done(), 0u);
  const Status ready = cluster().WaitReady(4 * kPatience);
  ASSERT_TRUE(ready.ok()) << "seed " << seed << ": " << ready.error().message;
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
  std::printf("seed %llu: %zu faults\n", static_cast<unsigned long long>(seed), mischief.done());
}

}  // namespace
}  // namespace escalon::test

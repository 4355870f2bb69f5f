#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, redis_emptied_under_load_is_rebuilt) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(cluster().redis().FlushAll().ok());
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  }
  End();
}

TEST_F(Fault, redis_emptied_while_routing_is_down_is_rebuilt_from_the_last_base) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (int shard = 0; shard < cluster().shards(); ++shard) {
    const auto base = gate_->WriteBase(shard);
    ASSERT_TRUE(base.ok()) << base.error().message;
  }
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  ASSERT_TRUE(cluster().node("routing-0").Kill9().ok());
  ASSERT_TRUE(cluster().redis().FlushAll().ok());
  ASSERT_NO_FATAL_FAILURE(KillAndRestart("routing-0"));
  End();
}

}  // namespace
}  // namespace escalon::test

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, kill_9_of_redis_stops_no_accept_and_the_view_comes_back) {
  ClusterOptions options;
  options.redis_append_only = true;
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  ASSERT_TRUE(cluster().redis().Kill9().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());              // decisions go on without Redis
  ASSERT_TRUE(cluster().redis().StartAgain().ok());  // without its last second
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

TEST_F(Fault, a_redis_that_comes_back_empty_is_written_whole) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  ASSERT_TRUE(cluster().redis().Kill9().ok());
  ASSERT_TRUE(cluster().redis().StartAgain().ok());  // it keeps nothing
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

}  // namespace
}  // namespace escalon::test

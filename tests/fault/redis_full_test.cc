#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

// Beyond maxmemory Redis refuses every write. The view stands still then, whole as it was; decisions go on.
TEST_F(Fault, a_full_redis_stops_no_accept_and_its_view_stays_true) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  ASSERT_TRUE(cluster().redis().Command({"CONFIG", "SET", "maxmemory", "1mb"}).ok());
  for (int i = 0; i < 2; ++i) ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  ASSERT_NO_FATAL_FAILURE(KillAndRestart("routing-0"));  // a new owner finds it full
  ASSERT_TRUE(cluster().redis().Command({"CONFIG", "SET", "maxmemory", "0"}).ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

}  // namespace
}  // namespace escalon::test

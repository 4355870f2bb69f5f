#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, redis_that_hangs_stops_no_accept) {
  ClusterOptions options;
  options.settings[""] = {};
  for (const char* service : {"intake", "routing", "sla-timer"}) options.settings[service]["redis.timeout"] = "1s";
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  ASSERT_TRUE(cluster().redis().Pause().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  ASSERT_TRUE(cluster().redis().Resume().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  // And one that forgot its scripts is taught again.
  ASSERT_TRUE(cluster().redis().Command({"SCRIPT", "FLUSH"}).ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

}  // namespace
}  // namespace escalon::test

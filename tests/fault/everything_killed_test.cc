#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, kill_9_of_everything_at_once) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (const std::string& name : cluster().names()) ASSERT_TRUE(cluster().node(name).Kill9().ok());
  for (const std::string& name : cluster().names()) ASSERT_TRUE(cluster().node(name).Start().ok());
  const Status ready = cluster().WaitReady(2 * kPatience);
  ASSERT_TRUE(ready.ok()) << ready.error().message;
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

}  // namespace
}  // namespace escalon::test

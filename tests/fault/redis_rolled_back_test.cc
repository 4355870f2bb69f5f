#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, a_redis_that_falls_back_to_an_older_snapshot_is_noticed_and_mended) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(cluster().redis().Command({"SAVE"}).ok());
    for (int more = 0; more < 3; ++more) ASSERT_NO_FATAL_FAILURE(AwaitFlow());
    ASSERT_TRUE(cluster().redis().Kill9().ok());
    ASSERT_TRUE(cluster().redis().StartAgain().ok());  // what it saved, and nothing since
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  }
  End();
}

TEST_F(Fault, a_redis_that_falls_back_while_its_owner_is_away_is_brought_up_from_the_log) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  ASSERT_TRUE(cluster().redis().Command({"SAVE"}).ok());
  for (int more = 0; more < 3; ++more) ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  ASSERT_TRUE(cluster().node("routing-0").Kill9().ok());
  ASSERT_TRUE(cluster().redis().Kill9().ok());
  ASSERT_TRUE(cluster().redis().StartAgain().ok());
  ASSERT_NO_FATAL_FAILURE(KillAndRestart("routing-0"));
  End();
}

}  // namespace
}  // namespace escalon::test

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, kill_9_of_intake_loses_nothing) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(KillAndRestart("intake"));
  End();
}

}  // namespace
}  // namespace escalon::test

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, kill_9_of_triage_leaves_no_case_unjudged) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (int i = 0; i < 2; ++i) ASSERT_NO_FATAL_FAILURE(KillAndRestart("triage"));
  End();
}

}  // namespace
}  // namespace escalon::test

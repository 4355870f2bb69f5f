// Random interleavings against the oracle. ESCALON_STORM_SEED=n runs one seed and tells its story; ESCALON_STORMS=n
// runs more of them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/contract/keeper/storm.h"

namespace escalon::routing::testing {
namespace {

constexpr int kSteps = 700;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(StormTest, whatever_happens_every_answer_is_true_and_nothing_is_lost) {
  const uint64_t only = FromEnvironment("ESCALON_STORM_SEED", 0);
  const uint64_t first = only != 0 ? only : 1, last = only != 0 ? only : FromEnvironment("ESCALON_STORMS", 1500);
  Storm::Counts sum;
  int failed = 0;
  for (uint64_t seed = first; seed <= last && failed < 3; ++seed) {
    Storm storm(seed);
    if (only != 0) storm.CheckOften();
    storm.Rage(kSteps);
    storm.Calm();
    const Storm::Counts counts = storm.counts();
    sum.answered += counts.answered;
    sum.rejected += counts.rejected;
    sum.unknown += counts.unknown;
    sum.take_overs += counts.take_overs;
    sum.crashes += counts.crashes;
    sum.rollbacks += counts.rollbacks;
    sum.bases += counts.bases;
    sum.batches += counts.batches;
    sum.repeats += counts.repeats;
    sum.retired += counts.retired;
    sum.view_resets += counts.view_resets;
    if (storm.faults().empty()) continue;
    ++failed;
    ADD_FAILURE() << "seed " << seed << ": " << storm.faults().front() << "\n" << storm.Story();
  }
  RecordProperty("answered", sum.answered);
  std::printf(
      "answered %d, rejected %d, unknown %d, repeats %d, batches %d; take-overs %d, crashes %d, rollbacks %d, bases "
      "%d, retired %d, view written whole %d\n",
      sum.answered, sum.rejected, sum.unknown, sum.repeats, sum.batches, sum.take_overs, sum.crashes, sum.rollbacks,
      sum.bases, sum.retired, sum.view_resets);
  // A storm that never gets far proves nothing.
  if (last < 1000 || failed > 0) return;
  EXPECT_GT(sum.answered, 10000);
  EXPECT_GT(sum.unknown, 1000);
  EXPECT_GT(sum.take_overs, 2000);
  EXPECT_GT(sum.bases, 200);
  EXPECT_GT(sum.retired, 50);
}

}  // namespace
}  // namespace escalon::routing::testing

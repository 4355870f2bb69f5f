#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/domain/policy.h"
#include "common/domain/policy_test.h"
#include "common/domain/roster.h"
#include "common/simulation/happening.h"

namespace escalon::rehearsal {

/// Something that was expected and is not so.
struct Miss {
  std::string place;  ///< in the document, `tests[0].expect[1]`
  int line = 0;
  std::string expected;
  std::string happened;
};

struct Outcome {
  std::string name;
  std::string place;
  int line = 0;
  InstantMs opened_at = 0;
  std::vector<Miss> misses;  ///< in the order of the document
  std::vector<simulation::Happening> happened;
  bool passed() const { return misses.empty(); }
};

/// Plays every test in virtual time through the decider. The same input gives the same outcome. Pure, any thread.
std::vector<Outcome> Rehearse(const Policy& policy, const Roster& roster, std::span<const PolicyTest> tests);

}  // namespace escalon::rehearsal

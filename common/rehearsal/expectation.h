#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "common/domain/case.h"
#include "common/domain/policy_test.h"
#include "common/domain/roster.h"
#include "common/rehearsal/rehearsal.h"

namespace escalon::rehearsal {

/// What a test saw of its case.
struct Seen {
  InstantMs opened_at = 0;
  InstantMs until = 0;
  std::span<const simulation::Happening> happened;
  std::map<std::string, InstantMs> due;  ///< by clock, as last known
  const Roster& roster;
};

/// Asks how the case stands at an instant, rather than what happened.
bool IsAboutTheState(TestExpectation::What what);
/// The instant at which such an expectation looks; `otherwise` when it names none.
InstantMs LooksAt(const TestExpectation& expectation, InstantMs otherwise);

/// None: it is so.
std::optional<Miss> JudgeHappenings(const TestExpectation& expectation, const Seen& seen);
/// `c` as it stands at `LooksAt`.
std::optional<Miss> JudgeState(const TestExpectation& expectation, const Case& c, InstantMs opened_at);

}  // namespace escalon::rehearsal

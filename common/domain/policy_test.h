#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/command.h"
#include "common/domain/facts.h"
#include "common/domain/policy.h"

namespace escalon {

/// Who does something in a test of a policy.
struct TestActor {
  enum class Who {
    kWhoeverHasIt,  ///< the owner, else the first of those who were told last
    kPerson,
    kPlace,  ///< somebody of a team, role, schedule or with skills: `place`
    kLevel,  ///< somebody of that level's people
    kRequester,
    kSource,
  } who = Who::kWhoeverHasIt;
  std::string name;  ///< of a person or level
  StepTarget place;
};

/// Something that is done to the case of a test.
struct TestAct {
  std::string at;  ///< its place in the document, `tests[0].then[1]`
  int line = 0;
  DurationMs after = 0;  ///< since the opening
  CommandBody body;
  TestActor by;
  bool refused = false;  ///< the decider must reject it
};

/// What must, or must never, have happened.
struct TestExpectation {
  enum class What {
    kStep,      ///< the functional track reached that level
    kInform,    ///< that level only heard of it
    kOwn,       ///< that level of the hierarchical track decides
    kLevel,     ///< the level on either track, told or deciding
    kPage,      ///< that person or team had to act
    kTell,      ///< that person, team or audience was told
    kWarn,      ///< of that clock
    kBreach,    ///< of that clock
    kKeep,      ///< that clock ended in time
    kDue,       ///< the deadline of that clock, as it was last known
    kApproval,  ///< `asked`, or its outcome
    kDecision,  ///< `taken`, `requested` or `refused`
    kCatchAll,  ///< the path ran out
    kPath,
    kPriority,
    kState,
    kOwner,  ///< a person or team
  } what = What::kStep;
  std::string value;
  std::optional<WarningRule> warns_at;  ///< of a warning; none: any
  bool never = false;
  std::optional<InstantMs> at;        ///< exactly then
  std::optional<InstantMs> no_later;  ///< at the latest then
  std::string place;                  ///< in the document, `tests[0].expect[1]`
  int line = 0;
  std::string words;  ///< as it is written
};

/// A policy's own example: a case, what is done to it, what must have happened (DESIGN §8).
struct PolicyTest {
  std::string name;
  std::string place;
  int line = 0;
  Facts facts;
  InstantMs opened_at = 0;
  bool imported = false;
  std::vector<TestAct> acts;  ///< by time
  std::vector<TestExpectation> expected;
  DurationMs watched = 0;  ///< since the opening
};

}  // namespace escalon

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/case.h"
#include "common/domain/event.h"
#include "common/domain/vocabulary.h"

namespace escalon::simulation {

/// What can happen to a case, as those see it who judge a policy.
enum class HappeningKind : uint8_t {
  kOpened = 1,
  kTriaged = 2,   ///< `priority`
  kReached = 3,   ///< a step or level of a track, and with it the duty to act: `track`, `level`, `step`, `reason`
  kInformed = 4,  ///< a level of the hierarchical track only hears of it: nobody has to act
  kEmptyStep = 5,
  kPaged = 6,  ///< people are told and have to act: `people` or `team`, `level`, `channels`, `message`
  kTold = 7,   ///< the same, for information: `audience`
  kOwned = 8,  ///< `people` (none: the team) and `team`; also where the owner is the same as before
  kAcknowledged = 9,
  kAcknowledgementEnded = 10,
  kPriorityChanged = 11,
  kWarned = 12,    ///< `clock`, `place`
  kBreached = 13,  ///< `clock`
  kKept = 14,      ///< `clock`: a promise that ended in time
  kDeEscalated = 15,
  kPaused = 16,
  kResumed = 17,
  kApprovalAsked = 18,
  kApprovalDecided = 19,
  kHandoverOffered = 20,
  kResolved = 21,
  kReopened = 22,
  kClosed = 23,
  kCancelled = 24,
  kRefused = 25,            ///< a command that the decider rejected: `text` says why
  kDecisionTaken = 26,      ///< by authority: `people`, `level`, `text` says what
  kDecisionRequested = 27,  ///< of `people` at `level`
  kDecisionRefused = 28,
  kMilestone = 29,  ///< of the policy's own: `text`
};

/// `opened`, `reached`, `informed`, `paged`, …
std::string_view Name(HappeningKind kind);

/// One thing that happened. What does not belong to its kind is empty.
struct Happening {
  InstantMs at = 0;
  HappeningKind kind = HappeningKind::kOpened;
  Track track = Track::kFunctional;
  std::string level;  ///< reached, informed, of the step whose people are told, that resolved it
  int step = -2;      ///< index in the path's steps; -1: the catch-all, -2: outside the steps
  int attempt = 0;
  bool counted = false;    ///< as an escalation
  bool automatic = false;  ///< by a rule
  EscalationReason reason = EscalationReason::kManual;
  Audience audience = Audience::kStep;
  std::vector<std::string> people;
  std::string team;
  std::vector<std::string> channels;
  std::string message;  ///< name of the template
  std::string clock;
  WarningRule place = {};
  Priority priority = Priority::kUnset;  ///< of the case then
  std::string text;                      ///< why; id of the trigger, words of a rejection
  auto operator<=>(const Happening&) const = default;
};

/// What a batch says to those who judge a policy, in its order. `after` is the case with the batch folded in.
void AddHappenings(const Case& after, const EventBatch& batch, std::vector<Happening>* to);

/// For people: `reached L2 (functional, step 1): no_acknowledgement`.
std::string Describe(const Happening& happening);

}  // namespace escalon::simulation

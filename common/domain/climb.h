#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/domain/draft.h"
#include "common/domain/who.h"

namespace escalon::decide {

// Moves on a track (DESIGN §6, §7.14). After each of them the case has an owner, or a step clock that leads to one: a
// path that runs out ends with the catch-all, which is told again until somebody acknowledges.

inline constexpr int kCatchAllStep = -1;
inline constexpr int kOutsideSteps = -2;
inline constexpr int kBesideTrack = -3;  ///< asked for a decision: the track stands as it did
/// In the alarm of a step's clock while the step waits for its hours.
inline constexpr std::string_view kOpeningTag = "opening";

/// Why a case moves.
struct Move {
  EscalationReason reason = EscalationReason::kManual;
  std::string text = {};
  bool automatic = true;
  bool counted = true;
  bool emergency = false;
  bool owns = false;      ///< hierarchical: ownership moves, too
  bool asks = false;      ///< a person's call to the management: paged for an answer, even where nobody is to take over
  bool entering = false;  ///< the path for the first time: going on over empty steps is no escalation either
  std::string not_back_to = {};
  std::vector<std::string> skipped = {};
};

/// The first step of the track for the case's priority. Entering is no escalation.
void EnterTrack(Draft& d, Track track);
/// The step of a level, or the level's own people when the track has no step for it.
void EnterAtLevel(Draft& d, Track track, const std::string& level, const Move& move);
/// The next step, pass or level; the catch-all when there is none.
void ClimbNext(Draft& d, Track track, const Move& move);
/// Whoever stands where the track stands now is told once more: the next attempt, with a wait of its own.
void TellAgain(Draft& d, Track track, const Move& move);
/// Nobody answered in time.
void ClimbUnanswered(Draft& d, std::string_view clock);
/// A step that waited for its opening is told now.
void TellAtOpening(Draft& d, Track track);
/// A target of a person's choosing, beside the steps: assignment, handover, de-escalation.
void TellTarget(Draft& d, Track track, const std::string& level, const StepTarget& to, const Move& move);
/// Back on a lower level, after `DeEscalated`: its people take it up again, beside the steps. `step`: of that level, or
/// -1.
void TellReturned(Draft& d, const std::string& level, int step);
/// People found already, outside the steps.
void TellReached(Draft& d, Track track, const std::string& level, const Reached& who, const Move& move);
/// Informs a level below the one that the track has reached: it stands as it did.
void InformBeside(Draft& d, Track track, const std::string& level, const Reached& who, const Move& move);
void ToCatchAll(Draft& d, Track track, const Move& move);
/// Where what nobody takes ends: the path's, the policy's or the roster's team; empty: none.
std::string CatchAllTeam(const Draft& d);
/// Over a limit: the catch-all, and a review (DESIGN §6).
void OverLimit(Draft& d, Track track, const Move& move, const std::string& limit);

/// Whatever was decided, an open case has an owner or a step that leads to one (DESIGN §5.7): where the tracks have
/// moved past each other, whoever has acknowledged it owns it, else the functional step is told again. Call last.
void LeadOn(Draft& d);

/// The acknowledgement of the track ends, if there is one, and its lease.
void EndAcknowledgement(Draft& d, Track track, const std::string& why);
/// The step's wait by the priority that the case has now, from when it was reached.
void RecomputeStepWait(Draft& d, Track track);
/// The index of the track's step at a level; -1: none.
int StepOfLevel(const PathTrack* track, std::string_view level);

}  // namespace escalon::decide

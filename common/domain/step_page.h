#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/domain/climb.h"
#include "common/domain/draft.h"
#include "common/domain/who.h"

namespace escalon::decide {

// The parts that every move on a track is made of: where it goes, who owns it then, who is told, how long it waits.

struct Place {
  std::string level;
  int step = kOutsideSteps;
  int pass = 0;
  int attempt = 0;
};

/// `Escalated`, with the acknowledgement of the track ended first.
void Arrive(Draft& d, Track track, const Place& place, const Move& move);
/// The same beside the track, which stands as it did: a level is informed or asked, and has nothing to take over.
void EscalateBeside(Draft& d, Track track, const std::string& level, const Move& move);
/// Ownership, with the clocks that hang on it.
void Own(Draft& d, const std::string& team, const std::string& person, AssignMode mode, const Move& move,
         std::string why);
/// Tells the people of the step on which the track stands.
void TellStep(Draft& d, Track track, const Reached& who, const std::vector<std::string>& channels, const Move& move);
/// The wait of the step on which the track stands; it rests while the case is pending or snoozed.
void ArmStepWait(Draft& d, Track track, const std::string& calendar, const Target& wait, std::string why,
                 std::string tag = "");

/// The calendar of waits that no step gives: around the clock for P1 and P2, else the policy's business hours (DESIGN
/// §7.14).
std::string DefaultWaitCalendar(const Draft& d);
/// The wait outside the steps: the level's response target, else by priority.
Target DefaultWait(const Draft& d, std::string_view level);
/// How long until the catch-all is told again.
Target CatchAllWait(const Draft& d);

/// `paths.incident.functional.steps[1]`
std::string StepRule(const Draft& d, Track track, int step);

}  // namespace escalon::decide

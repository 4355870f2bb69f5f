#pragma once

#include <string>
#include <string_view>

#include "common/domain/draft.h"

namespace escalon::decide {

// Who of those that the door lets in may act on *this* case: by step, team, rank, clearance and side (DESIGN §5.12,
// §6). Roles are the names in the actor's credential; the door has already judged them against the call.

bool HasRole(const Actor& actor, std::string_view role);
bool IsManager(const Actor& actor);
/// Nothing but the requester's side: sees and moves their own case only.
bool IsRequesterOnly(const Actor& actor);
bool IsRequesterOf(const Case& c, const Actor& actor);

/// Before any command of a person: clearance, and what a requester may ask for.
Status MayTouch(const Draft& d);
/// People of the current step of the track, their team, or higher.
Status MayAcknowledge(const Draft& d, std::string_view person, Track track);
/// The owner, the people of the step, their teams, higher, or a manager: who may hand over, rest or return a case.
Status MaySteer(const Draft& d, std::string_view what);
/// Known, present and cleared: somebody who can be given the case by name.
Status CanTake(const Draft& d, std::string_view person, std::string_view field);
/// The cap holds where a person accepts (DESIGN §6).
Status HasRoom(const Draft& d, std::string_view person);

Error Denied(std::string message);
Error WrongState(std::string message);

}  // namespace escalon::decide

#pragma once

#include <cstdint>
#include <span>

#include "common/core/result.h"
#include "common/domain/actor.h"
#include "common/security/principal.h"

/// What the door itself judges: whether a credential may give a command at all. Whether its holder may know of a case
/// is access/sight.h; who of those may act on *this* case (step, team, rank, the requester's own side) is the decider's
/// (domain/rights.h). Pure, thread-safe.
namespace escalon::intake {

/// Any one of them will do; empty: nobody from outside. `kind` as KindOf(CommandBody).
std::span<const Action> ActionsFor(uint32_t kind);
/// kPermissionDenied with the roles that would do.
Status MayGive(const Principal& principal, uint32_t kind);

/// Sees and moves nothing but their own cases.
bool IsRequesterOnly(const Principal& principal);
/// As the record of a command names who asked: kind by role (integrator: the source; service: ours; else a person).
Actor ActorOf(const Principal& principal);

}  // namespace escalon::intake

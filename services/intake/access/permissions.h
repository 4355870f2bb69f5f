#pragma once

#include <cstdint>
#include <span>

#include "common/core/result.h"
#include "common/domain/actor.h"
#include "common/domain/case.h"
#include "common/domain/roster.h"
#include "common/security/principal.h"

/// What the door itself judges: whether a credential may give a command at all, and whether its holder may know of a
/// case. Who of those may act on *this* case (step, team, rank, the requester's own side) is the decider's
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

/// How a case may be shown to somebody who may know of it.
struct Sight {
  bool requester = false;  ///< the requester's side: no inside notes
  bool personal = false;   ///< personal fields may be opened
};

/// The one check before anything of a case is shown. A foreign tenant's case, a restricted one and one whose data must
/// stay where the viewer is not cleared answer as one that does not exist: kNotFound. Restricted cases are seen by
/// cleared people of the roster, their own requester and reporter, the integration that is their source, and Escalon's
/// own services.
Result<Sight> SightOf(const Principal& principal, const Case& c, const Roster& roster);

}  // namespace escalon::intake

#pragma once

#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/domain/roster.h"
#include "common/security/principal.h"

namespace escalon {

/// How a case may be shown to somebody who may know of it.
struct Sight {
  bool requester = false;  ///< the requester's side: no inside notes
  bool personal = false;   ///< personal fields may be opened
};

/// The one check before anything of a case is shown. A foreign tenant's case, a restricted one and one whose data must
/// stay where the viewer is not cleared answer as one that does not exist: kNotFound. Restricted cases are seen by
/// cleared people of the roster, their own requester and reporter, the integration that is their source, and Escalon's
/// own services. Pure, thread-safe.
Result<Sight> SightOf(const Principal& principal, const Case& c, const Roster& roster);

}  // namespace escalon

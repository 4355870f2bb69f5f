#pragma once

#include "common/core/result.h"
#include "common/domain/actor.h"
#include "common/domain/policy.h"
#include "common/domain/policy_test.h"
#include "common/domain/roster.h"
#include "common/simulation/virtual_case.h"

namespace escalon::rehearsal {

/// The subject that stands for the requester of a test whose facts name none.
inline constexpr const char* kRequester = "requester";

/// Who acts: a person of the roster that fits the test's words, as the case stands. Errors: nobody fits.
Result<Actor> ActorFor(const TestActor& by, const simulation::VirtualWorld& world, const Case& c, InstantMs at);

}  // namespace escalon::rehearsal

#pragma once

#include <cstdint>
#include <string_view>

#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/ports/command_gate.h"

namespace escalon::cases::v1 {
class CommandResult;
}
namespace escalon::keeper::v1 {
class KeeperOutcome;
}

/// What commands led to. Pure, thread-safe.
namespace escalon::wire {

/// What a caller hears about a case after a command that was decided at `at`.
ports::Answered AnsweredOf(const Case& c, OutcomeKind outcome, InstantMs at);

/// On the keeper's stream.
void ToProto(uint64_t call, const Result<ports::Answered>& answered, keeper::v1::KeeperOutcome* out);
/// Total: an outcome that cannot be read is kOutcomeUnknown, since the command may have had its effect. The call's
/// number is read by the caller.
Result<ports::Answered> FromProto(const keeper::v1::KeeperOutcome& outcome);

/// For clients.
void ToProto(const ports::Answered& answered, std::string_view command_id, cases::v1::CommandResult* out);

}  // namespace escalon::wire

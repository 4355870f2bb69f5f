#pragma once

#include <cstdint>

#include "common/core/result.h"
#include "common/domain/command.h"
#include "common/wire/sealed_fields.h"

namespace google::protobuf {
class MessageLite;
}
namespace escalon::cases::v1 {
class Command;
}
namespace escalon::keeper::v1 {
class KeeperCommand;
}

/// Commands to values and back. Pure (FromClient: but for the sealing), thread-safe.
namespace escalon::wire {

/// First 64 bits of SHA-256 over the deterministic bytes of a message as its client sent it: maps in the order of keys,
/// so that a repeat has the same hash.
uint64_t BodyHash(const google::protobuf::MessageLite& message);

/// Between services; `call` is the sender's own number on the stream. Never fails.
void ToProto(const Command& command, uint64_t call, keeper::v1::KeeperCommand* out);
/// Total: kInvalidArgument with every faulty field (`command.escalate.track`). Personal texts have to be sealed.
Result<Command> FromProto(const keeper::v1::KeeperCommand& command);

/// A client's command: its texts are judged, personal ones sealed under the key of `subject` (the case's SubjectOf).
/// Sets command_id (maybe empty), body_hash, occurred_at, expected_version and body; case, actor, deadline and trace
/// are the door's to set. Errors: kInvalidArgument with every faulty field, also for commands that only services may
/// give; those of `seal`.
Result<Command> FromClient(const cases::v1::Command& command, std::string_view subject, const SealField& seal);

}  // namespace escalon::wire

#pragma once

#include <functional>

#include "common/core/result.h"
#include "common/domain/command.h"

namespace escalon::ports {

/// What a command led to, once it is safe to say so (DESIGN §4 "Answer when safe").
struct Answered {
  CaseId case_id;
  uint64_t version = 0;
  OutcomeKind outcome = OutcomeKind::kDone;
  CaseState state = CaseState::kNew;
  Priority priority = Priority::kUnset;
  std::string level;   ///< on the functional track
  std::string team;    ///< of the owner
  std::string person;  ///< of the owner; empty: the team
  InstantMs at = 0;    ///< when it was decided
};

/// The way to the owner of a case, wherever it is. The only way to change a case.
class CommandGate {
 public:
  virtual ~CommandGate() = default;
  /// `done` is called exactly once, from any thread, maybe before this returns. kOutcomeUnknown and kUnavailable:
  /// repeat with the same command id. Thread-safe, does not block.
  virtual void Execute(Command command, std::function<void(Result<Answered>)> done) = 0;
};

}  // namespace escalon::ports

#pragma once

#include <memory>

#include "common/domain/case.h"
#include "common/ports/command_gate.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/logging.h"

namespace escalon::routing {

/// Carries what one case owes to another (protocol.md rule 17): the owner of the first sends the command with a
/// deterministic id, and records the answer on the first. Resent by whoever owns the case next, so each duty is done at
/// least once and has one effect. Loop thread only.
class CrossCaseSender {
 public:
  CrossCaseSender(runtime::EventLoop& loop, ports::CommandGate& gate, runtime::Logger logger)
      : loop_(loop), gate_(gate), logger_(std::move(logger)) {}
  ~CrossCaseSender() { *alive_ = false; }

  /// Everything in `c.cross_case` with at least this version.
  void Send(const Case& c, uint64_t from_version);

 private:
  struct Duty {
    CaseId from;
    std::string tenant;
    OpenCrossCase open;
  };
  void Ask(std::shared_ptr<Duty> duty, int attempt);
  void Record(std::shared_ptr<Duty> duty, bool refused, const std::string& why, int attempt);
  void Later(int attempt, std::function<void()> again);

  runtime::EventLoop& loop_;
  ports::CommandGate& gate_;
  const runtime::Logger logger_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace escalon::routing

#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "common/core/clock.h"
#include "common/domain/case.h"
#include "common/ports/command_gate.h"
#include "common/rpc/call.h"
#include "escalon/cases/v1/case_service.pb.h"
#include "services/intake/access/rate_limit.h"
#include "services/intake/application/intake_metrics.h"
#include "services/intake/application/live_view.h"
#include "services/intake/application/personal_fields.h"
#include "services/intake/application/reply.h"

namespace escalon::intake {

/// What submissions and commands need; all of it outlives the gateway.
struct CaseGatewayParts {
  ports::CommandGate& gate;
  LiveView& view;
  PersonalFields& personal;
  TenantRate& rate;
  IntakeMetrics& metrics;
  const Clock& clock;
  int cell = 0;
};

/// What came of a submission, with the id under which it may be repeated.
struct Accepted {
  ports::Answered answered;
  std::string command_id;
};

/// Everything that asks for a change, whatever protocol it came by: judged (right, limits, every field), sealed,
/// placed, and handed to the owner of the case. The requester's own side is the decider's to judge. Thread-safe;
/// nothing blocks.
class CaseGateway {
 public:
  explicit CaseGateway(CaseGatewayParts parts) : parts_(parts) {}

  void SubmitCase(const cases::v1::SubmitCaseRequest& request, const rpc::Caller& caller, Protocol protocol,
                  Reply<cases::v1::SubmitCaseResponse> reply);
  void SubmitMany(const cases::v1::SubmitManyRequest& request, const rpc::Caller& caller, Protocol protocol,
                  Reply<cases::v1::SubmitManyResponse> reply);
  void Execute(const cases::v1::ExecuteRequest& request, const rpc::Caller& caller,
               Reply<cases::v1::ExecuteResponse> reply);

  /// One submission; `root` names it in faults.
  void Submit(const submission::v1::Submission& submission, std::string_view root, const rpc::Caller& caller,
              Protocol protocol, Reply<Accepted> reply);
  /// A command that the door itself has made out of a link or a webhook; its texts are plain and are sealed here.
  void Give(const CaseId& id, const cases::v1::Command& command, const rpc::Caller& caller, Reply<Accepted> reply);

 private:
  Result<Command> Prepare(const submission::v1::Submission& submission, std::string_view root,
                          const rpc::Caller& caller);
  void Send(Command command, Protocol protocol, Reply<Accepted> reply);
  void Forward(const CaseId& id, const cases::v1::Command& command, const rpc::Caller& caller, std::string_view subject,
               Reply<Accepted> reply);

  const CaseGatewayParts parts_;
};

}  // namespace escalon::intake

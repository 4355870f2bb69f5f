#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/core/clock.h"
#include "common/rpc/call.h"
#include "common/rules/live_rules.h"
#include "common/runtime/executor.h"
#include "escalon/policy/v1/policy_service.pb.h"
#include "escalon/roster/v1/roster_service.pb.h"
#include "services/intake/application/reply.h"

namespace escalon::intake {

/// Policies and rosters: applied whole or not at all, shown, and asked who is on call. Work that blocks runs on a small
/// pool. Thread-safe.
class DocumentGateway {
 public:
  /// `rules` gives the live rules; nullptr before they are open.
  DocumentGateway(std::function<rules::LiveRules*()> rules, const Clock& clock, runtime::Logger log);

  void ApplyPolicy(const policy::v1::ApplyRequest& request, const rpc::Caller& caller,
                   Reply<policy::v1::ApplyResponse> reply);
  void ValidatePolicy(const policy::v1::ValidateRequest& request, const rpc::Caller& caller,
                      Reply<policy::v1::ValidateResponse> reply);
  void GetPolicy(const policy::v1::GetRequest& request, const rpc::Caller& caller,
                 Reply<policy::v1::GetResponse> reply);
  void ListPolicies(const policy::v1::ListRequest& request, const rpc::Caller& caller,
                    Reply<policy::v1::ListResponse> reply);

  void ApplyRoster(const roster::v1::ApplyRequest& request, const rpc::Caller& caller,
                   Reply<roster::v1::ApplyResponse> reply);
  void ValidateRoster(const roster::v1::ValidateRequest& request, const rpc::Caller& caller,
                      Reply<roster::v1::ValidateResponse> reply);
  void GetRoster(const roster::v1::GetRequest& request, const rpc::Caller& caller,
                 Reply<roster::v1::GetResponse> reply);
  void WhoIsOnCall(const roster::v1::WhoIsOnCallRequest& request, const rpc::Caller& caller,
                   Reply<roster::v1::WhoIsOnCallResponse> reply);

  /// Takes no more work and waits for what runs.
  void Drain(DurationMs limit_ms) { pool_.Drain(limit_ms); }

 private:
  /// Right, tenant, and that the rules are open.
  Result<rules::LiveRules*> Enter(const rpc::Caller& caller, Action action) const;
  template <typename Response>
  void Work(Reply<Response> reply, std::function<Result<Response>()> work);

  const std::function<rules::LiveRules*()> rules_;
  const Clock& clock_;
  runtime::Executor pool_;
};

}  // namespace escalon::intake

#include "services/triage/inbound/triage_service.h"

#include <grpcpp/server_context.h>

#include "common/rpc/call.h"
#include "common/rules/live_rules.h"
#include "common/wire/facts_codec.h"
#include "escalon/triage/v1/triage_service.grpc.pb.h"
#include "services/triage/application/adviser.h"

namespace escalon::triage {

class TriageService::Impl final : public triage::v1::TriageService::CallbackService {
 public:
  Impl(const std::unique_ptr<rules::LiveRules>& rules, rpc::CallLimits& limits)
      : rules_(rules), explain_(limits, "TriageService/Explain", Action::kRead) {}

  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* context, const triage::v1::ExplainRequest* request,
                                    triage::v1::ExplainResponse* response) override {
    return explain_.Serve(context, request, response,
                          [this](const triage::v1::ExplainRequest& r, const rpc::Caller& caller, auto reply) {
                            reply(Explained(r, caller.principal));
                          });
  }

 private:
  Result<triage::v1::ExplainResponse> Explained(const triage::v1::ExplainRequest& request,
                                                const Principal& principal) const {
    const std::string tenant = principal.tenant == kAllTenants ? request.tenant() : principal.tenant;
    if (!request.tenant().empty() && request.tenant() != tenant) return Error{ErrorCode::kNotFound, "no such tenant"};
    if (tenant.empty()) return InvalidField("tenant", "is required of a caller that serves all");
    Result<Facts> facts = wire::FromProto(request.facts());
    if (!facts.ok()) return facts.error();
    if (rules_ == nullptr) return Error{ErrorCode::kUnavailable, "the rules are not read yet", {}, {}, 500};
    const std::shared_ptr<const rules::RuleSet> rules = rules_->Current();
    const Policy* policy = request.policy().empty() ? rules->Active(tenant) : rules->Pinned(tenant, request.policy());
    if (policy == nullptr) return InvalidField("policy", "is not known; escalonctl policy list shows those in force");
    Case c;
    c.tenant = tenant;
    c.version = 1;
    c.facts = std::make_shared<const Facts>(std::move(*facts));
    const RecordTriage advice = Advise(*policy, c);
    triage::v1::ExplainResponse out;
    out.set_priority(static_cast<common::v1::Priority>(advice.priority));
    out.set_category(advice.category);
    for (const std::string& skill : advice.skills) out.add_skills(skill);
    out.set_complexity(static_cast<common::v1::Grade>(advice.complexity));
    std::string words;
    for (const TraceLine& line : advice.trace) {
      wire::ToProto(line, out.add_trace());
      words += (words.empty() ? "" : "; ") + line.rule + ": " + line.outcome;
    }
    out.set_explanation(words);
    out.set_policy(policy->name());
    return out;
  }

  const std::unique_ptr<rules::LiveRules>& rules_;
  rpc::Method explain_;
};

TriageService::TriageService(const std::unique_ptr<rules::LiveRules>& rules, rpc::CallLimits& limits)
    : impl_(std::make_unique<Impl>(rules, limits)) {}
TriageService::~TriageService() = default;
grpc::Service* TriageService::service() { return impl_.get(); }

}  // namespace escalon::triage

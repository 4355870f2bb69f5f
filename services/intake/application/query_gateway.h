#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/access/sight.h"
#include "common/core/clock.h"
#include "common/rpc/call.h"
#include "common/rules/rule_set.h"
#include "escalon/cases/v1/case_service.pb.h"
#include "escalon/query/v1/query_service.pb.h"
#include "services/intake/access/permissions.h"
#include "services/intake/application/intake_metrics.h"
#include "services/intake/application/live_view.h"
#include "services/intake/application/personal_fields.h"
#include "services/intake/application/reply.h"
#include "services/intake/history/case_history.h"
#include "services/intake/listing/case_lister.h"
#include "services/intake/listing/page_token.h"

namespace escalon::intake {

/// The rules in force now; hold the answer as long as its pointers are used. Never null. Thread-safe.
using RulesNow = std::function<std::shared_ptr<const rules::RuleSet>()>;

/// What queries need; all of it outlives the gateway.
struct QueryGatewayParts {
  LiveView& view;
  PersonalFields& personal;
  const PageTokens& tokens;
  RulesNow rules;
  IntakeMetrics& metrics;
  const Clock& clock;
};

/// Every question about cases. Each case is shown only after SightOf. Thread-safe; nothing blocks.
class QueryGateway {
 public:
  explicit QueryGateway(QueryGatewayParts parts);

  void GetCase(const cases::v1::GetCaseRequest& request, const rpc::Caller& caller,
               Reply<cases::v1::GetCaseResponse> reply);
  void ListCases(const cases::v1::ListCasesRequest& request, const rpc::Caller& caller,
                 Reply<cases::v1::ListCasesResponse> reply);
  void GetByExternalRef(const query::v1::GetByExternalRefRequest& request, const rpc::Caller& caller,
                        Reply<query::v1::GetByExternalRefResponse> reply);
  void CountCases(const query::v1::CountCasesRequest& request, const rpc::Caller& caller,
                  Reply<query::v1::CountCasesResponse> reply);
  void GetHistory(const query::v1::GetHistoryRequest& request, const rpc::Caller& caller,
                  Reply<query::v1::GetHistoryResponse> reply);
  void GetTrace(const query::v1::GetTraceRequest& request, const rpc::Caller& caller,
                Reply<query::v1::GetTraceResponse> reply);
  void Explain(const query::v1::ExplainRequest& request, const rpc::Caller& caller,
               Reply<query::v1::ExplainResponse> reply);
  /// For the desk only, as the history is.
  void MayDecide(const query::v1::MayDecideRequest& request, const rpc::Caller& caller,
                 Reply<query::v1::MayDecideResponse> reply);

  /// A case as this caller may see it; kNotFound as SightOf.
  Result<cases::v1::PublicCase> Show(const Case& c, const Principal& principal);
  bool MaySee(const Case& c, const Principal& principal) const { return See(c, principal).ok(); }
  /// The filter as values, narrowed to what the caller may list; InvalidField with `root` before the path.
  Result<CaseFilter> FilterOf(const cases::v1::CaseFilter& filter, const std::string& root,
                              const Principal& principal) const;
  /// The newest live case with this number or dedup key, for the source's own news; the loop's thread calls back.
  /// kNotFound: none is open.
  void FindOpen(const std::string& tenant, const std::string& source, const std::string& external_ref,
                const std::string& dedup_key, std::function<void(Result<CaseId>)> done);

 private:
  struct Desk {
    std::shared_ptr<const Case> c;
    std::vector<Chapter> chapters;
    Sight sight;
    bool truncated = false;
  };
  /// History is for the desk: inside notes and names.
  void ReadChapters(const std::string& case_id, const rpc::Caller& caller, std::function<void(Result<Desk>)> done);
  Result<Sight> See(const Case& c, const Principal& principal) const;
  void CountStates(const std::string& tenant, const CaseFilter& filter, Reply<query::v1::CountCasesResponse> reply);

  const QueryGatewayParts parts_;
  CaseLister lister_;
};

}  // namespace escalon::intake

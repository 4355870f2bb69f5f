#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/clock.h"
#include "common/http/router.h"
#include "common/http/server.h"
#include "common/rpc/call.h"
#include "common/security/credentials.h"
#include "services/intake/access/rate_limit.h"
#include "services/intake/application/case_gateway.h"
#include "services/intake/application/document_gateway.h"
#include "services/intake/application/news_gateway.h"
#include "services/intake/application/query_gateway.h"
#include "services/intake/inbound/http/link_gateway.h"
#include "services/intake/inbound/http/webhook_sources.h"

namespace escalon::intake {

/// What the HTTP door needs; all of it outlives it.
struct HttpGatewayParts {
  CaseGateway& cases;
  QueryGateway& queries;
  DocumentGateway& documents;
  NewsGateway& news;
  LinkGateway& links;
  const Credentials& credentials;
  FailureLimit& failures;
  IntakeMetrics& metrics;
  const Clock& clock;
  WebhookSources webhooks;
};

/// HTTP/JSON for the same calls as gRPC (docs/openapi.yaml), webhooks, signed links. Bodies by protobuf's JSON mapping
/// with the names of the proto. Handlers run on the HTTP server's threads, answers come from any. Thread-safe.
class HttpGateway {
 public:
  struct Route {
    std::string_view method;
    std::string_view pattern;
    bool operator==(const Route&) const = default;
  };
  /// Every route there is, in the order of the document.
  static std::vector<Route> Routes();

  explicit HttpGateway(HttpGatewayParts parts);
  HttpGateway(const HttpGateway&) = delete;
  HttpGateway& operator=(const HttpGateway&) = delete;

  void Handle(http::Request request, http::Responder responder) const {
    router_.Handle(std::move(request), std::move(responder));
  }

 private:
  struct Entry;
  static const std::vector<Entry>& Table();
  using Known = void (HttpGateway::*)(const http::Request& request, const rpc::Caller& caller,
                                      http::Responder responder);
  using Open = void (HttpGateway::*)(const http::Request& request, http::Responder responder);

  InstantMs DeadlineIn(DurationMs steady_ms) const;
  Result<rpc::Caller> CallerOf(const http::Request& request) const;
  Result<rpc::Caller> WebhookCaller(const WebhookSource& source, const http::Request& request,
                                    std::string* delivery_id) const;

  void SubmitCase(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void SubmitMany(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void ListCases(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void CountCases(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void LookUpCase(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void GetCase(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void Execute(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void GetHistory(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void GetTrace(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void Explain(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void MayDecide(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void ApplyPolicy(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void ValidatePolicy(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void ListPolicies(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void GetPolicy(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void ApplyRoster(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void ValidateRoster(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void GetRoster(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void WhoIsOnCall(const http::Request& request, const rpc::Caller& caller, http::Responder responder);
  void Webhook(const http::Request& request, http::Responder responder);
  void ShowLink(const http::Request& request, http::Responder responder);
  void UseLink(const http::Request& request, http::Responder responder);
  void OpenApi(const http::Request& request, http::Responder responder);

  HttpGatewayParts parts_;
  http::Router router_;
};

}  // namespace escalon::intake

#include "services/intake/inbound/http/http_gateway.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/http/json_guard.h"
#include "common/http/problem.h"
#include "common/wire/json_codec.h"
#include "common/wire/outcome_codec.h"
#include "common/wire/timestamps.h"
#include "services/intake/inbound/http/openapi_document.h"
#include "services/intake/inbound/http/query_words_gateway.h"

namespace escalon::intake {
namespace {

namespace cs = ::escalon::cases::v1;
namespace po = ::escalon::policy::v1;
namespace qu = ::escalon::query::v1;
namespace ro = ::escalon::roster::v1;
namespace sb = ::escalon::submission::v1;

constexpr size_t kMostBody = 256 * 1024;
constexpr size_t kMostLargeBody = 1 << 20;          ///< many submissions, documents, alerts: as the server allows
constexpr DurationMs kPatienceMs = 10 * kSecondMs;  ///< below the server's own answer timeout
constexpr size_t kMostValues = 200'000;

Status CheckJson(const http::Request& request, size_t most) {
  if (request.body.size() > most) {
    return InvalidField("body", "has " + std::to_string(request.body.size()) + " bytes; at most " +
                                    std::to_string(most) + " are allowed");
  }
  const std::string_view type = request.headers.Get("Content-Type");
  if (!type.empty() && type.find("json") == std::string_view::npos)
    return InvalidField("Content-Type", "must be application/json");
  http::JsonLimits limits;
  limits.max_bytes = most;
  limits.max_values = kMostValues;
  const Result<nlohmann::json> parsed = http::ParseUntrustedJson(request.body, limits);
  if (!parsed.ok()) return parsed.error();
  return {};
}

template <typename Message>
Result<Message> ReadBody(const http::Request& request, std::string_view root, size_t most = kMostBody) {
  if (const Status s = CheckJson(request, most); !s.ok()) return s.error();
  Message out;
  if (const Status s = wire::FromJson(request.body, root, &out, most); !s.ok()) return s.error();
  return out;
}

Result<QueryWords> WordsOf(const http::Request& request) {
  auto words = http::ParseQuery(request.query);
  if (!words) return InvalidField("query", "is not well percent-encoded UTF-8");
  return std::move(*words);
}

/// The way back for one call: JSON of what `part` picks from the response.
template <typename Response, typename Part>
Reply<Response> Answer(http::Responder responder, Part part) {
  auto kept = std::make_shared<http::Responder>(std::move(responder));
  return [kept, part](Result<Response> result) {
    if (!result.ok()) return kept->SendError(result.error());
    kept->Send(http::JsonResponse(wire::ToJson(part(*result))));
  };
}
template <typename Response>
Reply<Response> AnswerWhole(http::Responder responder) {
  return Answer<Response>(std::move(responder), [](const Response& response) -> const Response& { return response; });
}

}  // namespace

struct HttpGateway::Entry {
  Route route;
  Known known = nullptr;  ///< for callers with a credential
  Open open = nullptr;    ///< judges its caller by itself
};

// The one table of routes; docs/openapi.yaml describes each of them.
const std::vector<HttpGateway::Entry>& HttpGateway::Table() {
  static const std::vector<Entry> kTable = {
      {{"POST", "/v1/cases"}, &HttpGateway::SubmitCase},
      {{"GET", "/v1/cases"}, &HttpGateway::ListCases},
      {{"POST", "/v1/cases:batch"}, &HttpGateway::SubmitMany},
      {{"GET", "/v1/cases:count"}, &HttpGateway::CountCases},
      {{"GET", "/v1/cases:lookup"}, &HttpGateway::LookUpCase},
      {{"GET", "/v1/cases/{id}"}, &HttpGateway::GetCase},
      {{"POST", "/v1/cases/{id}/commands"}, &HttpGateway::Execute},
      {{"GET", "/v1/cases/{id}/history"}, &HttpGateway::GetHistory},
      {{"GET", "/v1/cases/{id}/trace"}, &HttpGateway::GetTrace},
      {{"GET", "/v1/cases/{id}/explanations"}, &HttpGateway::Explain},
      {{"GET", "/v1/cases/{id}/authority"}, &HttpGateway::MayDecide},
      {{"POST", "/v1/policies"}, &HttpGateway::ApplyPolicy},
      {{"GET", "/v1/policies"}, &HttpGateway::ListPolicies},
      {{"POST", "/v1/policies:validate"}, &HttpGateway::ValidatePolicy},
      {{"GET", "/v1/policies/{id}"}, &HttpGateway::GetPolicy},
      {{"POST", "/v1/roster"}, &HttpGateway::ApplyRoster},
      {{"GET", "/v1/roster"}, &HttpGateway::GetRoster},
      {{"POST", "/v1/roster:validate"}, &HttpGateway::ValidateRoster},
      {{"GET", "/v1/roster/on-call"}, &HttpGateway::WhoIsOnCall},
      {{"POST", "/v1/webhooks/{source}"}, nullptr, &HttpGateway::Webhook},
      {{"GET", "/l/{token}"}, nullptr, &HttpGateway::ShowLink},
      {{"POST", "/l/{token}"}, nullptr, &HttpGateway::UseLink},
      {{"GET", "/openapi.yaml"}, nullptr, &HttpGateway::OpenApi},
  };
  return kTable;
}

std::vector<HttpGateway::Route> HttpGateway::Routes() {
  std::vector<Route> out;
  for (const Entry& entry : Table()) out.push_back(entry.route);
  return out;
}

HttpGateway::HttpGateway(HttpGatewayParts parts) : parts_(std::move(parts)) {
  for (const Entry& entry : Table()) {
    router_.Add(std::string(entry.route.method), entry.route.pattern,
                [this, entry](http::Request request, http::Responder responder) {
                  if (entry.open != nullptr) return (this->*entry.open)(request, std::move(responder));
                  const Result<rpc::Caller> caller = CallerOf(request);
                  if (!caller.ok()) return responder.SendError(caller.error());
                  (this->*entry.known)(request, *caller, std::move(responder));
                });
  }
}

Result<rpc::Caller> HttpGateway::CallerOf(const http::Request& request) const {
  const std::string_view authorization = request.headers.Get("Authorization");
  const std::string who = FailureLimit::CallerOf(request.remote_address, authorization);
  if (const Status heard = parts_.failures.Check(who); !heard.ok()) {
    parts_.metrics.Limited(Limit::kAuthentication);
    return heard.error();
  }
  Result<Principal> principal =
      authorization.empty() ? Error{ErrorCode::kUnauthenticated, "no credential; send Authorization: Bearer <API key>"}
                            : parts_.credentials.Authenticate(authorization, parts_.clock.WallMs());
  if (!principal.ok()) {
    parts_.failures.Failed(who);
    return principal.error();
  }
  return rpc::Caller{std::move(*principal), DeadlineIn(kPatienceMs),
                     runtime::TraceContext::ContinueOrNew(request.headers.Get("traceparent"))};
}

InstantMs HttpGateway::DeadlineIn(DurationMs steady_ms) const {
  return parts_.clock.WallMs() + static_cast<DurationMs>(static_cast<double>(steady_ms) * parts_.clock.Factor());
}

void HttpGateway::SubmitCase(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  Result<sb::Submission> submission = ReadBody<sb::Submission>(request, "submission");
  if (!submission.ok()) return responder.SendError(submission.error());
  if (const std::string_view key = request.headers.Get("Idempotency-Key"); !key.empty()) {
    if (!submission->idempotency_key().empty() && submission->idempotency_key() != key) {
      return responder.SendError(
          InvalidField("Idempotency-Key", "differs from the body's idempotency_key; give one of them"));
    }
    submission->set_idempotency_key(std::string(key));
  }
  auto kept = std::make_shared<http::Responder>(std::move(responder));
  parts_.cases.Submit(*submission, "submission", caller, Protocol::kHttp, [kept](Result<Accepted> accepted) {
    if (!accepted.ok()) return kept->SendError(accepted.error());
    cs::CommandResult result;
    wire::ToProto(accepted->answered, accepted->command_id, &result);
    http::Response response =
        http::JsonResponse(wire::ToJson(result), accepted->answered.outcome == OutcomeKind::kOpened ? 201 : 200);
    response.headers.Add("Location", "/v1/cases/" + result.case_id());
    kept->Send(std::move(response));
  });
}

void HttpGateway::SubmitMany(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<cs::SubmitManyRequest> many = ReadBody<cs::SubmitManyRequest>(request, "body", kMostLargeBody);
  if (!many.ok()) return responder.SendError(many.error());
  parts_.cases.SubmitMany(*many, caller, Protocol::kHttp, AnswerWhole<cs::SubmitManyResponse>(std::move(responder)));
}

void HttpGateway::ListCases(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  const Result<cs::ListCasesRequest> list = ReadListWords(*words);
  if (!list.ok()) return responder.SendError(list.error());
  parts_.queries.ListCases(*list, caller, AnswerWhole<cs::ListCasesResponse>(std::move(responder)));
}

void HttpGateway::CountCases(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  const Result<qu::CountCasesRequest> count = ReadCountWords(*words);
  if (!count.ok()) return responder.SendError(count.error());
  parts_.queries.CountCases(*count, caller, AnswerWhole<qu::CountCasesResponse>(std::move(responder)));
}

void HttpGateway::LookUpCase(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  WordReader reader(*words);
  qu::GetByExternalRefRequest get;
  get.set_source(reader.Text("source"));
  get.set_external_ref(reader.Text("external_ref"));
  if (const Status s = reader.Finish(); !s.ok()) return responder.SendError(s.error());
  parts_.queries.GetByExternalRef(get, caller, AnswerWhole<qu::GetByExternalRefResponse>(std::move(responder)));
}

void HttpGateway::GetCase(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  WordReader reader(*words);
  cs::GetCaseRequest get;
  get.set_case_id(request.params.at("id"));
  get.set_min_version(reader.Number("min_version"));
  if (const Status s = reader.Finish(); !s.ok()) return responder.SendError(s.error());
  parts_.queries.GetCase(get, caller, AnswerWhole<cs::GetCaseResponse>(std::move(responder)));
}

void HttpGateway::Execute(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  Result<cs::Command> command = ReadBody<cs::Command>(request, "command");
  if (!command.ok()) return responder.SendError(command.error());
  cs::ExecuteRequest execute;
  execute.set_case_id(request.params.at("id"));
  *execute.mutable_command() = std::move(*command);
  parts_.cases.Execute(execute, caller,
                       Answer<cs::ExecuteResponse>(std::move(responder),
                                                   [](const cs::ExecuteResponse& response) -> const cs::CommandResult& {
                                                     return response.result();
                                                   }));
}

void HttpGateway::GetHistory(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  WordReader reader(*words);
  qu::GetHistoryRequest get;
  get.set_case_id(request.params.at("id"));
  get.set_from_version(reader.Number("from_version"));
  const uint64_t size = reader.Number("page_size");
  if (size > 500) reader.Fail("page_size", "must be 1 to 500");
  get.set_page_size(static_cast<int32_t>(size > 500 ? 0 : size));
  get.set_page_token(reader.Text("page_token"));
  if (const Status s = reader.Finish(); !s.ok()) return responder.SendError(s.error());
  parts_.queries.GetHistory(get, caller, AnswerWhole<qu::GetHistoryResponse>(std::move(responder)));
}

void HttpGateway::GetTrace(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  WordReader reader(*words);
  qu::GetTraceRequest get;
  get.set_case_id(request.params.at("id"));
  get.set_version(reader.Number("version"));
  if (const Status s = reader.Finish(); !s.ok()) return responder.SendError(s.error());
  parts_.queries.GetTrace(get, caller, AnswerWhole<qu::GetTraceResponse>(std::move(responder)));
}

void HttpGateway::Explain(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  WordReader reader(*words);
  qu::ExplainRequest explain;
  explain.set_case_id(request.params.at("id"));
  explain.set_person(reader.Text("person"));
  if (const InstantMs at = reader.Time("at"); at != 0) wire::PutTime(at, explain.mutable_at());
  if (const Status s = reader.Finish(); !s.ok()) return responder.SendError(s.error());
  parts_.queries.Explain(explain, caller, AnswerWhole<qu::ExplainResponse>(std::move(responder)));
}

void HttpGateway::MayDecide(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  WordReader reader(*words);
  qu::MayDecideRequest ask;
  ask.set_case_id(request.params.at("id"));
  ask.set_person(reader.Text("person"));
  ask.set_decision(reader.Text("decision"));
  if (const std::string amount = reader.Text("amount"); !amount.empty()) {
    const Result<Money> money = ParseMoney(amount, "amount");
    if (money.ok()) {
      ask.mutable_amount()->set_minor(money->minor);
      ask.mutable_amount()->set_currency(money->currency);
    } else {
      reader.Fail("amount", money.error().fields.front().message);
    }
  }
  if (const Status s = reader.Finish(); !s.ok()) return responder.SendError(s.error());
  parts_.queries.MayDecide(ask, caller, AnswerWhole<qu::MayDecideResponse>(std::move(responder)));
}

void HttpGateway::ApplyPolicy(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<po::ApplyRequest> apply = ReadBody<po::ApplyRequest>(request, "body", kMostLargeBody);
  if (!apply.ok()) return responder.SendError(apply.error());
  parts_.documents.ApplyPolicy(*apply, caller, AnswerWhole<po::ApplyResponse>(std::move(responder)));
}

void HttpGateway::ValidatePolicy(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<po::ValidateRequest> validate = ReadBody<po::ValidateRequest>(request, "body", kMostLargeBody);
  if (!validate.ok()) return responder.SendError(validate.error());
  parts_.documents.ValidatePolicy(*validate, caller, AnswerWhole<po::ValidateResponse>(std::move(responder)));
}

void HttpGateway::ListPolicies(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  WordReader reader(*words);
  po::ListRequest list;
  list.set_id(reader.Text("id"));
  if (const Status s = reader.Finish(); !s.ok()) return responder.SendError(s.error());
  parts_.documents.ListPolicies(list, caller, AnswerWhole<po::ListResponse>(std::move(responder)));
}

void HttpGateway::GetPolicy(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  WordReader reader(*words);
  po::GetRequest get;
  get.set_id(request.params.at("id"));
  get.set_version(static_cast<uint32_t>(reader.Number("version")));
  if (const Status s = reader.Finish(); !s.ok()) return responder.SendError(s.error());
  parts_.documents.GetPolicy(get, caller, AnswerWhole<po::GetResponse>(std::move(responder)));
}

void HttpGateway::ApplyRoster(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<ro::ApplyRequest> apply = ReadBody<ro::ApplyRequest>(request, "body", kMostLargeBody);
  if (!apply.ok()) return responder.SendError(apply.error());
  parts_.documents.ApplyRoster(*apply, caller, AnswerWhole<ro::ApplyResponse>(std::move(responder)));
}

void HttpGateway::ValidateRoster(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<ro::ValidateRequest> validate = ReadBody<ro::ValidateRequest>(request, "body", kMostLargeBody);
  if (!validate.ok()) return responder.SendError(validate.error());
  parts_.documents.ValidateRoster(*validate, caller, AnswerWhole<ro::ValidateResponse>(std::move(responder)));
}

void HttpGateway::GetRoster(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  WordReader reader(*words);
  ro::GetRequest get;
  get.set_version(static_cast<uint32_t>(reader.Number("version")));
  if (const Status s = reader.Finish(); !s.ok()) return responder.SendError(s.error());
  parts_.documents.GetRoster(get, caller, AnswerWhole<ro::GetResponse>(std::move(responder)));
}

void HttpGateway::WhoIsOnCall(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  const Result<QueryWords> words = WordsOf(request);
  if (!words.ok()) return responder.SendError(words.error());
  WordReader reader(*words);
  ro::WhoIsOnCallRequest who;
  for (const std::string& team : reader.Texts("team")) who.add_teams(team);
  if (const InstantMs at = reader.Time("at"); at != 0) wire::PutTime(at, who.mutable_at());
  if (const Status s = reader.Finish(); !s.ok()) return responder.SendError(s.error());
  parts_.documents.WhoIsOnCall(who, caller, AnswerWhole<ro::WhoIsOnCallResponse>(std::move(responder)));
}

void HttpGateway::ShowLink(const http::Request& request, http::Responder responder) {
  auto kept = std::make_shared<http::Responder>(std::move(responder));
  parts_.links.Show(request, [kept](http::Response response) { kept->Send(std::move(response)); });
}

void HttpGateway::UseLink(const http::Request& request, http::Responder responder) {
  auto kept = std::make_shared<http::Responder>(std::move(responder));
  parts_.links.Act(request, [kept](http::Response response) { kept->Send(std::move(response)); });
}

void HttpGateway::OpenApi(const http::Request&, http::Responder responder) {
  responder.Send({200, "application/yaml", std::string(OpenApiDocument()), {}});
}

}  // namespace escalon::intake

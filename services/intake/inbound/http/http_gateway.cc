#include "services/intake/inbound/http/http_gateway.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "common/http/json_guard.h"
#include "common/http/problem.h"
#include "common/wire/json_codec.h"
#include "common/wire/outcome_codec.h"
#include "common/wire/timestamps.h"
#include "services/intake/inbound/http/openapi_document.h"
#include "services/intake/inbound/http/query_words_gateway.h"
#include "services/intake/inbound/http/webhook_gateway.h"

namespace escalon::intake {
namespace {

namespace cs = ::escalon::cases::v1;
namespace po = ::escalon::policy::v1;
namespace qu = ::escalon::query::v1;
namespace ro = ::escalon::roster::v1;
namespace sb = ::escalon::submission::v1;

constexpr size_t kMostBody = 256 * 1024;
constexpr size_t kMostLargeBody = 1 << 20;  ///< many submissions, documents, alerts: as the server allows
constexpr DurationMs kPatienceMs = 20 * kSecondMs;  ///< below the server's own answer timeout
constexpr size_t kMostValues = 200'000;

Status CheckJson(const http::Request& request, size_t most) {
  if (request.body.size() > most) {
    return InvalidField("body", "has " + std::to_string(request.body.size()) + " bytes; at most " + std::to_string(most) + " are allowed");
  }
  const std::string_view type = request.headers.Get("Content-Type");
  if (!type.empty() && type.find("json") == std::string_view::npos) return InvalidField("Content-Type", "must be application/json");
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

/// Alertmanager drops what it is told to slow down for, but repeats on 503 (reference: its Retrier).
void SendWebhookError(http::Responder& responder, const Error& error) {
  http::Response response = http::ProblemResponse(error);
  if (error.code == ErrorCode::kResourceExhausted) response.status = 503;
  responder.Send(std::move(response));
}

std::string_view NewsName(NewsOutcome outcome) {
  switch (outcome) {
    case NewsOutcome::kOpened:
      return "opened";
    case NewsOutcome::kAttached:
      return "attached";
    case NewsOutcome::kEnded:
      return "ended";
    case NewsOutcome::kNothingOpen:
      return "nothing_open";
  }
  return "";
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
    router_.Add(std::string(entry.route.method), entry.route.pattern, [this, entry](http::Request request, http::Responder responder) {
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
  Result<Principal> principal = authorization.empty()
                                    ? Error{ErrorCode::kUnauthenticated, "no credential; send Authorization: Bearer <API key>"}
                                    : parts_.credentials.Authenticate(authorization, parts_.clock.WallMs());
  if (!principal.ok()) {
    parts_.failures.Failed(who);
    return principal.error();
  }
  const auto patience = static_cast<DurationMs>(static_cast<double>(kPatienceMs) * parts_.clock.Factor());
  return rpc::Caller{std::move(*principal), parts_.clock.WallMs() + patience,
                     runtime::TraceContext::ContinueOrNew(request.headers.Get("traceparent"))};
}

void HttpGateway::SubmitCase(const http::Request& request, const rpc::Caller& caller, http::Responder responder) {
  Result<sb::Submission> submission = ReadBody<sb::Submission>(request, "submission");
  if (!submission.ok()) return responder.SendError(submission.error());
  if (const std::string_view key = request.headers.Get("Idempotency-Key"); !key.empty()) {
    if (!submission->idempotency_key().empty() && submission->idempotency_key() != key) {
      return responder.SendError(InvalidField("Idempotency-Key", "differs from the body's idempotency_key; give one of them"));
    }
    submission->set_idempotency_key(std::string(key));
  }
  auto kept = std::make_shared<http::Responder>(std::move(responder));
  parts_.cases.Submit(*submission, "submission", caller, Protocol::kHttp, [kept](Result<Accepted> accepted) {
    if (!accepted.ok()) return kept->SendError(accepted.error());
    cs::CommandResult result;
    wire::ToProto(accepted->answered, accepted->command_id, &result);
    http::Response response = http::JsonResponse(wire::ToJson(result), accepted->answered.outcome == OutcomeKind::kOpened ? 201 : 200);
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
  parts_.cases.Execute(execute, caller, Answer<cs::ExecuteResponse>(std::move(responder), [](const cs::ExecuteResponse& response) -> const cs::CommandResult& {
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

Result<rpc::Caller> HttpGateway::WebhookCaller(const WebhookSource& source, const http::Request& request, std::string* delivery_id) const {
  if (!source.verifier) {
    Result<rpc::Caller> caller = CallerOf(request);
    if (!caller.ok()) return caller;
    if (caller->principal.tenant != source.tenant) return Error{ErrorCode::kNotFound, "no such webhook source"};
    *delivery_id = std::string(request.headers.Get("webhook-id"));
    return caller;
  }
  const std::string who = FailureLimit::CallerOf(request.remote_address, source.name + "_");
  if (const Status heard = parts_.failures.Check(who); !heard.ok()) return heard.error();
  const HeaderLookup lookup = [&request](std::string_view name) -> std::optional<std::string_view> {
    size_t found = 0;
    std::string_view value;
    for (const auto& [header, text] : request.headers.fields()) {
      if (!http::SameName(header, name)) continue;
      value = text;
      ++found;
    }
    if (found != 1) return std::nullopt;
    return value;
  };
  const Result<VerifiedWebhook> verified = source.verifier->Verify(lookup, request.body, parts_.clock.WallMs());
  if (!verified.ok()) {
    parts_.failures.Failed(who);
    return verified.error();
  }
  // An id that is not signed could be changed to bring the same delivery again: then the body itself is the id.
  if (verified->id_signed) *delivery_id = verified->id;
  const auto patience = static_cast<DurationMs>(static_cast<double>(kPatienceMs) * parts_.clock.Factor());
  return rpc::Caller{{source.tenant, source.name, {Role::kIntegrator}}, parts_.clock.WallMs() + patience,
                     runtime::TraceContext::ContinueOrNew(request.headers.Get("traceparent"))};
}

void HttpGateway::Webhook(const http::Request& request, http::Responder responder) {
  const auto refuse = [&](const Error& error) {
    parts_.metrics.Webhook(&error);
    SendWebhookError(responder, error);
  };
  const WebhookSource* source = parts_.webhooks.Find(request.params.at("source"));
  if (source == nullptr) return refuse(Error{ErrorCode::kNotFound, "no such webhook source"});
  std::string delivery_id;
  const Result<rpc::Caller> caller = WebhookCaller(*source, request, &delivery_id);
  if (!caller.ok()) return refuse(caller.error());
  http::JsonLimits limits;
  limits.max_bytes = kMostLargeBody;
  limits.max_values = kMostValues;
  const Result<nlohmann::json> body = http::ParseUntrustedJson(request.body, limits);
  if (!body.ok()) return refuse(body.error());
  const Result<std::vector<WebhookNews>> news = ReadWebhook(*source, *body, delivery_id);
  if (!news.ok()) return refuse(news.error());

  struct Gathering {
    explicit Gathering(http::Responder r, size_t count) : responder(std::move(r)), owed(count), results(count) {}
    http::Responder responder;
    std::atomic<size_t> owed;
    std::vector<nlohmann::ordered_json> results;
    std::mutex mutex;
    std::optional<Error> again;    ///< worth a repeat of the whole delivery: what has counted has no second effect
    std::optional<Error> refused;  ///< the first one
    size_t refusals = 0;
  };
  auto all = std::make_shared<Gathering>(std::move(responder), news->size());
  const auto finish = [this, all] {
    const bool hopeless = all->refusals == all->results.size() && all->refused;
    const Error* error = all->again ? &*all->again : hopeless ? &*all->refused : nullptr;
    parts_.metrics.Webhook(error);
    if (error != nullptr) return SendWebhookError(all->responder, *error);
    nlohmann::ordered_json answer;
    answer["results"] = std::move(all->results);
    all->responder.Send(http::JsonResponse(answer.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)));
  };
  if (news->empty()) return finish();
  for (size_t i = 0; i < news->size(); ++i) {
    const std::string root = news->size() == 1 ? "submission" : "submissions[" + std::to_string(i) + "]";
    parts_.news.Take((*news)[i].submission, root, source->name + "/" + (*news)[i].id, *caller, Protocol::kWebhook,
                     [all, finish, i](Result<News> taken) {
                       {
                         const std::lock_guard lock(all->mutex);
                         nlohmann::ordered_json& result = all->results[i];
                         if (taken.ok()) {
                           result["outcome"] = NewsName(taken->outcome);
                           if (!taken->answered.case_id.empty()) result["case_id"] = taken->answered.case_id.ToString();
                         } else {
                           const Error& error = taken.error();
                           result["outcome"] = "refused";
                           result["error"] = error.message;
                           const bool repeat = Retryable(error.code) || error.code == ErrorCode::kDeadlineExceeded || error.code == ErrorCode::kInternal;
                           (repeat ? all->again : all->refused) = error;
                           if (!repeat) ++all->refusals;
                         }
                       }
                       if (all->owed.fetch_sub(1, std::memory_order_acq_rel) == 1) finish();
                     });
  }
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

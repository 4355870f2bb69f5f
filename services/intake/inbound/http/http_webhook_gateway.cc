// HttpGateway's webhooks.
#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "common/core/mutex.h"
#include "common/http/json_guard.h"
#include "common/http/problem.h"
#include "services/intake/inbound/http/http_gateway.h"
#include "services/intake/inbound/http/webhook_gateway.h"

namespace escalon::intake {
namespace {

constexpr size_t kMostBody = 1 << 20;
constexpr size_t kMostValues = 200'000;
constexpr DurationMs kPatienceMs = 4 * kSecondMs;  ///< many senders give up after 5 s

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

Result<rpc::Caller> HttpGateway::WebhookCaller(const WebhookSource& source, const http::Request& request,
                                               std::string* delivery_id) const {
  if (!source.verifier) {
    Result<rpc::Caller> caller = CallerOf(request);
    if (!caller.ok()) return caller;
    if (caller->principal.tenant != source.tenant) return Error{ErrorCode::kNotFound, "no such webhook source"};
    *delivery_id = std::string(request.headers.Get("webhook-id"));
    return caller;
  }
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
  if (!verified.ok()) return verified.error();
  // An id that is not signed could be changed to bring the same delivery again: then the body itself is the id.
  if (verified->id_signed) *delivery_id = verified->id;
  return rpc::Caller{{source.tenant, source.name, {Role::kIntegrator}},
                     DeadlineIn(kPatienceMs),
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
  limits.max_bytes = kMostBody;
  limits.max_values = kMostValues;
  const Result<nlohmann::json> body = http::ParseUntrustedJson(request.body, limits);
  if (!body.ok()) return refuse(body.error());
  const Result<std::vector<WebhookNews>> news = ReadWebhook(*source, *body, delivery_id);
  if (!news.ok()) return refuse(news.error());

  struct Gathering {
    explicit Gathering(http::Responder r, size_t count) : responder(std::move(r)), owed(count), results(count) {}
    http::Responder responder;
    std::atomic<size_t> owed;
    Mutex mutex;
    std::vector<nlohmann::ordered_json> results ABSL_GUARDED_BY(mutex);
    /// Worth a repeat of the whole delivery: what has counted has no second effect.
    std::optional<Error> again ABSL_GUARDED_BY(mutex);
    std::optional<Error> refused ABSL_GUARDED_BY(mutex);  ///< the first one
    size_t refusals ABSL_GUARDED_BY(mutex) = 0;
  };
  auto all = std::make_shared<Gathering>(std::move(responder), news->size());
  const auto finish = [this, all] {
    const MutexLock lock(all->mutex);
    const bool hopeless = all->refusals == all->results.size() && all->refused;
    const Error* error = all->again ? &*all->again : hopeless ? &*all->refused : nullptr;
    parts_.metrics.Webhook(error);
    if (error != nullptr) return SendWebhookError(all->responder, *error);
    nlohmann::ordered_json answer;
    answer["results"] = std::move(all->results);
    all->responder.Send(
        http::JsonResponse(answer.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)));
  };
  if (news->empty()) return finish();
  for (size_t i = 0; i < news->size(); ++i) {
    const std::string root = news->size() == 1 ? "submission" : "submissions[" + std::to_string(i) + "]";
    parts_.news.Take((*news)[i].submission, root, source->name + "/" + (*news)[i].id, *caller, Protocol::kWebhook,
                     [all, finish, i](Result<News> taken) {
                       {
                         const MutexLock lock(all->mutex);
                         nlohmann::ordered_json& result = all->results[i];
                         if (taken.ok()) {
                           result["outcome"] = NewsName(taken->outcome);
                           if (!taken->answered.case_id.empty()) result["case_id"] = taken->answered.case_id.ToString();
                         } else {
                           const Error& error = taken.error();
                           result["outcome"] = "refused";
                           result["error"] = error.message;
                           const bool repeat = Retryable(error.code) || error.code == ErrorCode::kDeadlineExceeded ||
                                               error.code == ErrorCode::kInternal;
                           (repeat ? all->again : all->refused) = error;
                           if (!repeat) ++all->refusals;
                         }
                       }
                       if (all->owed.fetch_sub(1, std::memory_order_acq_rel) == 1) finish();
                     });
  }
}

}  // namespace escalon::intake

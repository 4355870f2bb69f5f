#include "services/notification/channels/webhook.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "absl/time/time.h"

namespace escalon::notification {
namespace {

constexpr DurationMs kLongestWishMs = kDayMs;

/// `requester-resolved` is about `resolved`.
std::string_view EventOf(std::string_view name) {
  const size_t dash = name.rfind('-');
  return dash == std::string_view::npos ? name : name.substr(dash + 1);
}

/// RFC 9110 §10.2.3: seconds, or a date.
DurationMs RetryAfter(std::string_view text, InstantMs now) {
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size()) {
    return seconds <= 0 ? 0 : std::min<int64_t>(seconds, kLongestWishMs / kSecondMs) * kSecondMs;
  }
  absl::Time at;
  std::string ignored;
  if (text.empty() || !absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", std::string(text), &at, &ignored)) return 0;
  return std::clamp<DurationMs>(absl::ToUnixMillis(at) - now, 0, kLongestWishMs);
}

}  // namespace

Result<WebhookSecrets> WebhookSecrets::Parse(std::string_view field, std::string_view text) {
  WebhookSecrets out;
  int number = 0;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream split(line);
    const std::vector<std::string> words{std::istream_iterator<std::string>(split), {}};
    if (words.empty() || words.front().front() == '#') continue;
    const std::string place = std::string(field) + ", line " + std::to_string(number);
    const std::string& name = words.front();
    if (name != "*" && name.find('/') == std::string::npos) {
      return InvalidField(place, "\"" + name + "\" must be *, tenant/* or tenant/person-or-team");
    }
    if (words.size() < 2) return InvalidField(place, "has no secret; write one as whsec_<base64>");
    std::vector<Secret> secrets;
    for (size_t i = 1; i < words.size(); ++i) {
      Result<Secret> secret = ParseWebhookSecret(place, words[i]);
      if (!secret.ok()) return secret.error();
      secrets.push_back(std::move(*secret));
    }
    Result<WebhookSigner> signer = WebhookSigner::Create(place, std::move(secrets));
    if (!signer.ok()) return signer.error();
    if (!out.signers_.emplace(name, std::move(*signer)).second)
      return InvalidField(place, "names " + name + " a second time");
  }
  return out;
}

const WebhookSigner* WebhookSecrets::For(const std::string& tenant, const std::string& receiver) const {
  for (const std::string& name : {tenant + "/" + receiver, tenant + "/*", std::string("*")}) {
    const auto found = signers_.find(name);
    if (found != signers_.end()) return &found->second;
  }
  return nullptr;
}

std::string WebhookBody(const Message& message) {
  const auto put = [](nlohmann::json& object, const char* key, const std::string& value) {
    if (!value.empty()) object[key] = value;
  };
  nlohmann::json data{{"purpose", Name(message.purpose)}, {"message", message.name}, {"tenant", message.tenant}};
  if (!message.case_id.empty()) {
    data["case_id"] = message.case_id.ToString();
    data["version"] = message.version;
    data["index"] = message.index;
    data["priority"] = Name(message.priority);
  }
  put(data, "person", message.person);
  put(data, "team", message.team);
  put(data, "title", message.title);
  put(data, "state", message.state);
  put(data, "level", message.level);
  put(data, "service", message.service);
  put(data, "external_ref", message.external_ref);
  put(data, "external_url", message.external_url);
  put(data, "why", message.why);
  put(data, "subject", message.subject);
  put(data, "text", message.text);
  put(data, "language", message.language);
  if (message.due_at != 0) data["due_at"] = FormatInstant(message.due_at);
  if (!message.links.empty()) data["links"] = message.links;
  if (!message.bundled.empty()) data["also"] = message.bundled;
  const nlohmann::json body{{"type", "case." + std::string(EventOf(message.name))},
                            {"timestamp", FormatInstant(message.intended_at)},
                            {"data", std::move(data)}};
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

SendResult JudgeAnswer(const Result<http::ClientResponse>& answer, InstantMs now) {
  using Kind = SendResult::Kind;
  SendResult out;
  if (!answer.ok()) {
    const bool for_good =
        answer.error().code == ErrorCode::kInvalidArgument || answer.error().code == ErrorCode::kPermissionDenied;
    out.kind = for_good ? Kind::kPermanent : Kind::kRetry;
    out.reason = answer.error().message;
    out.sink_in_trouble = !for_good && answer.error().code != ErrorCode::kResourceExhausted;
    out.retry_after_ms = answer.error().retry_after_ms;
    return out;
  }
  const int status = answer->status;
  if (status >= 200 && status < 300) {
    out.provider_ref = std::string(answer->headers.Get("x-request-id").substr(0, 128));
    return out;
  }
  out.reason = "answered " + std::to_string(status);
  if (status == 408 || status == 425 || status == 429 || status >= 500) {
    out.kind = Kind::kRetry;
    out.sink_in_trouble = status >= 500;
    out.retry_after_ms = RetryAfter(answer->headers.Get("retry-after"), now);
    return out;
  }
  out.kind = Kind::kPermanent;
  if (status >= 300 && status < 400) out.reason += "; redirects are not followed, put the final address in the roster";
  if (status == 401 || status == 403) out.reason += "; check the receiver's secret in webhook.secrets_file";
  if (status == 410) out.reason += "; the receiver is gone, remove it from the roster";
  return out;
}

std::string WebhookChannel::SinkOf(const std::string& address) const {
  const size_t start = address.find("://");
  if (start == std::string::npos) return "webhook";
  return "webhook:" + address.substr(start + 3, address.find_first_of("/?#", start + 3) - start - 3);
}

void WebhookChannel::Send(Message message, Done done) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = message.address;
  request.body = WebhookBody(message);
  request.timeout_ms = timeout_ms_;
  request.max_response_bytes = 1024;
  request.headers.Add("content-type", "application/json");
  const InstantMs now = clock_.WallMs();
  const WebhookSigner* signer = secrets_.For(message.tenant, message.person.empty() ? message.team : message.person);
  if (signer != nullptr) {
    Result<WebhookHeaders> signed_headers = signer->Sign(message.id, now, request.body);
    if (!signed_headers.ok()) return done({SendResult::Kind::kPermanent, signed_headers.error().message, 0, {}, false});
    request.headers.Add("webhook-id", signed_headers->id);
    request.headers.Add("webhook-timestamp", signed_headers->timestamp);
    request.headers.Add("webhook-signature", signed_headers->signature);
  } else {
    request.headers.Add("webhook-id", message.id);
    request.headers.Add("webhook-timestamp", std::to_string(now / kSecondMs));
  }
  if (!message.trace_parent.empty()) request.headers.Add("traceparent", message.trace_parent);
  client_.Send(std::move(request), [this, done = std::move(done)](Result<http::ClientResponse> answer) mutable {
    done(JudgeAnswer(answer, clock_.WallMs()));
  });
}

}  // namespace escalon::notification

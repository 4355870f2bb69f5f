#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/security/secret.h"

namespace escalon {

/// How a sender signs its webhooks. All are HMAC-SHA256 over raw bytes; they differ in headers, in what is signed and
/// in how it is written.
enum class SignatureScheme {
  kStandardWebhooks,  ///< webhook-id, -timestamp, -signature: `v1,<base64>` list over id.timestamp.body
  kSvix,              ///< the same under svix-id, -timestamp, -signature
  kGitHub,            ///< X-Hub-Signature-256: `sha256=<hex>` over the body
  kJira,              ///< X-Hub-Signature: `sha256=<hex>` over the body
  kPagerDutyV3,       ///< X-PagerDuty-Signature: `v1=<hex>` list over the body
  kSlack,             ///< X-Slack-Signature: `v0=<hex>` over v0:timestamp:body
  kZendesk,           ///< X-Zendesk-Webhook-Signature: base64 over timestamp + body, timestamp in RFC 3339
  kGrafana,           ///< X-Grafana-Alerting-Signature: hex over the body
};
/// `standard_webhooks`, `svix`, `github`, `jira`, `pagerduty_v3`, `slack`, `zendesk`, `grafana`; else InvalidField.
Result<SignatureScheme> ParseSignatureScheme(std::string_view field, std::string_view name);

inline constexpr DurationMs kWebhookToleranceMs = 5 * kMinuteMs;

/// The bytes of a `whsec_<base64 of 24 to 64 bytes>` secret.
Result<Secret> ParseWebhookSecret(std::string_view field, std::string_view text);
/// A fresh one of 32 random bytes, as text.
std::string NewWebhookSecret();

/// What goes out beside the body. On a retry the id stays and the rest is made anew.
struct WebhookHeaders {
  std::string id;         ///< webhook-id
  std::string timestamp;  ///< webhook-timestamp: Unix seconds
  std::string signature;  ///< webhook-signature: `v1,...`, one for each secret, separated by blanks
};

/// Signs outbound webhooks by Standard Webhooks. Several secrets while one is being rotated: the receiver accepts
/// either. Immutable; any thread.
class WebhookSigner {
 public:
  /// 1 to 8 secrets from ParseWebhookSecret.
  static Result<WebhookSigner> Create(std::string_view field, std::vector<Secret> secrets);
  /// `id`: 1 to 128 visible ASCII characters without `.`; the receiver's idempotency key. `at`: wall time of this try.
  Result<WebhookHeaders> Sign(std::string_view id, InstantMs at, std::string_view body) const;

 private:
  explicit WebhookSigner(std::vector<Secret> secrets) : secrets_(std::move(secrets)) {}
  std::vector<Secret> secrets_;
};

/// A header's value by its lower-case name; nothing when absent. Given twice on the wire counts as absent.
using HeaderLookup = std::function<std::optional<std::string_view>(std::string_view lower_case_name)>;

struct VerifiedWebhook {
  std::string id;          ///< the sender's id of the delivery; empty if the scheme has none
  bool id_signed = false;  ///< false: whoever saw the delivery can send it again under another id
  InstantMs sent_at = 0;   ///< 0: the scheme signs no time, so it may be a replay of any age
};

/// Judges inbound webhooks, on the raw body, before anything parses it. One scheme per source, no fallback to another.
/// Whoever accepts must remember `id` for at least twice the tolerance and treat a second one as a repeat.
/// Immutable; any thread.
class WebhookVerifier {
 public:
  /// 1 to 8 secrets of at least 16 bytes. For kStandardWebhooks and kSvix they come from ParseWebhookSecret; for the
  /// others they are the text that the sender was given.
  static Result<WebhookVerifier> Create(std::string_view field, SignatureScheme scheme, std::vector<Secret> secrets);
  /// kUnauthenticated, naming the header, for a missing, malformed, stale or wrong one. A timestamp may be off by
  /// kWebhookToleranceMs either way, no more.
  Result<VerifiedWebhook> Verify(const HeaderLookup& headers, std::string_view body, InstantMs now) const;

 private:
  WebhookVerifier(SignatureScheme scheme, std::vector<Secret> secrets)
      : scheme_(scheme), secrets_(std::move(secrets)) {}
  SignatureScheme scheme_;
  std::vector<Secret> secrets_;
};

/// One signature as the scheme writes it, such as `sha256=<hex>`; `id` and `timestamp` are texts of headers, ignored by
/// schemes that sign neither. For senders in tests and tools.
std::string SignatureOf(SignatureScheme scheme, const Secret& secret, std::string_view id, std::string_view timestamp,
                        std::string_view body);

}  // namespace escalon

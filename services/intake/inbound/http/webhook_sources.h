#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/security/webhook_signature.h"

namespace escalon::intake {

enum class WebhookFormat : uint8_t {
  kSubmission,    ///< Escalon's own words: a submission with its action, or `{"submissions": […]}`
  kAlertmanager,  ///< Prometheus Alertmanager's webhook, version 4
  kMapped,        ///< any JSON, read by pointers
};

/// Where a value stands in a foreign JSON (RFC 6901), and what it must be.
struct WhenField {
  std::string pointer;
  std::vector<std::string> any_of;
};

/// One sender that may call /v1/webhooks/{name}.
struct WebhookSource {
  std::string name;  ///< part of the address; also the submissions' source
  std::string tenant;
  WebhookFormat format = WebhookFormat::kSubmission;
  std::optional<WebhookVerifier> verifier;      ///< none: the caller shows an API key of this tenant instead
  std::map<std::string, std::string> fields;    ///< kMapped: field of a submission → pointer
  std::map<std::string, std::string> defaults;  ///< field of a submission → text, where the sender says nothing
  std::optional<WhenField> clear_when, close_when;
};

/// The file of option `webhooks.file`:
///
///     version: 1
///     sources:
///       - name: shop
///         tenant: acme
///         format: mapped            # submission (default), alertmanager, mapped
///         scheme: standard_webhooks  # default; svix, github, jira, pagerduty_v3, slack, zendesk, grafana
///         secrets: [whsec_…]         # none: an API key of the tenant is demanded (Alertmanager signs nothing)
///         fields: {title: /issue/fields/summary, external_ref: /issue/key}
///         defaults: {kind: incident}
///         close_when: {at: /issue/fields/status/name, is: [Done, Closed]}
///         clear_when: {at: /status, is: [resolved]}
///
/// It holds secrets, so nobody else may read it. Immutable; any thread.
class WebhookSources {
 public:
  WebhookSources() = default;
  /// Errors name the entry and the key in it (`sources[1].scheme`). Unknown keys are errors.
  static Result<WebhookSources> Load(const std::string& path);
  static Result<WebhookSources> Parse(const std::string& yaml);
  const WebhookSource* Find(std::string_view name) const;

 private:
  std::map<std::string, WebhookSource, std::less<>> sources_;
};

}  // namespace escalon::intake

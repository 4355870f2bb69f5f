#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/core/clock.h"
#include "common/http/client.h"
#include "common/security/webhook_signature.h"
#include "services/notification/channels/channel.h"

namespace escalon::notification {

/// The secrets that webhooks are signed with, most specific first: `tenant/person-or-team`, `tenant/*`, `*`. Immutable.
///
/// File: one line a name, `<name> whsec_<base64> [whsec_<base64> …]` (several while one is being rotated); empty lines
/// and lines that start with # are free.
class WebhookSecrets {
 public:
  WebhookSecrets() = default;
  /// Errors name `field` and the line.
  static Result<WebhookSecrets> Parse(std::string_view field, std::string_view text);
  /// nullptr: this receiver gets no signature.
  const WebhookSigner* For(const std::string& tenant, const std::string& receiver) const;

 private:
  std::map<std::string, WebhookSigner, std::less<>> signers_;
};

/// POST of JSON with the headers of Standard Webhooks: `webhook-id` is the same on every try, the timestamp is of the
/// try. 2xx is delivered; 408, 425, 429, 5xx, no connection and no answer in time are tried again (Retry-After is
/// passed on); everything else is for good, redirects too: they are not followed. The client's guard keeps private
/// addresses out of reach.
class WebhookChannel final : public Channel {
 public:
  WebhookChannel(http::Client& client, const Clock& clock, WebhookSecrets secrets, DurationMs timeout_ms)
      : client_(client), clock_(clock), secrets_(std::move(secrets)), timeout_ms_(timeout_ms) {}
  std::string_view name() const override { return "webhook"; }
  std::string SinkOf(const std::string& address) const override;
  void Send(Message message, Done done) override;

 private:
  http::Client& client_;
  const Clock& clock_;  ///< the machine's: receivers judge the timestamp
  const WebhookSecrets secrets_;
  const DurationMs timeout_ms_;
};

/// The body: `{"type":"case.escalated","timestamp":…,"data":{…}}`.
std::string WebhookBody(const Message& message);
/// What an answer means.
SendResult JudgeAnswer(const Result<http::ClientResponse>& answer, InstantMs now);

}  // namespace escalon::notification

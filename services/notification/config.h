#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/http/client.h"
#include "common/runtime/config.h"
#include "common/runtime/options.h"
#include "services/notification/application/dispatcher.h"
#include "services/notification/channels/mail_channel.h"
#include "services/notification/channels/webhook.h"

namespace escalon::notification {

runtime::Options ServiceOptions();
Status CheckOptions(const runtime::Config& config);

DispatchOptions DispatchFrom(const runtime::Config& config);
Result<http::ClientOptions> ClientFrom(const runtime::Config& config);
Result<WebhookSecrets> SecretsFrom(const runtime::Config& config);
/// nullopt: no relay is configured.
std::optional<MailChannel::Options> MailFrom(const runtime::Config& config);
Result<std::unique_ptr<Links>> LinksFrom(const runtime::Config& config);

}  // namespace escalon::notification

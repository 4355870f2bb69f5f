#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "common/core/result.h"
#include "escalon/submission/v1/submission.pb.h"
#include "services/intake/inbound/http/webhook_sources.h"

namespace escalon::intake {

/// One piece of news out of a webhook.
struct WebhookNews {
  submission::v1::Submission submission;  ///< with its action
  std::string id;  ///< names the news among those of the source: the same one twice has no second effect
};

/// What a delivery says. `delivery_id`: the sender's own id of it, empty: none. Errors: kInvalidArgument with the place
/// in the body. Pure, thread-safe.
Result<std::vector<WebhookNews>> ReadWebhook(const WebhookSource& source, const nlohmann::json& body,
                                             const std::string& delivery_id);

}  // namespace escalon::intake

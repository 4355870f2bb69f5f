#pragma once

#include <map>
#include <optional>
#include <string>

#include "common/security/signed_link.h"
#include "services/notification/application/delivery.h"

namespace escalon::notification {

/// Signed links back to intake, `<base>/l/<token>` (DESIGN §6): to acknowledge, for people who are paged; to see,
/// confirm, reject and rate, for the requester. Immutable.
class Links {
 public:
  /// No signer: no links.
  Links(std::optional<LinkSigner> signer, std::string base_url, DurationMs acknowledge_for, DurationMs requester_for);
  /// By action. `now`: they are valid from it on.
  std::map<std::string, std::string> For(const Delivery& delivery, InstantMs now) const;

 private:
  void Add(const Delivery& delivery, LinkAction action, const char* name, InstantMs expires_at,
           std::map<std::string, std::string>* links) const;

  const std::optional<LinkSigner> signer_;
  const std::string base_url_;
  const DurationMs acknowledge_for_, requester_for_;
};

}  // namespace escalon::notification

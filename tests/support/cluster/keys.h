#pragma once

#include <map>
#include <string>

#include "common/core/result.h"

namespace escalon::test {

/// Who may call a test's cluster, and the files that say so: credentials.yaml, links.keys, sealing.keys,
/// webhook.secrets,
/// webhooks.yaml (source `monitor`, which shows an API key, and `signed`, which signs).
class Keys {
 public:
  static Result<Keys> Write(const std::string& dir);

  /// `Bearer …` of a subject: the five services (all tenants); of tenant acme `source` (integrator), `ann` and `bob`
  /// (agents), `mia` (manager and approver), `reader`, `rita` (requester), `operator`; of globex `globex-source`,
  /// `globex-ann` (agent and manager), `globex-operator`. Unknown: aborts the test.
  const std::string& Of(const std::string& subject) const { return authorization_.at(subject); }
  /// The token alone.
  std::string Token(const std::string& subject) const { return Of(subject).substr(7); }

 private:
  std::map<std::string, std::string> authorization_;
};

}  // namespace escalon::test

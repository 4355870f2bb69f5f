#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/core/result.h"
#include "common/security/principal.h"

namespace escalon::load {

/// Somebody who may call the cluster, with the roles that their key has.
struct Holder {
  std::string subject;
  std::string tenant;
  std::vector<Role> roles;
};

/// The secrets of a private installation, written below one folder (all of mode 600):
///   credentials.yaml   hashed API keys             tokens   `subject token` a line, for the load generator
///   <subject>.key      the same one by one, the services' own among them
///   links.keys, sealing.keys, webhook.secrets
Status WriteSecrets(const std::string& dir, const std::vector<Holder>& holders);

/// The holders of a demonstration: the five services, an operator, a reader for the screen, the given sources as
/// integrators, and every person of the roster as an agent; those of `managers` also as manager and approver.
std::vector<Holder> HoldersOf(const std::string& tenant, const std::vector<std::string>& sources,
                              const std::vector<std::string>& people, const std::vector<std::string>& managers);

/// `authorization` metadata by subject, from a `tokens` file.
class Tokens {
 public:
  static Result<Tokens> Load(const std::string& path);
  /// nullptr: no key for that subject. Stable for the object's life.
  const std::string* Of(const std::string& subject) const;

 private:
  std::map<std::string, std::string> by_subject_;
};

/// A roster's text with its webhook addresses, which all begin with `http://127.0.0.1:8099/`, led to `sink`
/// (`http://host:port/`). `uncapped`: without the people's caps, for loads that no desk of that size would have.
std::string PointRosterAt(std::string roster, const std::string& sink, bool uncapped);

}  // namespace escalon::load

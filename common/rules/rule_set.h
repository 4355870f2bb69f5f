#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/policy.h"
#include "common/domain/roster.h"

namespace escalon::rules {

/// What is known of one version beside its rules.
struct VersionInfo {
  std::string id;
  uint32_t version = 0;
  std::string hash;  ///< SHA-256 of the YAML, hex
  std::string applied_by, comment, yaml;
  InstantMs applied_at = 0;
};

/// All rules and rosters of all tenants at one moment. Immutable; shared by shared_ptr<const RuleSet>; thread-safe.
class RuleSet {
 public:
  /// The policy that a tenant's new cases are opened under: the one applied last. nullptr: none.
  const Policy* Active(std::string_view tenant) const;
  /// By `id@version`. nullptr: not known here.
  const Policy* Pinned(std::string_view tenant, std::string_view name) const;
  /// Never fails: an empty roster before the first one is applied.
  const Roster& People(std::string_view tenant) const;
  std::vector<VersionInfo> Policies(std::string_view tenant) const;  ///< newest first
  std::vector<VersionInfo> Rosters(std::string_view tenant) const;   ///< newest first
  bool empty() const { return tenants_.empty(); }

 private:
  friend class LiveRules;
  struct Tenant {
    std::map<std::string, std::shared_ptr<const Policy>, std::less<>> policies;  ///< by id@version
    std::shared_ptr<const Policy> active;
    int64_t active_offset = -1;
    std::shared_ptr<const Roster> roster;
    uint32_t roster_version = 0;
    std::vector<VersionInfo> policy_versions, roster_versions;  ///< in the order applied
  };
  const Tenant* Of(std::string_view tenant) const;

  std::map<std::string, Tenant, std::less<>> tenants_;
  std::shared_ptr<const Roster> nobody_ = Roster::Empty();
};

}  // namespace escalon::rules

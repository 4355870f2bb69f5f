#include "common/rules/rule_set.h"

#include <algorithm>

namespace escalon::rules {

const RuleSet::Tenant* RuleSet::Of(std::string_view tenant) const {
  const auto found = tenants_.find(tenant);
  return found == tenants_.end() ? nullptr : &found->second;
}

const Policy* RuleSet::Active(std::string_view tenant) const {
  const Tenant* of = Of(tenant);
  return of != nullptr ? of->active.get() : nullptr;
}

const Policy* RuleSet::Pinned(std::string_view tenant, std::string_view name) const {
  const Tenant* of = Of(tenant);
  if (of == nullptr) return nullptr;
  const auto found = of->policies.find(name);
  return found == of->policies.end() ? nullptr : found->second.get();
}

const Roster& RuleSet::People(std::string_view tenant) const {
  const Tenant* of = Of(tenant);
  return of != nullptr && of->roster != nullptr ? *of->roster : *nobody_;
}

std::vector<VersionInfo> RuleSet::Policies(std::string_view tenant) const {
  const Tenant* of = Of(tenant);
  if (of == nullptr) return {};
  return {of->policy_versions.rbegin(), of->policy_versions.rend()};
}

std::vector<VersionInfo> RuleSet::Rosters(std::string_view tenant) const {
  const Tenant* of = Of(tenant);
  if (of == nullptr) return {};
  return {of->roster_versions.rbegin(), of->roster_versions.rend()};
}

}  // namespace escalon::rules

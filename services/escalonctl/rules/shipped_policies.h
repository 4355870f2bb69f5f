#pragma once

#include <string_view>
#include <vector>

namespace escalon::escalonctl {

/// One of deploy/policies, built in so that `policy init` needs no file of ours.
struct ShippedPolicy {
  std::string_view name;   ///< of its file
  std::string_view about;  ///< the first sentence of its comment
  std::string_view yaml;
};

/// By name. Made by embed_policies.cmake.
const std::vector<ShippedPolicy>& ShippedPolicies();

}  // namespace escalon::escalonctl

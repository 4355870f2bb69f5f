#pragma once

#include <string>
#include <vector>

#include "common/domain/vocabulary.h"

namespace escalon {

/// Who acts, as the credential says; never taken from the request's body (DESIGN §11).
struct Actor {
  std::string tenant;
  std::string subject;             ///< person id of the roster, integration id, or service name
  std::vector<std::string> roles;  ///< of security::Role, by name
  ActorKind kind = ActorKind::kHuman;
  auto operator<=>(const Actor&) const = default;
};

}  // namespace escalon

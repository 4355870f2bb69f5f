#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/result.h"

namespace escalon::runtime {

/// `host:port`, `[::1]:port` or `:port` (all interfaces) of a listener or a peer.
struct HostPort {
  std::string host;
  uint16_t port = 0;
  std::string ToString() const;
};

/// kInvalidArgument names `field`.
Result<HostPort> ParseHostPort(std::string_view text, std::string_view field);

}  // namespace escalon::runtime

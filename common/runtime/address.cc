#include "common/runtime/address.h"

#include <charconv>

namespace escalon::runtime {

std::string HostPort::ToString() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<HostPort> ParseHostPort(std::string_view text, std::string_view field) {
  const Error wrong =
      InvalidField(std::string(field), "must be host:port, [ipv6]:port or :port, not \"" + std::string(text) + "\"");
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[')) {
    if (!host.ends_with(']') || host.size() < 4) return wrong;
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":/ ") != std::string_view::npos) {
    return wrong;
  }
  uint16_t number = 0;
  const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (port.empty() || failure != std::errc() || end != port.data() + port.size()) return wrong;
  return HostPort{host.empty() ? "0.0.0.0" : std::string(host), number};
}

}  // namespace escalon::runtime

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"

namespace escalon::http {

/// Which resolved addresses a request may reach (against SSRF). Refuses loopback, private (RFC 1918, ULA), shared
/// (RFC 6598), link-local, multicast, unspecified, reserved and documentation ranges, also when an IPv6 address carries
/// an IPv4 one (mapped, compatible, NAT64, 6to4); an allow list opens ranges again. Immutable.
class AddressGuard {
 public:
  AddressGuard() = default;
  /// CIDRs or single addresses, `127.0.0.0/8`, `fd00::/8`. kInvalidArgument names the bad one.
  static Result<AddressGuard> WithAllowed(const std::vector<std::string>& cidrs);
  /// `ip` as inet_ntop prints it; what is no address is refused.
  bool Allows(std::string_view ip) const;

 private:
  struct Range {
    unsigned char bytes[16];  ///< IPv4 as mapped IPv6
    int bits;
  };
  std::vector<Range> allowed_;
};

}  // namespace escalon::http

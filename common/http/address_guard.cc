#include "common/http/address_guard.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace escalon::http {
namespace {

using Bytes = std::array<unsigned char, 16>;
constexpr int kMappedBits = 96;

// IPv4 becomes its mapped IPv6, so that one comparison serves both.
bool Parse(std::string_view text, Bytes* out, bool* v4) {
  const std::string ip(text);
  out->fill(0);
  *v4 = inet_pton(AF_INET, ip.c_str(), out->data() + 12) == 1;
  if (*v4) {
    (*out)[10] = (*out)[11] = 0xff;
    return true;
  }
  return inet_pton(AF_INET6, ip.c_str(), out->data()) == 1;
}

bool Within(const Bytes& ip, const unsigned char* range, int bits) {
  const auto whole = static_cast<size_t>(bits / 8);
  if (std::memcmp(ip.data(), range, whole) != 0) return false;
  const int rest = bits % 8;
  return rest == 0 || ((ip[whole] ^ range[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
}

struct Refused {
  const char* network;
  int bits;
};
// IANA's special-purpose registries (RFC 6890 and its updates), as far as they are not globally reachable.
constexpr Refused kRefusedV4[] = {{"0.0.0.0", 8},      {"10.0.0.0", 8},     {"100.64.0.0", 10}, {"127.0.0.0", 8},
                                  {"169.254.0.0", 16}, {"172.16.0.0", 12},  {"192.0.0.0", 24},  {"192.0.2.0", 24},
                                  {"192.88.99.0", 24}, {"192.168.0.0", 16}, {"198.18.0.0", 15}, {"198.51.100.0", 24},
                                  {"203.0.113.0", 24}, {"224.0.0.0", 4},    {"240.0.0.0", 4}};
constexpr Refused kRefusedV6[] = {{"::", 128},   {"::1", 128},        {"100::", 64},  {"2001::", 23},
                                  {"fc00::", 7}, {"2001:db8::", 32},  {"fe80::", 10}, {"fec0::", 10},
                                  {"ff00::", 8}, {"64:ff9b:1::", 48}, {"5f00::", 16}, {"3fff::", 20}};

bool IsRefused(const Bytes& ip);

// The IPv4 address inside `ip` from byte `at`.
bool EmbeddedIsRefused(const Bytes& ip, size_t at) {
  Bytes mapped{};
  mapped[10] = mapped[11] = 0xff;
  std::copy_n(ip.begin() + static_cast<std::ptrdiff_t>(at), 4, mapped.begin() + 12);
  return IsRefused(mapped);
}

bool IsRefused(const Bytes& ip) {
  Bytes range;
  bool v4;
  constexpr unsigned char kZeros[16] = {};
  Parse("::ffff:0:0", &range, &v4);
  if (Within(ip, range.data(), kMappedBits)) {
    for (const Refused& refused : kRefusedV4) {
      Parse(refused.network, &range, &v4);
      if (Within(ip, range.data(), kMappedBits + refused.bits)) return true;
    }
    return false;
  }
  for (const Refused& refused : kRefusedV6) {
    Parse(refused.network, &range, &v4);
    if (Within(ip, range.data(), refused.bits)) return true;
  }
  if (Within(ip, kZeros, 96)) return true;  // IPv4-compatible: obsolete
  Parse("64:ff9b::", &range, &v4);          // NAT64
  if (Within(ip, range.data(), 96)) return EmbeddedIsRefused(ip, 12);
  Parse("2002::", &range, &v4);  // 6to4
  if (Within(ip, range.data(), 16)) return EmbeddedIsRefused(ip, 2);
  return false;
}

}  // namespace

Result<AddressGuard> AddressGuard::WithAllowed(const std::vector<std::string>& cidrs) {
  AddressGuard guard;
  for (const std::string& cidr : cidrs) {
    const size_t slash = cidr.find('/');
    Bytes bytes;
    bool v4;
    const Error wrong{ErrorCode::kInvalidArgument,
                      "\"" + cidr + "\" is no address range; write one such as 10.0.0.0/8, fd00::/8 or 127.0.0.1"};
    if (!Parse(cidr.substr(0, slash), &bytes, &v4)) return wrong;
    int bits = v4 ? 32 : 128;
    if (slash != std::string::npos) {
      const char* end = cidr.data() + cidr.size();
      const int most = bits;
      const auto [last, failure] = std::from_chars(cidr.data() + slash + 1, end, bits);
      if (failure != std::errc() || last != end || bits < 0 || bits > most) return wrong;
    }
    Range range{};
    std::copy(bytes.begin(), bytes.end(), range.bytes);
    range.bits = v4 ? bits + kMappedBits : bits;
    guard.allowed_.push_back(range);
  }
  return guard;
}

bool AddressGuard::Allows(std::string_view ip) const {
  Bytes bytes;
  bool v4;
  if (!Parse(ip.substr(0, ip.find('%')), &bytes, &v4)) return false;
  for (const Range& range : allowed_)
    if (Within(bytes, range.bytes, range.bits)) return true;
  return !IsRefused(bytes);
}

}  // namespace escalon::http

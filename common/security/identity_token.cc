#include "common/security/identity_token.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "common/core/digest.h"
#include "common/security/secret.h"
#include "common/security/text_guard.h"

namespace escalon {
namespace {

using nlohmann::json;

constexpr char kKeysField[] = "identity.keys_file";
constexpr size_t kMaxKeysFile = 256 * 1024;
constexpr DurationMs kReadAgainMs = 10 * kSecondMs;
/// Seconds since 1970 that are still an instant of ours.
constexpr double kMostSeconds = 4e12;

Error Refused(const std::string& what) { return Error{ErrorCode::kUnauthenticated, "the bearer token " + what}; }

/// Parts of a token between the dots.
std::optional<std::array<std::string_view, 3>> Split(std::string_view token) {
  const size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return std::array{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
}

bool Decode(std::string_view part, std::string* bytes) {
  // One token, one text: padding is no part of it.
  return !part.empty() && part.find('=') == std::string_view::npos && FromBase64Url(part, bytes);
}

std::string TextOf(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

struct Header {
  TokenAlgorithm algorithm;
  std::string kid;
};

Result<Header> ReadHeader(std::string_view bytes) {
  const json header = json::parse(bytes, nullptr, false);
  if (!header.is_object()) return Refused("has no header that can be read");
  if (header.contains("crit")) return Refused("wants extensions (crit) that are not known here");
  const std::string algorithm = TextOf(header, "alg"), type = TextOf(header, "typ");
  const bool typed = type.empty() || type == "JWT" || type == "at+jwt" || type == "application/at+jwt";
  if (!typed) return Refused("is of a type that is no access token (typ)");
  Header out{TokenAlgorithm::kRs256, TextOf(header, "kid")};
  if (algorithm == "ES256") {
    out.algorithm = TokenAlgorithm::kEs256;
  } else if (algorithm != "RS256") {
    return Refused("must be signed with RS256 or ES256 (alg)");
  }
  if (out.kid.empty()) return Refused("does not name its key (kid)");
  return out;
}

/// Seconds, maybe with a fraction (RFC 7519 NumericDate).
std::optional<InstantMs> InstantOf(const json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_number()) return std::nullopt;
  const double seconds = found->get<double>();
  if (!(seconds >= 0 && seconds <= kMostSeconds)) return std::nullopt;
  return static_cast<InstantMs>(seconds * static_cast<double>(kSecondMs));
}

Status CheckTime(const json& claims, InstantMs now) {
  const std::optional<InstantMs> expires = InstantOf(claims, "exp");
  if (!expires) return Refused("does not say when it expires (exp)");
  if (now >= *expires + kTokenLeewayMs) return Refused("has expired (exp); get a new one");
  if (*expires > now + kMostTokenLifeMs + kTokenLeewayMs) return Refused("is good for more than 24 h (exp)");
  for (const char* name : {"nbf", "iat"}) {
    if (!claims.contains(name)) continue;
    const std::optional<InstantMs> from = InstantOf(claims, name);
    if (!from) return Refused(std::string("has no time in ") + name);
    if (now < *from - kTokenLeewayMs) return Refused(std::string("is not valid yet (") + name + "); check the clocks");
  }
  return {};
}

bool IsFor(const json& claims, const std::string& audience) {
  const auto found = claims.find("aud");
  if (found == claims.end()) return false;
  if (found->is_string()) return *found == audience;
  if (!found->is_array()) return false;
  for (const json& one : *found) {
    if (one.is_string() && one == audience) return true;
  }
  return false;
}

/// `a.b.c` as a name of its own first, since some providers' claims are addresses; then as a way into objects.
const json* Find(const json& claims, std::string_view path) {
  if (const auto whole = claims.find(std::string(path)); whole != claims.end()) return &*whole;
  const json* at = &claims;
  while (!path.empty()) {
    const size_t dot = path.find('.');
    if (!at->is_object()) return nullptr;
    const auto found = at->find(std::string(path.substr(0, dot)));
    if (found == at->end()) return nullptr;
    at = &*found;
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  }
  return at;
}

std::vector<std::string> WordsOf(const json* value) {
  std::vector<std::string> out;
  if (value == nullptr) return out;
  if (value->is_array()) {
    for (const json& one : *value) {
      if (one.is_string()) out.push_back(one.get<std::string>());
    }
  } else if (value->is_string()) {
    const std::string text = value->get<std::string>();
    for (size_t from = 0; from < text.size();) {
      const size_t end = std::min(text.find(' ', from), text.size());
      if (end > from) out.push_back(text.substr(from, end - from));
      from = end + 1;
    }
  }
  return out;
}

RoleSet RolesOf(const json& claims, const IdentityRules& rules) {
  RoleSet roles;
  for (const std::string& word : WordsOf(Find(claims, rules.roles_claim))) {
    if (!word.starts_with(rules.roles_prefix)) continue;
    const Result<Role> role = ParseRole("roles", std::string_view(word).substr(rules.roles_prefix.size()));
    if (role.ok() && *role != Role::kService) roles.Add(*role);
  }
  return roles;
}

Result<std::shared_ptr<const JsonWebKeys>> ReadKeys(const std::string& path) {
  const Result<std::string> text = ReadGuardedFile(kKeysField, path, kMaxKeysFile, false);
  if (!text.ok()) return text.error();
  Result<JsonWebKeys> keys = JsonWebKeys::Parse(kKeysField, *text);
  if (!keys.ok()) return keys.error();
  return std::make_shared<const JsonWebKeys>(std::move(*keys));
}

}  // namespace

Result<Principal> PrincipalOfClaims(std::string_view text, const IdentityRules& rules, InstantMs now) {
  const json claims = json::parse(text, nullptr, false);
  if (!claims.is_object()) return Refused("has no claims that can be read");
  if (TextOf(claims, "iss") != rules.issuer) return Refused("is from another issuer (iss)");
  if (!IsFor(claims, rules.audience)) return Refused("is for another audience (aud)");
  if (const Status time = CheckTime(claims, now); !time.ok()) return time.error();
  const std::string subject = TextOf(claims, "sub");
  if (!CheckId("sub", subject, IdKind::kSubject).ok()) return Refused("names nobody whom Escalon could know (sub)");
  const json* tenant = Find(claims, rules.tenant_claim);
  if (tenant == nullptr || !tenant->is_string() ||
      !CheckId("tenant", tenant->get_ref<const std::string&>(), IdKind::kTenant).ok()) {
    return Refused("names no tenant (" + rules.tenant_claim + ")");
  }
  const RoleSet roles = RolesOf(claims, rules);
  if (roles.empty()) {
    return Error{ErrorCode::kPermissionDenied, "the bearer token gives no role of Escalon (" + rules.roles_claim +
                                                   "); ask whoever runs the identity provider"};
  }
  return Principal{tenant->get<std::string>(), subject, roles};
}

Result<std::unique_ptr<IdentityTokens>> IdentityTokens::Load(IdentityRules rules, std::string keys_file) {
  if (rules.issuer.empty())
    return InvalidField("identity.issuer", "missing; the issuer's address as tokens have it in iss");
  if (rules.audience.empty()) return InvalidField("identity.audience", "missing; what tokens for Escalon have in aud");
  if (rules.tenant_claim.empty())
    return InvalidField("identity.tenant_claim", "missing; the tenant comes from the token");
  if (rules.roles_claim.empty()) return InvalidField("identity.roles_claim", "missing; the roles come from the token");
  auto keys = ReadKeys(keys_file);
  if (!keys.ok()) return keys.error();
  return std::unique_ptr<IdentityTokens>(new IdentityTokens(std::move(rules), std::move(keys_file), std::move(*keys)));
}

std::shared_ptr<const JsonWebKeys> IdentityTokens::KeysFor(std::string_view kid, InstantMs now) const {
  const MutexLock lock(mutex_);
  if (keys_->Knows(kid) || now - read_at_ < kReadAgainMs) return keys_;
  read_at_ = now;
  // While the file is wrong, the set that was good stays.
  if (auto fresh = ReadKeys(keys_file_); fresh.ok()) keys_ = std::move(*fresh);
  return keys_;
}

Result<Principal> IdentityTokens::Verify(std::string_view token, InstantMs now) const {
  if (token.size() > kMaxTokenBytes) return Refused("has more than 8 KiB");
  const auto parts = Split(token);
  std::string header, claims, signature;
  if (!parts || !Decode((*parts)[0], &header) || !Decode((*parts)[1], &claims) || !Decode((*parts)[2], &signature)) {
    return Refused("is no signed JWT");
  }
  const Result<Header> read = ReadHeader(header);
  if (!read.ok()) return read.error();
  const std::string_view input = token.substr(0, (*parts)[0].size() + 1 + (*parts)[1].size());
  if (!KeysFor(read->kid, now)->Verify(read->kid, read->algorithm, input, signature)) {
    return Refused("is not signed by a key of its issuer");
  }
  return PrincipalOfClaims(claims, rules_, now);
}

}  // namespace escalon

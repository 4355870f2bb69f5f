#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/core/instant.h"
#include "common/core/mutex.h"
#include "common/core/result.h"
#include "common/security/json_web_key.h"
#include "common/security/principal.h"

namespace escalon {

/// Whose tokens are taken, and where in them tenant and roles stand.
struct IdentityRules {
  std::string issuer;    ///< `iss`, to the letter
  std::string audience;  ///< has to be `aud`, or one of it
  std::string tenant_claim = "tenant";
  std::string roles_claim = "roles";  ///< a list or words with blanks; dots lead into objects: `realm_access.roles`
  std::string roles_prefix = {};      ///< only names that begin with it count, without it
};

/// A clock of the issuer may be off by so much.
inline constexpr DurationMs kTokenLeewayMs = kMinuteMs;
/// A token that is good for longer is refused: nothing could revoke it.
inline constexpr DurationMs kMostTokenLifeMs = 24 * kHourMs;
inline constexpr size_t kMaxTokenBytes = 8 * 1024;

/// Who is meant by the claims of a token whose signature is good: `iss`, `aud`, `exp`, `nbf`, `iat`, `sub`, tenant and
/// roles. Names of roles that Escalon does not have are passed over (the token serves other programs too); `service`
/// and all tenants (`*`) never come from a token. kUnauthenticated names the claim that is wrong; kPermissionDenied: no
/// role is left. Pure.
Result<Principal> PrincipalOfClaims(std::string_view claims, const IdentityRules& rules, InstantMs now);

/// Judges bearer tokens of an identity provider: JWT (RFC 7519) as RFC 8725 advises. The algorithm is one of
/// TokenAlgorithm and has to be that of the key that `kid` names in the configured set; keys and addresses inside the
/// token are never used; an unknown `crit` is refused.
///
/// The set is a file. A token with an unknown `kid` has it read again, at most every ten seconds, so that a provider
/// may rotate its keys without a restart here. Thread-safe; about 30 µs for RS256 and 80 µs for ES256.
class IdentityTokens {
 public:
  /// Errors name `identity.issuer`, `identity.audience`, `identity.keys_file` and what is wrong.
  static Result<std::unique_ptr<IdentityTokens>> Load(IdentityRules rules, std::string keys_file);

  /// `token`: what stands behind `Bearer `. The message never repeats any of it.
  Result<Principal> Verify(std::string_view token, InstantMs now) const;

 private:
  IdentityTokens(IdentityRules rules, std::string keys_file, std::shared_ptr<const JsonWebKeys> keys)
      : rules_(std::move(rules)), keys_file_(std::move(keys_file)), keys_(std::move(keys)) {}
  /// The set that knows `kid`, if any does.
  std::shared_ptr<const JsonWebKeys> KeysFor(std::string_view kid, InstantMs now) const;

  const IdentityRules rules_;
  const std::string keys_file_;
  mutable Mutex mutex_;  ///< held while the file is read
  mutable std::shared_ptr<const JsonWebKeys> keys_ ABSL_GUARDED_BY(mutex_);
  mutable InstantMs read_at_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace escalon

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/core/instant.h"
#include "common/core/mutex.h"
#include "common/core/result.h"
#include "common/security/identity_token.h"
#include "common/security/principal.h"

namespace escalon {

/// A new API key. `token` is shown once to its owner; only `hash` is kept.
struct NewKey {
  std::string key_id;
  std::string token;  ///< `escalon_<key id>_<secret>`: 12 of a-z 2-7, and 32 random bytes in hex
  std::string hash;   ///< `sha256:<salt>:<digest>`, in hex
};
NewKey NewApiKey();
/// The entry of the credentials file for a key, ready to append below `credentials:`.
std::string FormatCredential(const NewKey& key, const Principal& principal, InstantMs not_after = kNever);

struct CredentialTable;

/// The API keys of the installation, from a YAML file:
///
///     version: 1
///     credentials:
///       - key_id: k3jd72mzq4ab
///         tenant: acme                # or "*": all tenants, for the roles service and operator only
///         subject: itsm-prod          # who this is, as history shows it
///         roles: [integrator]
///         hash: "sha256:<salt>:<digest>"
///         not_after: 2031-01-01T00:00:00Z   # optional; from this instant on the key is refused
///         note: made for the March roll-out # optional
///
/// At rest there is a salted SHA-256 of the secret. A slow password hash would add nothing: the secret is 256 random
/// bits, which nobody can guess however fast a guess is, and every call would pay for it.
/// Removing an entry and Reload revokes a key at once.
///
/// Tokens of an identity provider are credentials too, once their judge was given.
///
/// Thread-safe: Authenticate runs on any number of threads while Reload swaps the whole table.
class Credentials {
 public:
  /// Errors name the path, or the entry and the key in it (`credentials[2].roles[0]`). Unknown keys are errors.
  static Result<std::unique_ptr<Credentials>> Load(std::string path);
  ~Credentials();

  /// Before anybody authenticates.
  void Accept(std::unique_ptr<const IdentityTokens> tokens) { tokens_ = std::move(tokens); }

  /// Reads the file again. On an error the table in force stays.
  Status Reload();

  /// `authorization`: the header's value, `Bearer escalon_...` or `Bearer <JWT>`; `now`: wall time. kUnauthenticated
  /// for whatever is not a valid key; the message does not tell a wrong secret from an unknown key and never repeats
  /// any of it. Compares in constant time. About 1 µs.
  Result<Principal> Authenticate(std::string_view authorization, InstantMs now) const;

  size_t size() const;

 private:
  Credentials(std::string path, std::shared_ptr<const CredentialTable> table);
  std::shared_ptr<const CredentialTable> Table() const;

  const std::string path_;
  std::unique_ptr<const IdentityTokens> tokens_;  ///< nullptr: API keys alone
  mutable Mutex mutex_;                           ///< held for a copy of the pointer alone
  std::shared_ptr<const CredentialTable> table_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace escalon

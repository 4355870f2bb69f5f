#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"

struct evp_pkey_st;

namespace escalon {

/// How an identity provider may sign a token (RFC 7518). A closed set on purpose: nothing symmetric, so that no public
/// key can be taken for a secret, and never `none`.
enum class TokenAlgorithm {
  kRs256,  ///< RSASSA-PKCS1-v1_5 with SHA-256, keys of 2048 to 8192 bits
  kEs256,  ///< ECDSA on P-256 with SHA-256
};

/// The public keys of an identity provider: a JWK set (RFC 7517). Immutable; any thread.
class JsonWebKeys {
 public:
  /// Takes the RSA and P-256 signature keys with a `kid`; keys for other uses and algorithms are passed over, as the
  /// RFC wants. Errors name `field`: no JSON, a key that is broken or too short, a private key, the same `kid` twice,
  /// no key left.
  static Result<JsonWebKeys> Parse(std::string_view field, std::string_view json);

  bool Knows(std::string_view kid) const { return Find(kid) != nullptr; }
  /// Whether `signature` (as JWS has it: for ES256 r ‖ s) over `input` was made with the key of that name, and that key
  /// is one of `algorithm`.
  bool Verify(std::string_view kid, TokenAlgorithm algorithm, std::string_view input, std::string_view signature) const;
  size_t size() const { return keys_.size(); }

 private:
  struct Key {
    std::string kid;
    TokenAlgorithm algorithm;
    std::shared_ptr<evp_pkey_st> key;
  };
  const Key* Find(std::string_view kid) const;
  friend class JsonWebKeyReader;

  std::vector<Key> keys_;
};

}  // namespace escalon

#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace escalon::test {

/// A key of an identity provider: signs tokens, and shows its public part as a JWK.
class IssuerKey {
 public:
  static IssuerKey Rsa(const std::string& kid, int bits = 2048);
  static IssuerKey Ec(const std::string& kid);

  /// Header and claims as they are, signed with the key's own algorithm, whatever the header says.
  std::string Sign(const nlohmann::json& header, const nlohmann::json& claims) const;
  std::string Sign(const nlohmann::json& claims) const { return Sign(Header(), claims); }
  nlohmann::json Header() const { return {{"alg", ec_ ? "ES256" : "RS256"}, {"typ", "JWT"}, {"kid", kid_}}; }
  nlohmann::json Jwk() const;
  /// The public key as PEM: what an attacker would take for a secret.
  std::string Pem() const;

 private:
  IssuerKey(std::string kid, bool ec, EVP_PKEY* key) : kid_(std::move(kid)), ec_(ec), key_(key, EVP_PKEY_free) {}
  std::string Number(const char* name) const;

  std::string kid_;
  bool ec_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace escalon::test

#include "common/security/json_web_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "common/core/digest.h"

namespace escalon {
namespace {

using nlohmann::json;

constexpr size_t kMaxSetBytes = 256 * 1024;
constexpr size_t kMaxKeys = 64;
constexpr size_t kMaxKidBytes = 128;
constexpr int kLeastRsaBits = 2048, kMostRsaBits = 8192;
constexpr size_t kCoordinateBytes = 32;

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* it) const {
    Free(it);
  }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

std::string TextOf(const json& key, const char* name) {
  const auto found = key.find(name);
  return found != key.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Number NumberOf(std::string_view bytes) {
  return Number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
}

/// A public key from its parameters, checked by OpenSSL; nullptr: it is none.
std::shared_ptr<EVP_PKEY> KeyOf(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext from(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* raw = nullptr;
  if (!parameters || !from || EVP_PKEY_fromdata_init(from.get()) != 1 ||
      EVP_PKEY_fromdata(from.get(), &raw, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  std::shared_ptr<EVP_PKEY> key(raw, EVP_PKEY_free);
  const KeyContext checked(EVP_PKEY_CTX_new_from_pkey(nullptr, raw, nullptr));
  if (!checked || EVP_PKEY_public_check(checked.get()) != 1) return nullptr;
  return key;
}

std::shared_ptr<EVP_PKEY> RsaKey(const json& key) {
  std::string n, e;
  if (!FromBase64Url(TextOf(key, "n"), &n) || !FromBase64Url(TextOf(key, "e"), &e) || n.empty() || e.empty())
    return nullptr;
  const Number modulus = NumberOf(n), exponent = NumberOf(e);
  const int bits = modulus ? BN_num_bits(modulus.get()) : 0;
  if (bits < kLeastRsaBits || bits > kMostRsaBits) return nullptr;
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder || !exponent || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return nullptr;
  }
  return KeyOf("RSA", builder.get());
}

std::shared_ptr<EVP_PKEY> EcKey(const json& key) {
  std::string x, y;
  if (!FromBase64Url(TextOf(key, "x"), &x) || !FromBase64Url(TextOf(key, "y"), &y)) return nullptr;
  if (x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) return nullptr;
  const std::string point = '\x04' + x + y;
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return nullptr;
  }
  return KeyOf("EC", builder.get());
}

/// What the key is for, as far as it is for us.
std::optional<TokenAlgorithm> AlgorithmOf(const json& key) {
  const std::string use = TextOf(key, "use"), algorithm = TextOf(key, "alg");
  if (!use.empty() && use != "sig") return std::nullopt;
  if (const auto operations = key.find("key_ops"); operations != key.end()) {
    if (!operations->is_array() || std::find(operations->begin(), operations->end(), "verify") == operations->end())
      return std::nullopt;
  }
  const std::string type = TextOf(key, "kty");
  if (type == "RSA" && (algorithm.empty() || algorithm == "RS256")) return TokenAlgorithm::kRs256;
  if (type == "EC" && TextOf(key, "crv") == "P-256" && (algorithm.empty() || algorithm == "ES256"))
    return TokenAlgorithm::kEs256;
  return std::nullopt;
}

/// r ‖ s as DER, which OpenSSL reads; empty: it is none.
std::string DerOf(std::string_view signature) {
  if (signature.size() != 2 * kCoordinateBytes) return {};
  Number r = NumberOf(signature.substr(0, kCoordinateBytes)), s = NumberOf(signature.substr(kCoordinateBytes));
  const EcSignature pair(ECDSA_SIG_new());
  if (!r || !s || !pair || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  // Both are the pair's now.
  [[maybe_unused]] const BIGNUM* const owned[] = {r.release(), s.release()};
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  if (size <= 0) return {};
  std::string der(static_cast<size_t>(size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(pair.get(), &out);
  return der;
}

}  // namespace

/// Reads the set into the keys.
class JsonWebKeyReader {
 public:
  explicit JsonWebKeyReader(std::string_view field) : field_(field) {}

  Status Read(const json& set, JsonWebKeys* out) const {
    const auto keys = set.is_object() ? set.find("keys") : set.end();
    if (!set.is_object() || keys == set.end() || !keys->is_array())
      return Wrong("", "must be a JWK set: {\"keys\": […]}");
    if (keys->size() > kMaxKeys) return Wrong("", "has more than 64 keys");
    for (size_t i = 0; i < keys->size(); ++i) {
      if (Status s = Add((*keys)[i], ".keys[" + std::to_string(i) + "]", out); !s.ok()) return s;
    }
    if (out->keys_.empty()) return Wrong("", "has no signature key for RS256 or ES256 with a kid");
    return {};
  }

 private:
  Status Wrong(const std::string& place, const std::string& what) const { return InvalidField(field_ + place, what); }

  Status Add(const json& key, const std::string& place, JsonWebKeys* out) const {
    if (!key.is_object()) return Wrong(place, "must be an object");
    for (const char* secret : {"d", "p", "q", "k"}) {
      if (key.contains(secret)) return Wrong(place, "holds a private or secret key; give the public part alone");
    }
    const std::optional<TokenAlgorithm> algorithm = AlgorithmOf(key);
    const std::string kid = TextOf(key, "kid");
    if (!algorithm || kid.empty()) return {};
    if (kid.size() > kMaxKidBytes) return Wrong(place + ".kid", "has more than 128 bytes");
    if (out->Knows(kid)) return Wrong(place + ".kid", "is there twice");
    std::shared_ptr<EVP_PKEY> made = *algorithm == TokenAlgorithm::kRs256 ? RsaKey(key) : EcKey(key);
    if (made == nullptr) return Wrong(place, "is no valid key: RSA of 2048 to 8192 bits, or a point on P-256");
    out->keys_.push_back({kid, *algorithm, std::move(made)});
    return {};
  }

  const std::string field_;
};

Result<JsonWebKeys> JsonWebKeys::Parse(std::string_view field, std::string_view json_text) {
  if (json_text.size() > kMaxSetBytes) return InvalidField(std::string(field), "has more than 256 KiB");
  const json set = json::parse(json_text, nullptr, false);
  if (set.is_discarded()) return InvalidField(std::string(field), "is no JSON");
  JsonWebKeys keys;
  if (Status s = JsonWebKeyReader(field).Read(set, &keys); !s.ok()) return s.error();
  return keys;
}

const JsonWebKeys::Key* JsonWebKeys::Find(std::string_view kid) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(), [kid](const Key& key) { return key.kid == kid; });
  return found == keys_.end() ? nullptr : &*found;
}

bool JsonWebKeys::Verify(std::string_view kid, TokenAlgorithm algorithm, std::string_view input,
                         std::string_view signature) const {
  const Key* key = Find(kid);
  if (key == nullptr || key->algorithm != algorithm) return false;
  const std::string der = algorithm == TokenAlgorithm::kEs256 ? DerOf(signature) : std::string();
  if (algorithm == TokenAlgorithm::kEs256) signature = der;
  if (signature.empty()) return false;
  const DigestContext context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key->key.get()) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(input.data()), input.size()) == 1;
}

}  // namespace escalon

#include "tests/support/token_issuer.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>

#include "common/core/digest.h"

namespace escalon::test {

using nlohmann::json;

IssuerKey IssuerKey::Rsa(const std::string& kid, int bits) {
  return {kid, false, EVP_RSA_gen(static_cast<unsigned>(bits))};
}
IssuerKey IssuerKey::Ec(const std::string& kid) { return {kid, true, EVP_EC_gen("P-256")}; }

std::string IssuerKey::Sign(const json& header, const json& claims) const {
  const std::string input = ToBase64Url(header.dump()) + "." + ToBase64Url(claims.dump());
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
  EXPECT_EQ(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()), 1);
  size_t size = 0;
  EXPECT_EQ(EVP_DigestSign(context.get(), nullptr, &size, bytes, input.size()), 1);
  std::string signature(size, '\0');
  EXPECT_EQ(
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, input.size()), 1);
  signature.resize(size);
  if (ec_) {
    const auto* at = reinterpret_cast<const unsigned char*>(signature.data());
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature.size())), ECDSA_SIG_free);
    std::string joined(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(joined.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + 32, 32);
    signature = joined;
  }
  return input + "." + ToBase64Url(signature);
}

std::string IssuerKey::Number(const char* name) const {
  BIGNUM* raw = nullptr;
  EXPECT_EQ(EVP_PKEY_get_bn_param(key_.get(), name, &raw), 1);
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(raw, BN_free);
  std::string bytes(ec_ ? 32 : static_cast<size_t>(BN_num_bytes(raw)), '\0');
  BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return ToBase64Url(bytes);
}

json IssuerKey::Jwk() const {
  if (ec_) {
    return {{"kty", "EC"},
            {"crv", "P-256"},
            {"use", "sig"},
            {"kid", kid_},
            {"x", Number(OSSL_PKEY_PARAM_EC_PUB_X)},
            {"y", Number(OSSL_PKEY_PARAM_EC_PUB_Y)}};
  }
  return {{"kty", "RSA"},
          {"use", "sig"},
          {"kid", kid_},
          {"n", Number(OSSL_PKEY_PARAM_RSA_N)},
          {"e", Number(OSSL_PKEY_PARAM_RSA_E)}};
}

std::string IssuerKey::Pem() const {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  EXPECT_EQ(PEM_write_bio_PUBKEY(out.get(), key_.get()), 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<size_t>(size)};
}

}  // namespace escalon::test

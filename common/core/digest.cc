#include "common/core/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>

namespace escalon {
namespace {

/// Fetched once: looking it up by its name costs more than a short digest.
const EVP_MD* Method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method != nullptr ? method : EVP_sha256();
}

EVP_MD_CTX* Context(void* context) { return static_cast<EVP_MD_CTX*>(context); }

constexpr char kStandard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kUrl[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string Encode64(std::string_view bytes, const char* alphabet, bool pad) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t n = bytes.size() - i < 3 ? bytes.size() - i : 3;
    uint32_t v = 0;
    for (size_t j = 0; j < 3; ++j) v = v << 8 | (j < n ? static_cast<uint8_t>(bytes[i + j]) : 0);
    for (size_t j = 0; j < 4; ++j) {
      if (j <= n) {
        out += alphabet[v >> (18 - 6 * j) & 0x3f];
      } else if (pad) {
        out += '=';
      }
    }
  }
  return out;
}

bool Decode64(std::string_view text, const char* alphabet, std::string* bytes) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  if (text.size() % 4 == 1) return false;
  bytes->clear();
  uint32_t v = 0;
  int bits = 0;
  const std::string_view letters(alphabet, 64);
  for (const char c : text) {
    const size_t value = letters.find(c);
    if (value == std::string_view::npos) return false;
    v = v << 6 | static_cast<uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      *bytes += static_cast<char>(v >> bits & 0xff);
    }
  }
  return (v & ((1u << bits) - 1)) == 0;  // bits that encode nothing must be 0: one text per value
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(Context(context_), Method(), nullptr); }
Sha256::~Sha256() { EVP_MD_CTX_free(Context(context_)); }

Sha256& Sha256::Add(std::string_view bytes) {
  EVP_DigestUpdate(Context(context_), bytes.data(), bytes.size());
  return *this;
}

Sha256& Sha256::AddByte(uint8_t byte) {
  EVP_DigestUpdate(Context(context_), &byte, 1);
  return *this;
}

Sha256& Sha256::AddBe32(uint32_t value) {
  const uint8_t bytes[] = {static_cast<uint8_t>(value >> 24), static_cast<uint8_t>(value >> 16),
                           static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
  EVP_DigestUpdate(Context(context_), bytes, sizeof bytes);
  return *this;
}

Sha256& Sha256::AddBe64(uint64_t value) {
  return AddBe32(static_cast<uint32_t>(value >> 32)).AddBe32(static_cast<uint32_t>(value));
}

Digest Sha256::Finish() {
  Digest out;
  EVP_DigestFinal_ex(Context(context_), out.data(), nullptr);
  return out;
}

Digest Sha256Of(std::string_view bytes) {
  // Kept, since a new context costs more than a short text.
  static thread_local const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                                       EVP_MD_CTX_free);
  Digest out;
  EVP_DigestInit_ex(context.get(), Method(), nullptr);
  EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
  EVP_DigestFinal_ex(context.get(), out.data(), nullptr);
  return out;
}

Digest HmacSha256(std::string_view key, std::string_view bytes) {
  Digest out;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
       bytes.size(), out.data(), nullptr);
  return out;
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string ToHex(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += kHex[static_cast<uint8_t>(c) >> 4];
    out += kHex[static_cast<uint8_t>(c) & 15];
  }
  return out;
}

std::string ToBase64(std::string_view bytes) { return Encode64(bytes, kStandard, true); }
std::string ToBase64Url(std::string_view bytes) { return Encode64(bytes, kUrl, false); }
bool FromBase64(std::string_view text, std::string* bytes) { return Decode64(text, kStandard, bytes); }
bool FromBase64Url(std::string_view text, std::string* bytes) { return Decode64(text, kUrl, bytes); }

}  // namespace escalon

#include "common/security/sealing.h"

#include <openssl/evp.h>

#include <cstdint>
#include <memory>

#include "common/core/random.h"

namespace escalon {
namespace {

constexpr uint8_t kFormat = 1;
constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;
constexpr size_t kHeaderBytes = 1 + 4;
constexpr size_t kMaxBytes = size_t{1} << 30;  // OpenSSL counts in int

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Making a context and fetching the cipher costs more than sealing a field: one of each direction per thread.
EVP_CIPHER_CTX* ThreadContext(bool sealing) {
  const auto make = [](bool encrypt) {
    Context context(EVP_CIPHER_CTX_new());
    EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, nullptr, nullptr, encrypt ? 1 : 0);
    return context;
  };
  thread_local const Context seal = make(true);
  thread_local const Context open = make(false);
  return sealing ? seal.get() : open.get();
}

uint8_t* Bytes(std::string* text) { return reinterpret_cast<uint8_t*>(text->data()); }
const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

void PutBe32(std::string* out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) *out += static_cast<char>(value >> shift & 0xff);
}

std::string Bound(std::string_view header, std::string_view tenant, std::string_view subject,
                  std::string_view associated_data) {
  std::string out;
  out.reserve(header.size() + 8 + tenant.size() + subject.size() + associated_data.size());
  out += header;
  PutBe32(&out, static_cast<uint32_t>(tenant.size()));
  out += tenant;
  PutBe32(&out, static_cast<uint32_t>(subject.size()));
  out += subject;
  out += associated_data;
  return out;
}

Error Corrupted() {
  return Error{ErrorCode::kInternal,
               "a sealed field is damaged or not this subject's; verify the log",
               {},
               std::string(kSealCorrupted)};
}

}  // namespace

Result<std::string> Sealer::Seal(std::string_view tenant, std::string_view subject, std::string_view plaintext,
                                 std::string_view associated_data) {
  if (plaintext.size() > kMaxBytes || associated_data.size() > kMaxBytes) {
    return InvalidField("plaintext", "too large to seal as one field");
  }
  const Result<SubjectKey> key = keys_.ForSealing(tenant, subject);
  if (!key) return key.error();

  std::string sealed;
  sealed.reserve(kSealOverhead + plaintext.size());
  sealed += static_cast<char>(kFormat);
  PutBe32(&sealed, key->generation);
  const std::string bound = Bound(sealed, tenant, subject, associated_data);
  sealed.resize(kSealOverhead + plaintext.size());
  uint8_t* nonce = Bytes(&sealed) + kHeaderBytes;
  uint8_t* cipher = nonce + kNonceBytes;
  SecureRandom(nonce, kNonceBytes);

  EVP_CIPHER_CTX* context = ThreadContext(true);
  int n = 0;
  const bool ok = EVP_EncryptInit_ex(context, nullptr, nullptr, key->key.data(), nonce) == 1 &&
                  EVP_EncryptUpdate(context, nullptr, &n, Bytes(bound), static_cast<int>(bound.size())) == 1 &&
                  EVP_EncryptUpdate(context, cipher, &n, Bytes(plaintext), static_cast<int>(plaintext.size())) == 1 &&
                  EVP_EncryptFinal_ex(context, cipher + plaintext.size(), &n) == 1 &&
                  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, cipher + plaintext.size()) == 1;
  if (!ok) return Error{ErrorCode::kInternal, "the cryptographic library refused to seal a field"};
  return sealed;
}

Result<std::string> Sealer::Open(std::string_view tenant, std::string_view subject, std::string_view sealed,
                                 std::string_view associated_data) {
  if (sealed.size() < kSealOverhead || sealed.size() > kMaxBytes + kSealOverhead ||
      static_cast<uint8_t>(sealed.front()) != kFormat || associated_data.size() > kMaxBytes) {
    return Corrupted();
  }
  const std::string_view header = sealed.substr(0, kHeaderBytes);
  uint32_t generation = 0;
  for (const char c : header.substr(1)) generation = generation << 8 | static_cast<uint8_t>(c);
  const Result<SubjectKey> key = keys_.ForOpening(tenant, subject, generation);
  if (!key) return key.error().code == ErrorCode::kInvalidArgument ? Corrupted() : key.error();

  const std::string bound = Bound(header, tenant, subject, associated_data);
  const uint8_t* nonce = Bytes(sealed) + kHeaderBytes;
  const size_t size = sealed.size() - kSealOverhead;
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string plaintext(size, '\0');
  EVP_CIPHER_CTX* context = ThreadContext(false);
  int n = 0;
  const bool ok = EVP_DecryptInit_ex(context, nullptr, nullptr, key->key.data(), nonce) == 1 &&
                  EVP_DecryptUpdate(context, nullptr, &n, Bytes(bound), static_cast<int>(bound.size())) == 1 &&
                  EVP_DecryptUpdate(context, Bytes(&plaintext), &n, nonce + kNonceBytes, static_cast<int>(size)) == 1 &&
                  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1 &&
                  EVP_DecryptFinal_ex(context, Bytes(&plaintext) + size, &n) == 1;
  if (!ok) return Corrupted();
  return plaintext;
}

}  // namespace escalon

#pragma once

#include <string>
#include <string_view>

#include "common/core/result.h"
#include "common/security/subject_keys.h"

namespace escalon {

/// `Error::detail` when sealed bytes are not what was sealed here: altered, cut, or moved to another tenant, subject or
/// field. kInternal: our own records are wrong.
inline constexpr std::string_view kSealCorrupted = "seal_corrupted";

/// Bytes that sealing adds to a field.
inline constexpr size_t kSealOverhead = 1 + 4 + 12 + 16;

/// Seals and opens personal fields with AES-256-GCM (NIST SP 800-38D): 0x01 · be32 key generation · 96-bit random nonce
/// · ciphertext · 128-bit tag. Bound to it: format, generation, tenant, subject and the caller's associated data (which
/// should name the field, and the case where fields of one subject must not be swapped). A random nonce is safe for
/// 2^32 fields per key, that is per subject. Thread-safe as far as `keys` is; about 1.5 µs to seal a small
/// field and 0.6 µs to open one.
class Sealer {
 public:
  /// `keys` must outlive this.
  explicit Sealer(SubjectKeys& keys) : keys_(keys) {}

  /// Errors are those of SubjectKeys, and InvalidField("plaintext") above 1 GiB.
  Result<std::string> Seal(std::string_view tenant, std::string_view subject, std::string_view plaintext,
                           std::string_view associated_data);
  /// Errors: kNotFound with kSubjectErased, kInternal with kSealCorrupted; else those of SubjectKeys, such as
  /// kUnavailable.
  Result<std::string> Open(std::string_view tenant, std::string_view subject, std::string_view sealed,
                           std::string_view associated_data);

 private:
  SubjectKeys& keys_;
};

}  // namespace escalon

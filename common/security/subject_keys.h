#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/core/digest.h"
#include "common/core/mutex.h"
#include "common/core/result.h"
#include "common/security/secret.h"

namespace escalon {

/// `Error::detail` when a subject's key was erased: the field can never be read again, by design. kNotFound.
inline constexpr std::string_view kSubjectErased = "subject_erased";

struct SubjectKey {
  uint32_t generation = 0;  ///< ≥ 1; in every sealed field
  Digest key{};             ///< AES-256
};

/// The keys of personal fields, one per (tenant, subject) and generation. An erasure makes everything sealed so far
/// unreadable; a subject who comes back later gets the next generation. Implementations are thread-safe and quick
/// (a cache in front of whatever they ask), since every case passes here.
class SubjectKeys {
 public:
  virtual ~SubjectKeys() = default;
  /// The key to seal with now.
  virtual Result<SubjectKey> ForSealing(std::string_view tenant, std::string_view subject) = 0;
  /// Errors: kNotFound with kSubjectErased for an erased generation; kInvalidArgument for one that never was.
  virtual Result<SubjectKey> ForOpening(std::string_view tenant, std::string_view subject, uint32_t generation) = 0;
  /// Everything sealed for the subject so far becomes unreadable. Not undone.
  virtual Status Erase(std::string_view tenant, std::string_view subject) = 0;
};

/// An erasure as a fact: generations up to and including this one are gone.
struct SubjectErasure {
  std::string tenant;
  std::string subject;
  uint32_t generation = 0;
  bool operator==(const SubjectErasure&) const = default;
};

/// Keys derived from one master key: HKDF-SHA256 with info = label · be32 len · tenant · be32 len · subject · be32
/// generation. For development: a derived key can be derived again by whoever has the master key, so an erasure here is
/// a refusal, not a destruction. Erasures are in memory; whoever keeps them (escalon.subject-key.v1) reads them from
/// Erasures and gives them back through Apply before the first Open.
class DevelopmentSubjectKeys final : public SubjectKeys {
 public:
  /// The ring's current key is the master key; it cannot be rotated (a new one makes all sealed fields unreadable).
  explicit DevelopmentSubjectKeys(const KeyRing& master);

  Result<SubjectKey> ForSealing(std::string_view tenant, std::string_view subject) override;
  Result<SubjectKey> ForOpening(std::string_view tenant, std::string_view subject, uint32_t generation) override;
  Status Erase(std::string_view tenant, std::string_view subject) override;

  /// Idempotent; never lowers a generation.
  void Apply(const SubjectErasure& erasure);
  /// One per subject with an erasure, in no order.
  std::vector<SubjectErasure> Erasures() const;

 private:
  using Cache = std::unordered_map<std::string, SubjectKey>;

  SubjectKey CurrentLocked(const std::string& scope) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyLocked(const std::string& scope, const SubjectErasure& erasure) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Digest pseudo_random_key_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, SubjectErasure> erased_ ABSL_GUARDED_BY(mutex_);
  // Two generations of the cache bound it and keep what is in use, without a list to maintain.
  Cache young_ ABSL_GUARDED_BY(mutex_);
  Cache old_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace escalon

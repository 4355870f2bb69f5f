#include "common/security/subject_keys.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "common/security/hkdf.h"

namespace escalon {
namespace {

constexpr std::string_view kSalt = "escalon development subject keys";
constexpr std::string_view kLabel = "escalon subject key v1\n";
constexpr size_t kCacheHalf = 32 * 1024;

void PutBe32(std::string* out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) *out += static_cast<char>(value >> shift & 0xff);
}

// Tenant and subject with their lengths: no two pairs share a text.
std::string ScopeOf(std::string_view tenant, std::string_view subject) {
  std::string scope;
  scope.reserve(8 + tenant.size() + subject.size());
  PutBe32(&scope, static_cast<uint32_t>(tenant.size()));
  scope += tenant;
  PutBe32(&scope, static_cast<uint32_t>(subject.size()));
  scope += subject;
  return scope;
}

Status CheckScope(std::string_view tenant, std::string_view subject) {
  if (tenant.empty()) return InvalidField("tenant", "empty; a personal field belongs to a tenant");
  if (subject.empty()) return InvalidField("subject", "empty; a personal field belongs to a person");
  return {};
}

}  // namespace

DevelopmentSubjectKeys::DevelopmentSubjectKeys(const KeyRing& master)
    : pseudo_random_key_(HkdfExtract(kSalt, master.current().key.Reveal())) {}

SubjectKey DevelopmentSubjectKeys::CurrentLocked(const std::string& scope) {
  if (const auto it = young_.find(scope); it != young_.end()) return it->second;
  SubjectKey key;
  if (const auto it = old_.find(scope); it != old_.end()) {
    key = it->second;
  } else {
    const auto erasure = erased_.find(scope);
    key.generation = erasure == erased_.end() ? 1 : erasure->second.generation + 1;
    std::string info = std::string(kLabel) + scope;
    PutBe32(&info, key.generation);
    std::string derived = HkdfExpand(pseudo_random_key_, info, key.key.size());
    std::copy(derived.begin(), derived.end(), key.key.begin());
    OPENSSL_cleanse(derived.data(), derived.size());
  }
  if (young_.size() >= kCacheHalf) {
    old_ = std::move(young_);
    young_.clear();
  }
  young_.emplace(scope, key);
  return key;
}

Result<SubjectKey> DevelopmentSubjectKeys::ForSealing(std::string_view tenant, std::string_view subject) {
  if (Status s = CheckScope(tenant, subject); !s) return s.error();
  const std::string scope = ScopeOf(tenant, subject);
  const MutexLock lock(mutex_);
  return CurrentLocked(scope);
}

Result<SubjectKey> DevelopmentSubjectKeys::ForOpening(std::string_view tenant, std::string_view subject,
                                                      uint32_t generation) {
  Result<SubjectKey> current = ForSealing(tenant, subject);
  if (!current) return current;
  if (generation >= 1 && generation < current->generation) {
    return Error{ErrorCode::kNotFound, "the personal data of this subject was erased", {}, std::string(kSubjectErased)};
  }
  if (generation != current->generation) return InvalidField("generation", "no such key of this subject");
  return current;
}

Status DevelopmentSubjectKeys::Erase(std::string_view tenant, std::string_view subject) {
  if (Status s = CheckScope(tenant, subject); !s) return s;
  const std::string scope = ScopeOf(tenant, subject);
  const MutexLock lock(mutex_);
  ApplyLocked(scope, {std::string(tenant), std::string(subject), CurrentLocked(scope).generation});
  return {};
}

void DevelopmentSubjectKeys::Apply(const SubjectErasure& erasure) {
  const std::string scope = ScopeOf(erasure.tenant, erasure.subject);
  const MutexLock lock(mutex_);
  ApplyLocked(scope, erasure);
}

void DevelopmentSubjectKeys::ApplyLocked(const std::string& scope, const SubjectErasure& erasure) {
  const auto [it, added] = erased_.try_emplace(scope, erasure);
  it->second.generation = std::max(it->second.generation, erasure.generation);
  for (Cache* cache : {&young_, &old_}) {
    if (const auto cached = cache->find(scope); cached != cache->end()) {
      OPENSSL_cleanse(cached->second.key.data(), cached->second.key.size());
      cache->erase(cached);
    }
  }
}

std::vector<SubjectErasure> DevelopmentSubjectKeys::Erasures() const {
  const MutexLock lock(mutex_);
  std::vector<SubjectErasure> all;
  all.reserve(erased_.size());
  for (const auto& [scope, erasure] : erased_) all.push_back(erasure);
  return all;
}

}  // namespace escalon

#include "services/intake/access/rate_limit.h"

#include <algorithm>
#include <cmath>

#include "common/core/digest.h"

namespace escalon::intake {
namespace {

constexpr std::chrono::minutes kWindow{1};
constexpr size_t kMostEntries = 10'000;
/// `escalon_<key id>_`: what a key shows of itself.
constexpr std::string_view kBearer = "Bearer ";
constexpr size_t kMostShown = 32;

}  // namespace

Status TenantRate::Take(std::string_view tenant, double count) {
  if (rate_ <= 0) return {};
  const double wanted = std::min(count, burst_);
  const auto now = clock_.Steady();
  const MutexLock lock(mutex_);
  const auto [found, fresh] = buckets_.try_emplace(std::string(tenant), Bucket{burst_, now});
  Bucket& bucket = found->second;
  const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.tokens = std::min(burst_, bucket.tokens + seconds * rate_);
  bucket.filled = now;
  if (bucket.tokens >= wanted) {
    bucket.tokens -= wanted;
    return {};
  }
  Error error{ErrorCode::kResourceExhausted,
              "tenant " + std::string(tenant) + " sends more than its limit; come back a little later"};
  error.retry_after_ms = std::max<int64_t>(1, std::llround((wanted - bucket.tokens) / rate_ * 1000));
  return error;
}

std::string FailureLimit::CallerOf(std::string_view address, std::string_view authorization) {
  std::string caller(address);
  if (authorization.starts_with(kBearer)) authorization.remove_prefix(kBearer.size());
  caller += ' ';
  if (const size_t signature = authorization.rfind('.'); signature != std::string_view::npos) {
    // A signed token: its claims tell its holder from others, who may come by the same proxy.
    return caller + ToHex(AsView(Sha256Of(authorization.substr(0, signature))).substr(0, kMostShown / 2));
  }
  const size_t secret = authorization.rfind('_');
  if (secret != std::string_view::npos) caller += authorization.substr(0, std::min(secret, kMostShown));
  return caller;
}

Status FailureLimit::Check(const std::string& caller) const {
  const auto now = clock_.Steady();
  const MutexLock lock(mutex_);
  if (entries_.empty()) return {};
  const auto found = entries_.find(caller);
  if (found == entries_.end() || found->second.failures < most_ || now - found->second.since >= kWindow) return {};
  Error error{ErrorCode::kResourceExhausted,
              "too many failed authentications; correct the credential and come back later"};
  error.retry_after_ms = std::chrono::ceil<std::chrono::milliseconds>(found->second.since + kWindow - now).count();
  return error;
}

void FailureLimit::Failed(const std::string& caller) {
  const auto now = clock_.Steady();
  const MutexLock lock(mutex_);
  if (entries_.size() >= kMostEntries && !entries_.contains(caller)) {
    std::erase_if(entries_, [now](const auto& entry) { return now - entry.second.since >= kWindow; });
    if (entries_.size() >= kMostEntries) entries_.clear();
  }
  Entry& entry = entries_[caller];
  if (entry.failures == 0 || now - entry.since >= kWindow) entry = Entry{0, now};
  ++entry.failures;
}

}  // namespace escalon::intake

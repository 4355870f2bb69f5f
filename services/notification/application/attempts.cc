#include "services/notification/application/attempts.h"

#include <algorithm>

namespace escalon::notification {

DurationMs AttemptPolicy::MaxAge(IntentPurpose purpose, Priority priority) const {
  const size_t index = priority == Priority::kUnset ? 2 : static_cast<size_t>(priority) - 1;
  return purpose == IntentPurpose::kPage ? page_max_age[index] : inform_max_age[index];
}

NextStep After(const AttemptPolicy& policy, const Tried& tried) {
  using Kind = NextStep::Kind;
  if (tried.result == SendResult::Kind::kDelivered) return {Kind::kDelivered, 0};
  const NextStep give_up{tried.more_contacts ? Kind::kNextContact : Kind::kDead, 0};
  if (tried.result == SendResult::Kind::kPermanent) return give_up;
  const bool page = tried.purpose == IntentPurpose::kPage;
  if (tried.more_contacts && tried.attempt >= policy.attempts_per_contact) return give_up;
  if (tried.more_contacts && page && tried.retry_after_ms > policy.patience_of_page_ms) return give_up;
  const Backoff& backoff = page ? policy.page : policy.inform;
  const DurationMs pause = backoff.Delay(static_cast<int>(tried.attempt) - 1, tried.random);
  const InstantMs at = tried.now + std::max(pause, tried.retry_after_ms);
  if (at > tried.expires_at) return give_up;
  return {Kind::kRetry, at};
}

}  // namespace escalon::notification

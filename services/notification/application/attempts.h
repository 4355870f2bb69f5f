#pragma once

#include <array>
#include <cstdint>

#include "common/core/backoff.h"
#include "common/domain/vocabulary.h"
#include "services/notification/channels/channel.h"

namespace escalon::notification {

/// How long and how often one delivery is tried.
struct AttemptPolicy {
  Backoff page{kSecondMs, 30 * kSecondMs};
  Backoff inform{5 * kSecondMs, 10 * kMinuteMs};
  uint32_t attempts_per_contact = 3;  ///< before the next one, if there is one
  /// From the intent, P1 first; afterwards the step's own wait has moved on.
  std::array<DurationMs, 4> page_max_age{15 * kMinuteMs, 30 * kMinuteMs, 4 * kHourMs, 8 * kHourMs};
  std::array<DurationMs, 4> inform_max_age{4 * kHourMs, 8 * kHourMs, kDayMs, kDayMs};
  /// A receiver's wish to be left alone for longer sends a page to the next contact at once.
  DurationMs patience_of_page_ms = 30 * kSecondMs;

  DurationMs MaxAge(IntentPurpose purpose, Priority priority) const;
};

/// What one attempt led to.
struct Tried {
  IntentPurpose purpose = IntentPurpose::kInform;
  uint32_t attempt = 1;  ///< on this contact, this one included
  bool more_contacts = false;
  InstantMs now = 0;
  InstantMs expires_at = 0;
  SendResult::Kind result = SendResult::Kind::kDelivered;
  DurationMs retry_after_ms = 0;
  uint64_t random = 0;
};

struct NextStep {
  enum class Kind : uint8_t { kDelivered, kRetry, kNextContact, kDead };
  Kind kind = Kind::kDelivered;
  InstantMs at = 0;  ///< of kRetry
};

/// Retry with growing pauses and jitter, never sooner than the receiver wishes; then the next contact; then dead. Pure.
NextStep After(const AttemptPolicy& policy, const Tried& tried);

}  // namespace escalon::notification

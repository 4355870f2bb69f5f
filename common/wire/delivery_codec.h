#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/ids.h"
#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/domain/vocabulary.h"

namespace escalon::delivery::v1 {
class DeliveryRecord;
}

/// The delivery log and the list of foreign input that was set aside. Pure, thread-safe.
namespace escalon::wire {

/// Numbers as in escalon.delivery.v1.DeliveryOutcome.
enum class DeliveryOutcome : uint8_t {
  kDelivered = 1,
  kRetrying = 2,
  kChannelFailed = 3,
  kDead = 4,
  kSuppressed = 5,
  kHeld = 6,
  kSkippedByRetention = 7,
  kDiscarded = 8,
};

/// One attempt or outcome of one intent for one person (proto/escalon/delivery/v1/delivery_records.proto).
struct DeliveryRecord {
  CaseId case_id;  ///< empty: a test page
  std::string tenant;
  uint64_t version = 0;  ///< of the record with the intent
  uint32_t index = 0;    ///< of the intent in that record
  std::string person;    ///< empty: the team's own channel
  std::string team;
  std::string channel;   ///< empty: none was tried
  uint32_t attempt = 0;  ///< from 1, per channel; 0: none
  DeliveryOutcome outcome = DeliveryOutcome::kDelivered;
  std::string reason;
  InstantMs at = 0;
  IntentPurpose purpose = IntentPurpose::kInform;
  std::string message;  ///< name of the template
  Priority priority = Priority::kUnset;
  InstantMs intended_at = 0;
  InstantMs next_attempt_at = 0;
  std::string provider_ref;
  std::string trace_parent;
  std::string resent_by;
  bool operator==(const DeliveryRecord&) const = default;
};

std::string EncodeDelivery(const DeliveryRecord& record);
/// Total: kInvalidArgument with the field.
Result<DeliveryRecord> DecodeDelivery(std::string_view bytes);
/// For DeliveryService's answers.
void ToProto(const DeliveryRecord& record, delivery::v1::DeliveryRecord* out);

/// One input that was set aside (proto/escalon/dlq/v1/dead_letter.proto).
struct DeadLetter {
  std::string tenant;
  std::string origin;      ///< the topic, or `http:/v1/…`
  int32_t partition = -1;  ///< -1: not a topic
  int64_t offset = -1;
  std::string key;
  std::string value;        ///< cut to kMaxDeadLetterBytes by EncodeDeadLetter
  uint64_t value_size = 0;  ///< of the whole
  std::string reason;
  std::string field;
  InstantMs at = 0;
  std::string service;
  bool operator==(const DeadLetter&) const = default;
};

inline constexpr size_t kMaxDeadLetterBytes = 256 * 1024;

std::string EncodeDeadLetter(const DeadLetter& letter);
/// Total: kInvalidArgument with the field.
Result<DeadLetter> DecodeDeadLetter(std::string_view bytes);

}  // namespace escalon::wire

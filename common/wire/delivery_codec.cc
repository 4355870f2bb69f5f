#include "common/wire/delivery_codec.h"

#include <algorithm>

#include "common/wire/events_codec.h"
#include "common/wire/mapping.h"
#include "escalon/delivery/v1/delivery_records.pb.h"
#include "escalon/dlq/v1/dead_letter.pb.h"

namespace escalon::wire {

template <>
struct EnumRange<DeliveryOutcome> {
  static constexpr int kFirst = static_cast<int>(DeliveryOutcome::kDelivered);
  static constexpr int kLast = static_cast<int>(DeliveryOutcome::kDiscarded);
};

namespace {

template <typename X>
void MapDelivery(X& x, D<X, DeliveryRecord> d, P<X, delivery::v1::DeliveryRecord> p) {
  WIRE_CASE_ID(case_id);
  WIRE_TEXT(tenant);
  WIRE_VALUE(version);
  WIRE_VALUE(index);
  WIRE_TEXT(person);
  WIRE_TEXT(team);
  WIRE_TEXT(channel);
  WIRE_VALUE(attempt);
  WIRE_ENUM(outcome);
  WIRE_TEXT(reason);
  WIRE_MILLIS(at);
  WIRE_ENUM(purpose);
  WIRE_TEXT(message);
  WIRE_ENUM(priority);
  WIRE_MILLIS(intended_at);
  WIRE_MILLIS(next_attempt_at);
  WIRE_TEXT(provider_ref);
  WIRE_TEXT(trace_parent);
  WIRE_TEXT(resent_by);
}

template <typename X>
void MapDeadLetter(X&, D<X, DeadLetter> d, P<X, dlq::v1::DeadLetter> p) {
  WIRE_TEXT(tenant);
  WIRE_TEXT(origin);
  WIRE_VALUE(partition);
  WIRE_VALUE(offset);
  WIRE_VALUE(key);
  WIRE_VALUE(value);
  WIRE_VALUE(value_size);
  WIRE_TEXT(reason);
  WIRE_TEXT(field);
  WIRE_MILLIS(at);
  WIRE_TEXT(service);
}

template <typename M>
bool Parse(std::string_view bytes, M* message) {
  return bytes.size() <= kMaxBodyBytes && message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

void ToProto(const DeliveryRecord& record, delivery::v1::DeliveryRecord* out) {
  out->Clear();
  Writer x;
  MapDelivery(x, record, *out);
}

std::string EncodeDelivery(const DeliveryRecord& record) {
  delivery::v1::DeliveryRecord message;
  ToProto(record, &message);
  return message.SerializeAsString();
}

Result<DeliveryRecord> DecodeDelivery(std::string_view bytes) {
  delivery::v1::DeliveryRecord message;
  if (!Parse(bytes, &message)) return InvalidField("delivery", "is no delivery record: too long, cut off or damaged");
  DeliveryRecord record;
  Reader x("delivery");
  MapDelivery(x, record, message);
  if (!x.ok()) return x.TakeError();
  return record;
}

std::string EncodeDeadLetter(const DeadLetter& letter) {
  dlq::v1::DeadLetter message;
  Writer x;
  MapDeadLetter(x, letter, message);
  if (letter.value.size() > kMaxDeadLetterBytes) message.mutable_value()->resize(kMaxDeadLetterBytes);
  if (letter.key.size() > kMaxDeadLetterBytes) message.mutable_key()->resize(kMaxDeadLetterBytes);
  message.set_value_size(std::max<uint64_t>(letter.value_size, letter.value.size()));
  return message.SerializeAsString();
}

Result<DeadLetter> DecodeDeadLetter(std::string_view bytes) {
  dlq::v1::DeadLetter message;
  if (!Parse(bytes, &message)) return InvalidField("dead_letter", "is no dead letter: too long, cut off or damaged");
  DeadLetter letter;
  Reader x("dead_letter");
  MapDeadLetter(x, letter, message);
  return letter;
}

}  // namespace escalon::wire

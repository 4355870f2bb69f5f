#pragma once

#include <string>
#include <string_view>

#include "common/core/result.h"
#include "common/domain/event.h"

namespace escalon::events::v1 {
class Event;
}

/// The body of an events record (proto/escalon/events/v1/events.proto) to values and back. Pure, thread-safe.
namespace escalon::wire {

/// Of a body, stored or received.
inline constexpr size_t kMaxBodyBytes = 1 << 20;

/// `Error::detail` of a batch with an event whose kind this version does not know: the case cannot be folded here and
/// is quarantined; the shard goes on (DESIGN §9).
inline constexpr std::string_view kUnknownKind = "unknown_event_kind";
inline bool IsUnknownKind(const Error& error) { return error.detail == kUnknownKind; }

/// The same value gives the same bytes, always: the hash chain rests on them. Never fails; a text that is not UTF-8 is
/// mended (each bad byte becomes U+FFFD).
void EncodeBatch(const EventBatch& batch, std::string* out);
std::string EncodeBatch(const EventBatch& batch);

/// Total: any bytes give a value or kInvalidArgument with the path of the field (`events[3].escalated.track`).
Result<EventBatch> DecodeBatch(std::string_view bytes);

/// One event as data for a query's answer; without its sealed bytes, which are nobody's business outside.
void ToProto(const Event& event, events::v1::Event* out);

}  // namespace escalon::wire

#pragma once

#include <google/protobuf/timestamp.pb.h>

#include "common/core/instant.h"

/// Instants in messages for people: google.protobuf.Timestamp, RFC 3339 in JSON.
namespace escalon::wire {

/// 9999-12-31T23:59:59.999Z, the last instant that a Timestamp can say: stands for kNever.
inline constexpr InstantMs kLastTimestamp = 253'402'300'799'999;

void PutTime(InstantMs at, google::protobuf::Timestamp* out);
/// False unless it lies after 1970-01-01T00:00:00Z and before the year 2200, or is kNever's. Digits after the
/// millisecond are cut off.
bool TimeOf(const google::protobuf::Timestamp& time, InstantMs* out);

}  // namespace escalon::wire

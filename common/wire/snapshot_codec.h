#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/result.h"
#include "common/domain/case.h"

/// The whole state of a case to bytes and back (proto/escalon/events/v1/snapshot.proto): what Redis holds and what a
/// base carries. Decode(Encode(c)) is c, exactly. Pure, thread-safe.
namespace escalon::wire {

/// The same value gives the same bytes. Never fails; a text that is not UTF-8 is mended.
void EncodeCase(const Case& c, std::string* out);
std::string EncodeCase(const Case& c);

/// Total: any bytes give a value or kInvalidArgument with the path of the field (`clocks[2].alarms[0].kind`). An id and
/// a version are required.
Result<Case> DecodeCase(std::string_view bytes);

struct SnapshotHead {
  std::string tenant;
  uint64_t version = 0;
};
/// Of bytes that EncodeCase gave, without the cost of decoding them.
SnapshotHead HeadOfSnapshot(std::string_view bytes);

}  // namespace escalon::wire

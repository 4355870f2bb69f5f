#pragma once

#include "common/core/result.h"
#include "common/domain/event.h"

namespace escalon::common::v1 {
class Facts;
class TraceLine;
}  // namespace escalon::common::v1

/// Facts and trace lines as values and on the wire, for services that speak of a case without its events. Pure,
/// thread-safe.
namespace escalon::wire {

/// kInvalidArgument with the path of the field below `facts`.
Result<Facts> FromProto(const common::v1::Facts& facts);
void ToProto(const TraceLine& line, common::v1::TraceLine* out);

}  // namespace escalon::wire

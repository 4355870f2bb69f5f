#include "common/wire/facts_codec.h"

#include "common/wire/map_common.h"

namespace escalon::wire {

Result<Facts> FromProto(const common::v1::Facts& facts) {
  Facts out;
  Reader x("facts");
  Map(x, out, facts);
  if (!x.ok()) return x.TakeError();
  return out;
}

void ToProto(const TraceLine& line, common::v1::TraceLine* out) {
  out->Clear();
  Writer x;
  Map(x, line, *out);
}

}  // namespace escalon::wire

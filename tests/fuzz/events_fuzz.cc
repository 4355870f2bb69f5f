#include "common/wire/events_codec.h"
#include "common/wire/protobuf_log.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace escalon;
  static const bool silent = (wire::SilenceProtobufLog(), true);
  (void)silent;
  const Result<EventBatch> read = wire::DecodeBatch(fuzz::TextOf(data, size));
  if (!read.ok()) return 0;
  const std::string bytes = wire::EncodeBatch(*read);
  const Result<EventBatch> again = wire::DecodeBatch(bytes);
  fuzz::Must(again.ok(), "what was decoded can be encoded and decoded");
  fuzz::Must(wire::EncodeBatch(*again) == bytes, "the same value has the same bytes");
  return 0;
}

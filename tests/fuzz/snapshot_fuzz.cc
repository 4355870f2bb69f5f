#include "common/wire/protobuf_log.h"
#include "common/wire/snapshot_codec.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace escalon;
  static const bool silent = (wire::SilenceProtobufLog(), true);
  (void)silent;
  const Result<Case> read = wire::DecodeCase(fuzz::TextOf(data, size));
  if (!read.ok()) return 0;
  const std::string bytes = wire::EncodeCase(*read);
  const Result<Case> again = wire::DecodeCase(bytes);
  fuzz::Must(again.ok(), "what was decoded can be encoded and decoded");
  fuzz::Must(wire::EncodeCase(*again) == bytes, "the same value has the same bytes");
  return 0;
}

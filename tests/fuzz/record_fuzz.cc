#include "common/log/envelope.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace escalon;
  const std::string_view bytes = fuzz::TextOf(data, size);
  (void)log::DecodeFence(bytes);
  (void)log::DecodeBaseBegin(bytes);
  (void)log::DecodeBaseKeys(bytes);
  (void)log::DecodeBaseEnd(bytes);
  const Result<log::Record> read = log::Decode(bytes);
  if (!read.ok()) return 0;
  std::string again;
  fuzz::Must(log::Encode(read->head, read->body, &again).ok(), "what was decoded can be encoded");
  const Result<log::Record> twice = log::Decode(again);
  fuzz::Must(twice.ok() && twice->head == read->head && twice->body == read->body, "and decoded to the same");
  return 0;
}

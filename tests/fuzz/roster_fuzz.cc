#include "common/documents/roster_document.h"
#include "common/domain/roster.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace escalon;
  Result<RosterDocument> read = ParseRoster(fuzz::TextOf(data, size));
  if (read.ok()) {
    read->tenant = "acme";
    read->version = 1;
    fuzz::Must(Roster::Build(*read).ok(), "a roster that is taken can be built");
  } else {
    fuzz::Must(!read.error().fields.empty() || !read.error().message.empty(), "a refusal says why");
  }
  return 0;
}

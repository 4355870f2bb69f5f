#include "common/history/case_lines.h"
#include "common/history/event_log.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace escalon;
  const std::string_view text = fuzz::TextOf(data, size);
  const auto lines = history::ReadCaseLines(text);
  if (!lines.ok()) fuzz::Must(!lines.error().message.empty(), "a refusal says why");
  const auto log = history::ReadEventLog(text);
  if (log.ok()) (void)history::HistoryOf(*log, "fuzz", false);
  return 0;
}

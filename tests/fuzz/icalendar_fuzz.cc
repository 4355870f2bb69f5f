#include "common/icalendar/reader.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace escalon;
  const icalendar::Span span{LocalDate(2030, 1, 1), LocalDate(2031, 1, 1)};
  const Result<icalendar::Contents> read = icalendar::ReadCalendar(fuzz::TextOf(data, size), span, std::nullopt);
  if (read.ok()) fuzz::Must(read->events.size() <= icalendar::kMostOccurrences, "occurrences are bounded");
  return 0;
}

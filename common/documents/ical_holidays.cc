#include "common/documents/calendar_section.h"
#include "common/documents/values.h"
#include "common/icalendar/reader.h"

namespace escalon::documents {
namespace {

/// What a calendar of working hours can ever be asked for, however old the document is by then.
const icalendar::Span kYears{LocalDate(2000, 1, 1), LocalDate(2101, 1, 1)};

}  // namespace

bool ReadIcalHolidays(const Value& value, std::set<LocalDate>* out) {
  if (!value.is_text()) {
    value.Fault("must be the text of an iCalendar file, as a block after |");
    return false;
  }
  const Result<icalendar::Contents> contents = icalendar::ReadCalendar(value.node->text, kYears, Zone());
  if (!contents) {
    value.Fault("is no calendar of holidays: " + contents.error().message);
    return false;
  }
  for (const FieldViolation& finding : contents->findings) value.Fault(finding.field + " of it: " + finding.message);
  for (const icalendar::Event& event : contents->events) {
    if (!event.all_day) {
      value.Fault("line " + std::to_string(event.line) + " of it: a holiday is a whole day; write DTSTART;VALUE=DATE");
      return false;
    }
    for (LocalDate day = event.first; day < event.after_last; ++day) out->insert(day);
  }
  return contents->findings.empty();
}

}  // namespace escalon::documents

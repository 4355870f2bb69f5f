#pragma once

#include <string>
#include <vector>

#include "common/domain/roster.h"
#include "common/icalendar/reader.h"

/// Pure: from an iCalendar file to what is pasted into a roster.
namespace escalon::escalonctl {

struct ImportWish {
  std::string person;    ///< whose calendar it is; empty: as each event says
  std::string schedule;  ///< overrides that add the person there; empty: absences
};

struct Import {
  std::string yaml;                      ///< a section of a roster; empty: there is nothing to take over
  std::vector<FieldViolation> findings;  ///< `line 12`: what was not taken over and why
};

/// Whose an event is: the one wished for, that of the export's own mark, the roster's person with the address of an
/// attendee, or the one whose id or name is the whole summary.
Import ImportOf(const Roster& roster, const icalendar::Contents& contents, const ImportWish& wish);

}  // namespace escalon::escalonctl

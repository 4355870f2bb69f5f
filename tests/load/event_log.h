#pragma once

#include <istream>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/domain/vocabulary.h"

namespace escalon::load {

/// Where a state of the log leads, in our words.
enum class LogState : uint8_t {
  kNew,
  kActive,
  kPendingCustomer,
  kPendingVendor,
  kPendingProblem,
  kPendingEvidence,
  kResolved,
  kClosed,
  kOther,  ///< none of these: the row changes no state
};

/// One row: how a case stood after a change.
struct LogRow {
  InstantMs at = 0;  ///< of the change; the log's clock is taken as UTC
  LogState state = LogState::kNew;
  std::string group, person;  ///< ids fit for a roster; empty: not known
  Grade impact = Grade::kUnset, urgency = Grade::kUnset;
  std::string category, subcategory;
  std::string by;      ///< who changed it, as the log says
  std::string change;  ///< its number
  bool operator==(const LogRow&) const = default;
};

/// One case of the log with its rows in the log's order. Fields that are filled only at the end of a case stay out, but
/// for `made_sla`, which nothing but the final comparison sees.
struct LogCase {
  std::string number;
  InstantMs opened_at = 0;
  std::string caller, location, symptom, contact_type;
  std::vector<LogRow> rows;
  Priority last_priority = Priority::kUnset;
  bool made_sla = true;  ///< as the last row says
};

/// Names of the columns.
struct LogColumns {
  std::string number = "number", state = "incident_state", changed_at = "sys_updated_at", changed_by = "sys_updated_by",
              change = "sys_mod_count", opened_at = "opened_at", group = "assignment_group", person = "assigned_to",
              impact = "impact", urgency = "urgency", priority = "priority", category = "category",
              subcategory = "subcategory", caller = "caller_id", location = "location", symptom = "u_symptom",
              contact_type = "contact_type", made_sla = "made_sla";
};

/// Reads an ITSM's event log: CSV with a header, one row a change, rows of one case in their order. `?` is a missing
/// value, instants are `d/m/yyyy HH:MM`. Errors name line and column.
Result<std::vector<LogCase>> ReadEventLog(std::istream& in, const LogColumns& columns = {});

/// `d/m/yyyy HH:MM` in UTC.
Result<InstantMs> ParseLogTime(const std::string& text);
LogState ParseLogState(const std::string& text);
/// `Group 70` is `group-70`; `?` is empty.
std::string IdOf(const std::string& text);

/// A roster of everybody who works in the log: a team for each group with all who were ever given a case in it, a desk,
/// duty managers; everybody is told through the service's own log. YAML.
std::string RosterOfLog(const std::vector<LogCase>& cases);

}  // namespace escalon::load

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/domain/vocabulary.h"
#include "common/simulation/historic_case.h"

namespace escalon::history {

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
  kCancelled,
  kOther,  ///< none of these: the row changes no state
};

/// One row: how a case stood after a change.
struct LogRow {
  InstantMs at = 0;  ///< of the change; an instant without a zone is taken in that of the log
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
  std::string caller, location, symptom, contact_type, kind, title, service, region, customer;
  std::vector<LogRow> rows;
  Priority last_priority = Priority::kUnset;
  bool made_sla = true;  ///< as the last row says; true where the log has no such column
};

/// Names of the columns, and what stands in them. As they are: those of ServiceNow's audit trail of incidents.
struct LogColumns {
  std::string number = "number", state = "incident_state", changed_at = "sys_updated_at", changed_by = "sys_updated_by",
              change = "sys_mod_count", opened_at = "opened_at", group = "assignment_group", person = "assigned_to",
              impact = "impact", urgency = "urgency", priority = "priority", category = "category",
              subcategory = "subcategory", caller = "caller_id", location = "location", symptom = "u_symptom",
              contact_type = "contact_type", made_sla = "made_sla", kind = "kind", title = "short_description",
              service = "service", region = "region", customer = "customer";
  /// A log of one row a case: when it was taken up, resolved and closed. Used when there is no column `changed_at`.
  std::string acknowledged_at = "acknowledged_at", resolved_at = "resolved_at", closed_at = "closed_at";
  std::map<std::string, LogState, std::less<>> states = {};  ///< words beside the usual ones, in small letters
  std::string zone = "UTC";                                  ///< IANA, of instants that name none
};

/// Takes `name=column`, `name` being that of a member above. False: no such name.
bool SetColumn(LogColumns* columns, std::string_view name, std::string column);
/// The names that SetColumn takes, with commas.
std::string ColumnNames();
/// `new`, `active`, `pending_customer`, … ; false: no such word.
bool ParseLogStateWord(std::string_view word, LogState* state);

/// Reads an ITSM's event log: CSV with a header, one row a change, rows of one case in their order; or, without a
/// column `changed_at`, one row a case. `?` and nothing are missing values; instants are `d/m/yyyy HH:MM[:SS]`,
/// `yyyy-mm-dd HH:MM[:SS]` or RFC 3339. Errors name line and column.
Result<std::vector<LogCase>> ReadEventLog(std::string_view text, const LogColumns& columns = {});

/// One of the forms above.
Result<InstantMs> ParseLogTime(std::string_view text, const std::string& zone = "UTC");
LogState ParseLogState(std::string_view text, const LogColumns& columns = {});
/// `customer`, `vendor`, …: the pending reason of a state; empty: none.
std::string_view PendingReasonOf(LogState state);
/// `Group 70` is `group-70`; `?` is empty.
std::string IdOf(std::string_view text);

/// What people did, from how the cases stood after each change. Rows of one case come in the order of their instants.
/// `kept` is known where the log has the column.
std::vector<simulation::HistoricCase> HistoryOf(const std::vector<LogCase>& cases, std::string_view source,
                                                bool knows_kept);

}  // namespace escalon::history

#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "services/escalonctl/cli/command.h"
#include "services/escalonctl/cli/session.h"

namespace escalon::escalonctl {

/// How a value of a report is written for people; in JSON and CSV instants are RFC 3339, spans seconds, shares 0..1.
enum class Unit : uint8_t { kText, kCount, kShare, kSpan, kInstant, kNumber };

struct ReportColumn {
  std::string title;
  std::string key;  ///< in a row
  Unit unit = Unit::kText;
};

/// One table of a report.
struct ReportSection {
  std::string id;  ///< `pages_by_hour`: its key in JSON, its name for --table
  std::string title;
  std::string note = {};  ///< how it is counted; may be empty
  std::vector<ReportColumn> columns = {};
  Json rows = Json::array();
  /// Keys of the columns that a chart shows as bars, a group of bars for each row; empty: no chart.
  std::vector<std::string> chart = {};
  bool in_text = true;  ///< false: too long for a screen
};

/// A whole report: written as text, JSON, CSV or one self-contained page of HTML.
struct ReportPage {
  std::string title;
  std::string subtitle;
  std::vector<ReportSection> sections;
};

Json ReportJson(const ReportPage& page);
/// Of one table, with a line of titles; or with an empty `table` of all: `table,row,column,value`.
std::string ReportCsv(const ReportPage& page, std::string_view table);
/// No scripts, nothing from elsewhere; every text of the data is escaped.
std::string ReportHtml(const ReportPage& page);
void PrintReportText(Printer& printer, const ReportPage& page);

/// --format, --table, --into.
std::vector<Option> ReportOptions();
/// Writes it as the options say. kUsage: no such table, or the file cannot be written.
ExitCode WriteReport(Session& session, const Arguments& arguments, const ReportPage& page);

/// For people: `41.7%`, `1h30m`, `2.4`.
std::string ReportText(const Json& value, Unit unit);

}  // namespace escalon::escalonctl

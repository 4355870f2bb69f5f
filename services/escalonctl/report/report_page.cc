#include "services/escalonctl/report/report_page.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <ostream>
#include <utility>

namespace escalon::escalonctl {
namespace {

std::string Decimal(double value, int places) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return text;
}

/// By RFC 4180. What a spreadsheet would take for a formula gets an apostrophe.
std::string CsvField(const std::string& text) {
  const bool formula =
      !text.empty() && (text[0] == '=' || text[0] == '@' || text[0] == '+' ||
                        (text[0] == '-' && text.find_first_not_of("-0123456789.") != std::string::npos));
  const std::string safe = formula ? "'" + text : text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string out = "\"";
  for (const char c : safe) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

/// A value as programs read it.
std::string Plain(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return Decimal(value.get<double>(), 6);
  return value.dump();
}

const ReportSection* FindSection(const ReportPage& page, std::string_view id) {
  const auto found = std::find_if(page.sections.begin(), page.sections.end(),
                                  [id](const ReportSection& section) { return section.id == id; });
  return found == page.sections.end() ? nullptr : &*found;
}

std::string Tables(const ReportPage& page) {
  std::string out;
  for (const ReportSection& section : page.sections) out += (out.empty() ? "" : ", ") + section.id;
  return out;
}

/// The same row with every value as people read it.
Json Readable(const Json& row, const std::vector<ReportColumn>& columns) {
  Json out = Json::object();
  for (const ReportColumn& column : columns) {
    const auto found = row.find(column.key);
    if (found != row.end()) out[column.key] = ReportText(*found, column.unit);
  }
  return out;
}

}  // namespace

std::string ReportText(const Json& value, Unit unit) {
  if (value.is_null()) return {};
  switch (unit) {
    case Unit::kShare:
      return value.is_number() ? Decimal(value.get<double>() * 100, 1) + "%" : Plain(value);
    case Unit::kNumber:
      return value.is_number() ? Decimal(value.get<double>(), 2) : Plain(value);
    case Unit::kSpan: {
      if (!value.is_number()) return Plain(value);
      const auto seconds = static_cast<int64_t>(std::llround(value.get<double>()));
      const std::string text = FormatDuration(std::abs(seconds) * kSecondMs);
      return seconds < 0 ? "-" + text : text;
    }
    case Unit::kText:
    case Unit::kCount:
    case Unit::kInstant:
      break;
  }
  return Plain(value);
}

Json ReportJson(const ReportPage& page) {
  Json out{{"title", page.title}, {"subtitle", page.subtitle}};
  for (const ReportSection& section : page.sections) out[section.id] = section.rows;
  return out;
}

std::string ReportCsv(const ReportPage& page, std::string_view table) {
  std::string out;
  if (const ReportSection* section = FindSection(page, table)) {
    for (const ReportColumn& column : section->columns) out += (out.empty() ? "" : ",") + CsvField(column.key);
    out += "\r\n";
    for (const Json& row : section->rows) {
      for (size_t i = 0; i < section->columns.size(); ++i) {
        if (i > 0) out += ',';
        out += CsvField(Plain(row.value(section->columns[i].key, Json())));
      }
      out += "\r\n";
    }
    return out;
  }
  out = "table,row,column,value\r\n";
  for (const ReportSection& section : page.sections) {
    for (size_t row = 0; row < section.rows.size(); ++row) {
      for (const ReportColumn& column : section.columns) {
        out += CsvField(section.id) + "," + std::to_string(row + 1) + "," + CsvField(column.key) + "," +
               CsvField(Plain(section.rows[row].value(column.key, Json()))) + "\r\n";
      }
    }
  }
  return out;
}

void PrintReportText(Printer& printer, const ReportPage& page) {
  printer.Heading(Printable(page.title));
  if (!page.subtitle.empty()) printer.Text(page.subtitle);
  for (const ReportSection& section : page.sections) {
    if (!section.in_text || section.rows.empty()) continue;
    printer.Text("");
    printer.Heading(Printable(section.title));
    if (!section.note.empty()) printer.Text(section.note);
    Json rows = Json::array();
    for (const Json& row : section.rows) rows.push_back(Readable(row, section.columns));
    std::vector<Column> columns;
    for (const ReportColumn& column : section.columns) {
      const bool right = column.unit != Unit::kText && column.unit != Unit::kInstant;
      columns.push_back({column.title, "/" + column.key, right ? Format::kNumber : Format::kText});
    }
    printer.Table(rows, columns);
  }
}

std::vector<Option> ReportOptions() {
  return {{.name = "--format",
           .kind = ValueKind::kChoice,
           .help = "How the report is written. HTML is one page with charts that needs nothing else.",
           .choices = {"text", "json", "csv", "html"},
           .fallback = "text, or json with --output json"},
          {.name = "--table",
           .help = "CSV: only this table, with a line of titles. Its names are the keys of the JSON form.",
           .fallback = "all, as table,row,column,value",
           .value = "NAME"},
          {.name = "--into", .help = "Into this file.", .fallback = "the standard output", .value = "FILE"}};
}

ExitCode WriteReport(Session& session, const Arguments& arguments, const ReportPage& page) {
  const auto misuse = [&session](const char* option, const std::string& what) {
    session.Fail(InvalidField(option, what));
    return ExitCode::kUsage;
  };
  const std::string table = arguments.Text("table");
  if (!table.empty() && FindSection(page, table) == nullptr)
    return misuse("--table", "no table " + table + " in this report; there are " + Tables(page));
  std::ofstream file;
  const std::string to = arguments.Text("into");
  if (!to.empty()) {
    file.open(to, std::ios::binary | std::ios::trunc);
    if (!file) return misuse("--into", "cannot write " + to);
  }
  std::ostream& out = to.empty() ? session.printer().out() : file;
  const std::string format = arguments.Text("format", session.printer().json() ? "json" : "text");
  if (format == "html") {
    out << ReportHtml(page);
  } else if (format == "csv") {
    out << ReportCsv(page, table);
  } else if (format == "json") {
    Printer(out, true, false).Value(ReportJson(page));
  } else if (to.empty()) {
    PrintReportText(session.printer(), page);
  } else {
    Printer plain(out, false, false);
    PrintReportText(plain, page);
  }
  out.flush();
  return out ? ExitCode::kOk : misuse("--into", "cannot write " + to);
}

}  // namespace escalon::escalonctl

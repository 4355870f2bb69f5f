#include "services/escalonctl/simulate/history_input.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <utility>

#include "common/history/case_lines.h"
#include "common/history/unpack.h"

namespace escalon::escalonctl {
namespace {

constexpr size_t kMostBytes = 4ull << 30;

Result<std::string> ReadWhole(Session& session, const std::string& path) {
  std::string bytes;
  if (path == "-") {
    bytes.assign(std::istreambuf_iterator<char>(session.in()), {});
  } else {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file)
      return InvalidField("HISTORY", "cannot read " + path + "; give a readable file, or - for the standard input");
    const auto size = static_cast<size_t>(file.tellg());
    if (size > kMostBytes) return InvalidField("HISTORY", path + " has more than 4 GiB; give it in parts");
    bytes.resize(size);
    file.seekg(0);
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    if (!file) return InvalidField("HISTORY", "cannot read " + path);
  }
  return history::Unpacked(std::move(bytes), kMostBytes);
}

/// Our own lines begin with a brace.
bool IsCaseLines(const std::string& format, const std::string& text) {
  if (!format.empty()) return format == "lines";
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && (text[first] == '{' || text[first] == '#');
}

Result<history::LogColumns> ColumnsOf(const Arguments& arguments) {
  history::LogColumns columns;
  columns.zone = arguments.Text("zone", "UTC");
  for (const std::string& pair : arguments.List("column")) {
    const size_t equals = pair.find('=');
    if (!history::SetColumn(&columns, pair.substr(0, equals), pair.substr(equals + 1)))
      return InvalidField("--column", pair.substr(0, equals) + " is none of " + history::ColumnNames());
  }
  for (const std::string& pair : arguments.List("state")) {
    const size_t equals = pair.find('=');
    std::string word = pair.substr(0, equals);
    for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    history::LogState state{};
    if (!history::ParseLogStateWord(pair.substr(equals + 1), &state)) {
      return InvalidField("--state", pair.substr(equals + 1) +
                                         " is none of new, active, pending_customer, pending_vendor, pending_problem, "
                                         "pending_evidence, resolved, closed, cancelled, other");
    }
    columns.states[word] = state;
  }
  return columns;
}

}  // namespace

std::vector<Option> HistoryOptions() {
  return {
      {.name = "HISTORY",
       .help = "Cases as they once were: Escalon's own lines of JSON, or an ITSM's event log as CSV; plain or .xz; - "
               "is the "
               "standard input.",
       .required = true,
       .value = "FILE"},
      {.name = "--history-format",
       .kind = ValueKind::kChoice,
       .help = "What the file is.",
       .choices = {"lines", "csv"},
       .fallback = "by its first character"},
      {.name = "--column",
       .kind = ValueKind::kPair,
       .help = "CSV: the column in which something stands. Names: " + history::ColumnNames() + ".",
       .repeated = true,
       .fallback = "those of ServiceNow's audit trail",
       .value = "NAME=COLUMN"},
      {.name = "--state",
       .kind = ValueKind::kPair,
       .help = "CSV: what a word of the state column means: new, active, pending_customer, pending_vendor, "
               "pending_problem, "
               "pending_evidence, resolved, closed, cancelled, other.",
       .repeated = true,
       .fallback = "the usual words of ServiceNow, Jira and Zendesk",
       .value = "WORD=STATE"},
      {.name = "--zone", .help = "CSV: the IANA zone of instants that name none.", .fallback = "UTC", .value = "ZONE"}};
}

Result<HistoryInput> ReadHistory(Session& session, const Arguments& arguments) {
  const auto begun = session.clock().Steady();
  const Result<history::LogColumns> columns = ColumnsOf(arguments);
  if (!columns.ok()) return columns.error();
  const std::string path = arguments.Text("HISTORY");
  const Result<std::string> text = ReadWhole(session, path);
  if (!text.ok()) return text.error();
  HistoryInput out;
  out.bytes = text->size();
  const auto named = [&path](const Error& error) { return Error{error.code, path + ": " + error.message}; };
  if (IsCaseLines(arguments.Text("history-format"), *text)) {
    Result<std::vector<simulation::HistoricCase>> cases = history::ReadCaseLines(*text);
    if (!cases.ok()) return named(cases.error());
    out.cases = std::move(*cases);
  } else {
    const Result<std::vector<history::LogCase>> cases = history::ReadEventLog(*text, *columns);
    if (!cases.ok()) return named(cases.error());
    const std::string_view header = std::string_view(*text).substr(0, text->find('\n'));
    out.cases = history::HistoryOf(*cases, "itsm", header.find(columns->made_sla) != std::string_view::npos);
  }
  out.seconds = std::chrono::duration<double>(session.clock().Steady() - begun).count();
  return out;
}

}  // namespace escalon::escalonctl

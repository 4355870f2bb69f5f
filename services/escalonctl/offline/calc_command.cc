#include "services/escalonctl/offline/calc_command.h"

#include <istream>
#include <limits>
#include <memory>
#include <optional>
#include <ostream>
#include <string_view>

#include "common/calc/calculator.h"
#include "services/escalonctl/cli/session.h"

namespace escalon::escalonctl {
namespace {

/// The lines of a stream in bounded memory: of a line that is too long, one byte more than is allowed.
class LineReader {
 public:
  explicit LineReader(std::istream& in) : in_(in), buffer_(std::make_unique<char[]>(kRoom)) {}

  /// None at the end, and when the stream cannot be read.
  std::optional<std::string_view> Next() {
    in_.getline(buffer_.get(), kRoom);
    const auto read = static_cast<size_t>(in_.gcount());
    if (in_.bad() || (in_.eof() && read == 0)) return std::nullopt;
    if (in_.eof()) return std::string_view(buffer_.get(), read);
    if (!in_.fail()) return std::string_view(buffer_.get(), read - 1);  // the end of the line is counted
    in_.clear();
    in_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    if (in_.bad()) return std::nullopt;
    return std::string_view(buffer_.get(), read);
  }

 private:
  /// A line that is too long, and the NUL that the stream appends.
  static constexpr std::streamsize kRoom = calc::kMostLineBytes + 2;

  std::istream& in_;
  std::unique_ptr<char[]> buffer_;
};

ExitCode CalcCommand(Session& session, const Arguments& arguments) {
  calc::AnswerForm form;
  if (arguments.Has("zone")) {
    const Result<Zone> zone = Zone::Load(arguments.Text("zone"), "--zone");
    if (!zone) {
      session.Fail(zone.error());
      return ExitCode::kUsage;
    }
    form = calc::AnswerForm(zone.value());
  }
  std::ostream& out = session.printer().out();
  bool refused = false;
  int64_t number = 0;
  LineReader lines(session.in());
  while (const std::optional<std::string_view> line = lines.Next()) {
    const calc::LineAnswer answer = calc::AnswerLine(*line, ++number, form);
    if (answer.text.empty()) continue;
    refused = refused || answer.refused;
    out << answer.text << '\n' << std::flush;
    if (!out) return ExitCode::kRefused;  // said by the program
  }
  if (session.in().bad()) {
    session.Fail(InvalidField("standard input", "cannot be read after line " + std::to_string(number) +
                                                    "; give a file or a pipe of JSON lines"));
    return ExitCode::kUsage;
  }
  return refused ? ExitCode::kRefused : ExitCode::kOk;
}

constexpr const char* kDetails =
    "Reads queries as JSON lines from the standard input and writes one answer a line, with the same code that the "
    "services run: \"why is this due then?\", \"who is on call on Sunday at two?\", \"who would have been paged, and "
    "when?\". The same query always gives the same answer. A line has `query`, the fields of the query, and maybe "
    "`id`, "
    "which the answer repeats; the answer has `result`, or `line` and `error` with the field that is wrong. A wrong "
    "line stops nothing.\n"
    "Queries: business_time.add, .sub (at, duration, explain), .between (start, end, explain), .is_open, .next_open, "
    ".next_close, .prev_close (at), .add_days (at, days, snap), all with calendar; local_time (timezone, local, edge); "
    "sla (clocks, events, calendar, pause_stops, as_of, explain); rotation (rotation, at); schedule (schedule, at or "
    "from and to); path (path, start, events, until). docs/calc.md says all fields and what they mean.\n"
    "Lines have at most 1 MiB and 100 levels; blank ones are skipped. Exit status: 0 when every line had a result, 1 "
    "when one had an error, 2 when the command was wrong or its input could not be read.";

}  // namespace

CommandSection CalcSection() {
  CommandSection out{.title = "Rules of time, rosters and paths"};
  out.commands.push_back(
      {.path = "calc",
       .summary = "Answers questions about time, rosters and paths.",
       .details = kDetails,
       .options = {{.name = "--zone",
                    .help = "Writes the instants of the answers with this zone's offset instead of Z: Europe/Lisbon.",
                    .value = "NAME"}},
       .examples =
           {{"escalonctl calc < queries.jsonl > answers.jsonl", "Tests a calendar in CI: fails on an error."},
            {"echo '{\"query\":\"local_time\",\"timezone\":\"Europe/Lisbon\",\"local\":\"2030-03-31T01:30\"}' | "
             "escalonctl calc",
             "What is half past one in the night in which summer time begins?"},
            {"escalonctl calc --zone Asia/Kolkata < queries.jsonl", "Answers in India's time."}},
       .reach = kNothing,
       .run = CalcCommand});
  return out;
}

}  // namespace escalon::escalonctl

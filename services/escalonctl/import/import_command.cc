#include "services/escalonctl/import/import_command.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <utility>

#include "common/documents/policy_document.h"
#include "common/wire/names.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/cli/session.h"
#include "services/escalonctl/import/import_preview.h"
#include "services/escalonctl/import/import_rows.h"
#include "services/escalonctl/rules/document_answers.h"
#include "services/escalonctl/rules/policy_source.h"
#include "services/escalonctl/rules/roster_source.h"

namespace escalon::escalonctl {
namespace {

constexpr size_t kMostFileBytes = size_t{1} << 30;
constexpr size_t kMostBatch = 1000;
constexpr size_t kMostBatchBytes = 900'000;  ///< the door takes 1 MiB
constexpr size_t kMostFaultsShown = 20;

ExitCode Misuse(Session& session, const Error& error) {
  session.Fail(error);
  return ExitCode::kUsage;
}

Result<ImportMap> MapOf(const Arguments& arguments) {
  ImportMap map;
  map.source = arguments.Text("source");
  map.zone = arguments.Text("zone", "UTC");
  for (const std::string& pair : arguments.List("map")) {
    const size_t equals = pair.find('=');
    if (!SetImportColumn(&map, pair.substr(0, equals), pair.substr(equals + 1)))
      return InvalidField("--map", pair.substr(0, equals) + " is none of " + ImportFields());
  }
  for (const std::string& pair : arguments.List("word")) {
    const size_t colon = pair.find(':');
    const size_t equals = pair.rfind('=');
    if (colon == std::string::npos || equals < colon)
      return InvalidField("--word", "'" + pair + "' must be FIELD:WORD=MEANING, such as standing.priority:Urgent=P1");
    std::string word = pair.substr(colon + 1, equals - colon - 1);
    for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    map.words[pair.substr(0, colon)][word] = pair.substr(equals + 1);
  }
  return map;
}

void TellFaults(Session& session, const std::vector<FieldViolation>& faults) {
  size_t shown = 0;
  for (const FieldViolation& fault : faults) {
    if (++shown > kMostFaultsShown) {
      session.err() << "  and " << faults.size() - kMostFaultsShown << " more\n";
      return;
    }
    session.err() << "  " << Printable(fault.field) << ": " << Printable(fault.message) << '\n';
  }
}

/// Which cases have come in, a number a line, beside the file: what a second run leaves out.
class Journal {
 public:
  explicit Journal(std::string path) : path_(std::move(path)) {
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);) done_.insert(std::move(line));
  }
  bool begun() const { return !done_.empty(); }
  bool Has(const std::string& ref) const { return done_.contains(ref); }
  size_t size() const { return done_.size(); }
  const std::string& path() const { return path_; }
  /// False: it could not be written.
  bool Add(const std::vector<std::string>& refs) {
    std::ofstream file(path_, std::ios::app);
    for (const std::string& ref : refs) file << ref << '\n';
    file.flush();
    return file.good();
  }

 private:
  const std::string path_;
  std::set<std::string> done_;
};

/// Sends them in batches; each case stands for itself.
class Sender {
 public:
  Sender(Session& session, Journal& journal, size_t all) : session_(session), journal_(journal), all_(all) {}

  /// False: nothing more can be sent; `code` says why.
  bool Add(const ImportRow& row) {
    const size_t size = row.submission.dump(-1, ' ', false, Json::error_handler_t::replace).size();
    if (!rows_.empty() && (rows_.size() >= kMostBatch || bytes_ + size > kMostBatchBytes) && !Send()) return false;
    bytes_ += size;
    rows_.push_back(&row);
    return true;
  }

  bool Send() {
    if (rows_.empty()) return true;
    Json submissions = Json::array();
    for (const ImportRow* row : rows_) submissions.push_back(row->submission);
    const std::vector<const ImportRow*> sent = std::exchange(rows_, {});
    bytes_ = 0;
    const Result<Json> answer = session_.Call("CaseService/SubmitMany", {{"submissions", std::move(submissions)}});
    if (!answer) {
      code = session_.Fail(answer.error());
      session_.err() << "  go on with --resume: what has come in is left out, and a case never comes in twice\n";
      return false;
    }
    const Json outcomes = answer->value("outcomes", Json::array());
    std::vector<std::string> safe;
    for (size_t i = 0; i < sent.size() && i < outcomes.size(); ++i) Take(*sent[i], outcomes[i], &safe);
    if (!journal_.Add(safe)) {
      session_.Fail(InvalidField("--journal", "cannot write " + journal_.path() + "; name a file that can be written"));
      code = ExitCode::kUsage;
      return false;
    }
    session_.err() << "escalonctl: " << opened_ + known_ + refused_.size() << " of " << all_ << '\n';
    return true;
  }

  ExitCode Finish() {
    const Json summary{{"imported", opened_}, {"there_already", known_}, {"refused", refused_.size()}};
    if (session_.printer().json()) {
      session_.printer().Value(summary);
    } else {
      session_.printer().Text(std::to_string(opened_) + " imported, " + std::to_string(known_) + " there already, " +
                              std::to_string(refused_.size()) + " refused");
    }
    TellFaults(session_, refused_);
    return code;
  }

  ExitCode code = ExitCode::kOk;

 private:
  void Take(const ImportRow& row, const Json& outcome, std::vector<std::string>* safe) {
    if (outcome.contains("result")) {
      ++(outcome["result"].value("outcome", "") == "OUTCOME_KIND_ATTACHED" ? known_ : opened_);
      safe->push_back(row.ref);
      return;
    }
    const Json error = outcome.value("error", Json::object());
    refused_.push_back({"line " + std::to_string(row.line) + ", " + row.ref, error.value("message", "refused")});
    const ExitCode said = ExitCodeOf(wire::ErrorCodeOf(error.value("code", 2)));
    if (code == ExitCode::kOk || code == ExitCode::kUnavailable) code = said;
  }

  Session& session_;
  Journal& journal_;
  const size_t all_;
  std::vector<const ImportRow*> rows_;
  size_t bytes_ = 0;
  uint64_t opened_ = 0, known_ = 0;
  std::vector<FieldViolation> refused_;
};

Json Counted(const std::map<std::string, uint64_t>& counts) {
  Json out = Json::object();
  for (const auto& [name, count] : counts) out[name.empty() ? "none" : name] = count;
  return out;
}

void TellCounts(Session& session, const std::string& what, const std::map<std::string, uint64_t>& counts) {
  std::string line = what + ":";
  for (const auto& [name, count] : counts) line += " " + (name.empty() ? "none" : name) + " " + std::to_string(count);
  session.printer().Text(line);
}

ExitCode Preview(Session& session, const Arguments& arguments, const std::vector<ImportRow>& rows) {
  const Result<PolicyText> text = arguments.Has("policy") ? PolicyOfFile(session, "--policy", arguments.Text("policy"))
                                                          : PolicyOfService(session, "", 0);
  if (!text.ok()) return session.Fail(text.error());
  const Result<Policy> policy = ParsePolicy(text->yaml, "preview", 1);
  if (!policy.ok()) return FailDocument(session, policy.error(), text->name);
  std::shared_ptr<const Roster> roster;
  if (arguments.Has("roster")) {
    Result<std::shared_ptr<const Roster>> read = RosterOfFile(session, arguments.Text("roster"));
    if (!read.ok()) return FailDocument(session, read.error(), arguments.Text("roster"));
    roster = *std::move(read);
  } else {
    ExitCode failed = ExitCode::kOk;
    roster = RosterOf(session, Arguments(), &failed);
    if (roster == nullptr) return failed;
  }
  const ImportPreview preview = PreviewImport(rows, *policy, *roster, session.clock().WallMs());
  if (session.printer().json()) {
    session.printer().Value({{"cases", preview.cases},
                             {"told", preview.told},
                             {"with_person", preview.with_person},
                             {"waiting", preview.waiting},
                             {"by_priority", Counted(preview.by_priority)},
                             {"by_level", Counted(preview.by_level)},
                             {"by_team", Counted(preview.by_team)},
                             {"promises_running", Counted(preview.running)},
                             {"promises_broken", Counted(preview.broken)},
                             {"due_within_a_day", preview.due_within_a_day},
                             {"refused", preview.faults.size()}});
  } else {
    session.printer().Text(std::to_string(preview.cases) + " cases would come in under " + text->name + ", " +
                           std::to_string(preview.with_person) + " with a person, " + std::to_string(preview.waiting) +
                           " waiting; " + std::to_string(preview.told) + " messages to anybody");
    TellCounts(session, "priority", preview.by_priority);
    TellCounts(session, "level", preview.by_level);
    TellCounts(session, "team", preview.by_team);
    TellCounts(session, "promises that run on", preview.running);
    TellCounts(session, "promises that come in broken", preview.broken);
    session.printer().Text("promises that break within a day if nothing happens: " +
                           std::to_string(preview.due_within_a_day));
    if (!preview.faults.empty()) session.printer().Text(std::to_string(preview.faults.size()) + " would be refused:");
  }
  TellFaults(session, preview.faults);
  return preview.faults.empty() ? ExitCode::kOk : ExitCode::kFindings;
}

ExitCode Import(Session& session, const Arguments& arguments) {
  const Result<ImportMap> map = MapOf(arguments);
  if (!map.ok()) return Misuse(session, map.error());
  const std::string path = arguments.Text("FILE");
  const Result<std::string> text = ReadInput(session, "FILE", path, kMostFileBytes);
  if (!text.ok()) return Misuse(session, text.error());
  const ImportRows read = ReadImport(*text, *map);
  if (!read.faults.empty()) {
    session.Fail(InvalidField("FILE", path + " has " + std::to_string(read.faults.size()) +
                                          " faults; nothing was sent. Mend them, or take the lines out"));
    TellFaults(session, read.faults);
    return ExitCode::kUsage;
  }
  if (arguments.Has("preview")) return Preview(session, arguments, read.rows);
  if (path == "-" && !arguments.Has("journal"))
    return Misuse(session, InvalidField("--journal",
                                        "is needed beside the standard input: where is noted what came "
                                        "in"));
  Journal journal(arguments.Text("journal", path + ".imported"));
  if (journal.begun() && !arguments.Has("resume"))
    return Misuse(session, InvalidField("--resume", "an import of this file was begun: " + journal.path() + " names " +
                                                        std::to_string(journal.size()) +
                                                        " cases. Go on with --resume, or remove that file"));
  Sender sender(session, journal, read.rows.size() - std::min(read.rows.size(), journal.size()));
  for (const ImportRow& row : read.rows) {
    if (!journal.Has(row.ref) && !sender.Add(row)) return sender.code;
  }
  return sender.Send() ? sender.Finish() : sender.code;
}

}  // namespace

CommandSpec ImportCommand() {
  CommandSpec out;
  out.path = "import";
  out.summary = "Takes over the open cases of another system, with their past.";
  out.details =
      "JSON, a submission (escalon.submission.v1) a line, or CSV with a header. Each case comes in where it stood: "
      "level, "
      "owner, wait, history. Its clocks run on from when they began there; what was due before is shown as broken. "
      "Nobody is "
      "told of anything; a case without a person waits in its team's queue from now on.\n"
      "A case is known by the other system's own number. What has come in is noted in FILE.imported, and a run that "
      "ended "
      "early goes on with --resume. Nothing is sent while a line is wrong.\n"
      "CSV fields: " +
      ImportFields() +
      ". A column that has such a name needs no --map; others are passed over. Priorities may be P1 or 1 - Critical, "
      "grades high or 1 - High; instants RFC 3339 or 2030-05-06 10:00.";
  out.options = {
      {.name = "FILE", .help = "The cases; - is the standard input.", .required = true},
      {.name = "--map",
       .kind = ValueKind::kPair,
       .help = "The column in which a field stands.",
       .repeated = true,
       .value = "FIELD=COLUMN"},
      {.name = "--word",
       .help = "What a word of the file means in a field.",
       .repeated = true,
       .value = "FIELD:WORD=MEANING"},
      {.name = "--source", .help = "Where the file names none; else the credential's subject."},
      {.name = "--zone", .help = "The IANA zone of instants that name none.", .fallback = "UTC", .value = "ZONE"},
      {.name = "--preview",
       .kind = ValueKind::kFlag,
       .help = "Sends nothing: decides every case here and says what would come of it."},
      {.name = "--policy", .help = "With --preview: a file instead of what is in force.", .value = "FILE"},
      {.name = "--roster", .help = "With --preview: a file instead of what is in force.", .value = "FILE"},
      {.name = "--resume", .kind = ValueKind::kFlag, .help = "Goes on where an earlier run has ended."},
      {.name = "--journal",
       .help = "Where is noted what came in.",
       .fallback = "the file's name and .imported",
       .value = "FILE"}};
  out.examples = {{"escalonctl import open.csv --preview --map external_ref=number --map standing.priority=priority",
                   "What would come of it?"},
                  {"escalonctl import open.jsonl --source servicenow", "All of them."},
                  {"escalonctl import open.jsonl --source servicenow --resume", "The rest, after a failure."}};
  out.run = Import;
  return out;
}

}  // namespace escalon::escalonctl

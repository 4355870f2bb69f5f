#include "services/escalonctl/cases/submit_command.h"

#include <fstream>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "common/wire/names.h"
#include "services/escalonctl/cases/case_command.h"

namespace escalon::escalonctl {
namespace {

constexpr size_t kMostFileBytes = 64 * 1024 * 1024;
constexpr size_t kMostBatchBytes = 900'000;  ///< the door takes 1 MiB
constexpr size_t kMostBatch = 1000;

std::vector<Option> SubmissionOptions() {
  const std::vector<std::string> grades{"high", "medium", "low"};
  return {TextOption("--title", "One line, at most 200 characters, shown everywhere: no personal data.", "title"),
          TextOption("--kind", "incident, request, complaint, alert, security, ...", "kind"),
          TextOption("--description", "Several lines; stored sealed.", "description"),
          TextOption("--service", "The affected service.", "service"),
          TextOption("--category", "As given; triage may set another.", "category"),
          ChoiceOption("--impact", "How many or how much is hit.", "impact", "GRADE_", grades),
          ChoiceOption("--urgency", "How soon it hurts.", "urgency", "GRADE_", grades),
          ChoiceOption("--risk", "What may still go wrong.", "risk", "GRADE_", grades),
          ChoiceOption("--business-value", "What it is worth.", "business_value", "GRADE_", grades),
          TextOption("--source", "Who submits; else the credential's subject.", "source"),
          TextOption("--external-ref", "The source's own number.", "external_ref"),
          TextOption("--external-url", "Where people find it at the source.", "external_url"),
          TextOption("--dedup-key", "Submissions with the same one while the case is open are the same case.",
                     "dedup_key", "KEY"),
          TextOption("--idempotency-key", "Repeated with the same one it makes no second case; else a fresh one.",
                     "idempotency_key", "KEY"),
          TextOption("--region", "Of the requester.", "region"),
          TextOption("--residency", "Where personal data must stay.", "residency"),
          TextOption("--customer", "Customer or department id.", "customer"),
          TextOption("--contract", "Id of the contract.", "contract"),
          TextOption("--requester", "The source's stable id of the person it is for: no name, no address.",
                     "requester.id", "ID"),
          TextOption("--requester-name", "Stored sealed.", "requester.name", "NAME"),
          TextOption("--requester-contact", "mail:..., sms:... or a webhook address; stored sealed.",
                     "requester.contact", "ADDRESS"),
          TextOption("--requester-language", "BCP 47: de-AT.", "requester.language", "LANGUAGE"),
          FlagOption("--vip", "The requester gets VIP treatment.", "requester.vip"),
          TextOption("--reporter", "The id of who raised it; else the requester.", "reporter.id", "ID"),
          Repeated(TextOption("--tag", "KEY or KEY:VALUE.", "tags")),
          Repeated(TextOption("--skill", "A needed skill.", "skills")),
          {.name = "--label",
           .kind = ValueKind::kPair,
           .help = "A free key of the source.",
           .field = "labels",
           .repeated = true},
          {.name = "--occurred-at",
           .kind = ValueKind::kInstant,
           .help = "When it happened, as far as the source knows.",
           .field = "occurred_at"},
          FlagOption("--proactive", "No requester: a sensor or a rule saw it first.", "proactive"),
          FlagOption("--restricted", "Need-to-know only.", "restricted"),
          FlagOption("--imported", "Taken over from elsewhere: nobody is paged for what is past.", "imported")};
}

ExitCode SubmitOne(Session& session, Json submission) {
  if (!submission.contains("idempotency_key")) submission["idempotency_key"] = "ctl-" + FreshId();
  const auto key = submission["idempotency_key"].get<std::string>();
  const Result<Json> answer = session.Call("CaseService/SubmitCase", {{"submission", std::move(submission)}});
  if (!answer) {
    const ExitCode code = session.Fail(answer.error());
    if (code == ExitCode::kUnavailable && !session.printer().json()) {
      session.err() << "  a repeat is safe with --idempotency-key " << key << '\n';
    }
    return code;
  }
  if (session.printer().json()) {
    session.printer().Value(*answer);
  } else {
    PrintResults(session.printer(), Json::array({answer->value("result", Json::object())}));
  }
  return ExitCode::kOk;
}

/// Submissions that come one after the other, sent in batches.
class Batches {
 public:
  explicit Batches(Session& session) : session_(session), pending_(Json::array()) {}

  /// False: the connection failed, or the input is wrong; `code` says so.
  bool Add(Json submission) {
    const size_t size = submission.dump(-1, ' ', false, Json::error_handler_t::replace).size();
    if (!pending_.empty() && (pending_.size() >= kMostBatch || bytes_ + size > kMostBatchBytes) && !Send())
      return false;
    bytes_ += size;
    pending_.push_back(std::move(submission));
    return true;
  }

  bool Send() {
    if (pending_.empty()) return true;
    const size_t count = pending_.size();
    const Result<Json> answer =
        session_.Call("CaseService/SubmitMany", {{"submissions", std::exchange(pending_, Json::array())}});
    bytes_ = 0;
    if (!answer) {
      code = session_.Fail(answer.error());
      if (!session_.printer().json()) {
        session_.err() << "  " << sent_ << " went before; of the next " << count
                       << " nothing is known: a repeat is safe if each has an idempotency_key\n";
      }
      return false;
    }
    for (const Json& outcome : answer->value("outcomes", Json::array())) Take(outcome);
    return true;
  }

  ExitCode Finish() {
    if (!session_.printer().json()) {
      session_.err() << "escalonctl: " << sent_ << " submitted: " << opened_ << " opened, " << attached_
                     << " attached, " << refused_ << " refused\n";
    }
    return code;
  }

  ExitCode code = ExitCode::kOk;

 private:
  void Take(const Json& outcome) {
    const size_t number = ++sent_;
    if (outcome.contains("result")) {
      const Json& result = outcome["result"];
      (result.value("outcome", "") == "OUTCOME_KIND_ATTACHED" ? attached_ : opened_) += 1;
      if (session_.printer().json()) {
        session_.printer().Line(result);
      } else {
        session_.printer().Text(result.value("case_id", "") + "  " + WordOf(result.value("outcome", "")));
      }
      return;
    }
    ++refused_;
    const Json error = outcome.value("error", Json::object());
    const ErrorCode said = wire::ErrorCodeOf(error.value("code", 2));
    if (code == ExitCode::kOk || code == ExitCode::kUnavailable) code = ExitCodeOf(said);
    if (session_.printer().json()) {
      session_.printer().Line({{"submission", number}, {"error", error}});
    } else {
      session_.err() << "escalonctl: submission " << number << ": " << Printable(error.value("message", "refused"))
                     << '\n';
    }
  }

  Session& session_;
  Json pending_;
  size_t bytes_ = 0;
  size_t sent_ = 0, opened_ = 0, attached_ = 0, refused_ = 0;
};

ExitCode BadInput(Session& session, const std::string& where, const std::string& what) {
  session.Fail(InvalidField(where, what));
  return ExitCode::kUsage;
}

/// One JSON object a line, sent as they come.
ExitCode SubmitLines(Session& session, std::istream& in, const std::string& name) {
  Batches batches(session);
  std::string line;
  for (size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    Json submission = Json::parse(line, nullptr, false);
    if (!submission.is_object()) {
      if (!batches.Send()) return batches.code;
      return BadInput(session, name + ", line " + std::to_string(number),
                      "is no JSON object; write one submission a line");
    }
    if (!batches.Add(std::move(submission))) return batches.code;
    // What a person or a pipe has sent so far does not wait for more.
    if (in.rdbuf()->in_avail() <= 0 && !batches.Send()) return batches.code;
  }
  if (!batches.Send()) return batches.code;
  return batches.Finish();
}

ExitCode SubmitFile(Session& session, const std::string& path) {
  if (path == "-") return SubmitLines(session, session.in(), "standard input");
  Result<std::string> text = ReadInput(session, "--file", path, kMostFileBytes);
  if (!text) {
    session.Fail(text.error());
    return ExitCode::kUsage;
  }
  Json whole = Json::parse(*text, nullptr, false);
  if (whole.is_object()) return SubmitOne(session, std::move(whole));
  if (!whole.is_array()) {
    std::ifstream file(path, std::ios::binary);
    return SubmitLines(session, file, path);
  }
  Batches batches(session);
  for (size_t i = 0; i < whole.size(); ++i) {
    if (!whole[i].is_object()) return BadInput(session, path + "[" + std::to_string(i) + "]", "is no JSON object");
    if (!batches.Add(std::move(whole[i]))) return batches.code;
  }
  if (!batches.Send()) return batches.code;
  return batches.Finish();
}

}  // namespace

CommandSpec SubmitCommand() {
  std::vector<Option> options = SubmissionOptions();
  CommandSpec out;
  out.path = "submit";
  out.summary = "Raises a case, or many.";
  out.details =
      "From options, or from --file: one JSON object, an array of them, or one a line; - reads lines from the standard "
      "input and "
      "sends them as they come. The names are those of escalon.submission.v1.Submission. Several are sent in batches "
      "of at most "
      "1,000, each of which stands for itself. It returns when the case is safe on the disks of all replicas.";
  out.examples = {
      {"escalonctl submit --title \"Shop is slow\" --impact high --urgency medium --service shop", "One case."},
      {"escalonctl submit --file cases.jsonl", "Many."},
      {"generator | escalonctl submit --file - --output json", "A stream; an answer a line."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    Json submission = RequestFrom(options, arguments);
    if (arguments.Has("file")) {
      if (!submission.empty()) return BadInput(session, "--file", "stands alone: write the other values into the file");
      return SubmitFile(session, arguments.Text("file"));
    }
    if (!submission.contains("title"))
      return BadInput(session, "--title", "is missing; say in one line what it is about, or give --file");
    return SubmitOne(session, std::move(submission));
  };
  options.push_back(TextOption("--file,-f", "JSON; - for lines from the standard input.", "", "FILE"));
  out.options = std::move(options);
  return out;
}

}  // namespace escalon::escalonctl

#include <nlohmann/json.hpp>
#include <utility>

#include "common/core/digest.h"
#include "common/core/ids.h"
#include "services/escalonctl/cases/paging.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/operations/operation_sections.h"

namespace escalon::escalonctl {
namespace {

const std::vector<std::string>& Outcomes() {
  static const std::vector<std::string> outcomes{"delivered",  "retrying", "channel_failed",       "dead",
                                                 "suppressed", "held",     "skipped_by_retention", "discarded"};
  return outcomes;
}

/// Ids of cases are bytes in the delivery log: base64 in JSON.
std::string CaseOf(const Json& delivery) {
  std::string bytes;
  if (!FromBase64(delivery.value("case_id", ""), &bytes)) return {};
  const Result<CaseId> id = CaseId::FromBytes(bytes);
  return id && !id->empty() ? id->ToString() : std::string();
}

std::vector<Column> DeliveryColumns(const std::string& root) {
  return {{"AT", root + "/at_ms", Format::kMillis},
          {"OUTCOME", root + "/outcome", Format::kState},
          {"PERSON", root + "/person"},
          {"TEAM", root + "/team"},
          {"CHANNEL", root + "/channel"},
          {"TRY", root + "/attempt", Format::kNumber},
          {"PURPOSE", root + "/purpose", Format::kEnum},
          {"MESSAGE", root + "/message"},
          {"CASE", root + "/case"},
          {"V", root + "/version", Format::kNumber},
          {"NEXT TRY", root + "/next_attempt_at_ms", Format::kMillis},
          {"REASON", root + "/reason"}};
}

void NameCase(Json& delivery) {
  if (const std::string id = CaseOf(delivery); !id.empty()) delivery["case"] = id;
}

CommandSpec DeliveriesCommand() {
  std::vector<Option> options{
      TextOption("--person", "Who was told.", "person", "PERSON"),
      Repeated(ChoiceOption("--outcome", "Any of them.", "outcomes", "DELIVERY_OUTCOME_", Outcomes()))};
  for (Option& option : PageOptions()) options.push_back(std::move(option));
  CommandSpec out;
  out.path = "deliveries";
  out.summary = "What was told to whom, and what came of it; newest first.";
  out.options = options;
  out.options.insert(out.options.begin(), {.name = "CASE", .help = "Of this case only, by UUID or SOURCE/NUMBER."});
  out.examples = {{"escalonctl deliveries 0195...", "Of one case."},
                  {"escalonctl deliveries --outcome dead --outcome suppressed --all", "What did not arrive."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    Json request = RequestFrom(options, arguments);
    if (arguments.Has("CASE")) {
      const Result<std::string> id = ResolveCase(session, arguments.Text("CASE"));
      if (!id) return session.Fail(id.error());
      request["case_id"] = *id;
    }
    Result<Json> answer = GatherPages(session, "DeliveryService/ListDeliveries", std::move(request), arguments,
                                      "deliveries", arguments.Has("all"));
    if (!answer) return session.Fail(answer.error());
    for (Json& delivery : (*answer)["deliveries"]) NameCase(delivery);
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    session.printer().Table((*answer)["deliveries"], DeliveryColumns(""));
    HintMore(session, *answer);
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec DeadListCommand() {
  std::vector<Option> options = PageOptions();
  CommandSpec out;
  out.path = "dlq list";
  out.summary = "What reached nobody and waits for an operator; newest first.";
  out.options = options;
  out.options.insert(out.options.begin(), {.name = "CASE", .help = "Of this case only, by UUID or SOURCE/NUMBER."});
  out.examples = {{"escalonctl dlq list --all", "All of it."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    Json request = RequestFrom(options, arguments);
    if (arguments.Has("CASE")) {
      const Result<std::string> id = ResolveCase(session, arguments.Text("CASE"));
      if (!id) return session.Fail(id.error());
      request["case_id"] = *id;
    }
    Result<Json> answer = GatherPages(session, "DeliveryService/ListDeadLetters", std::move(request), arguments,
                                      "dead_letters", arguments.Has("all"));
    if (!answer) return session.Fail(answer.error());
    for (Json& letter : (*answer)["dead_letters"]) NameCase(letter["last"]);
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    std::vector<Column> columns = DeliveryColumns("/last");
    columns.insert(columns.begin(), {{"ID", "/id"}, {"TRIES", "/attempts", Format::kNumber}});
    session.printer().Table((*answer)["dead_letters"], columns);
    HintMore(session, *answer);
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec DeadShowCommand() {
  CommandSpec out;
  out.path = "dlq show";
  out.summary = "One dead letter.";
  out.options = {{.name = "ID", .help = "From dlq list.", .required = true}};
  out.examples = {{"escalonctl dlq show ID", "With the reason of its last failure."}};
  out.run = [](Session& session, const Arguments& arguments) {
    Result<Json> answer =
        GatherPages(session, "DeliveryService/ListDeadLetters", Json::object(), arguments, "dead_letters", true);
    if (!answer) return session.Fail(answer.error());
    for (Json& letter : (*answer)["dead_letters"]) {
      if (letter.value("id", "") != arguments.Text("ID")) continue;
      NameCase(letter["last"]);
      if (session.printer().json()) {
        session.printer().Value(letter);
        return ExitCode::kOk;
      }
      session.printer().Fields(letter, {{"id", "/id"}, {"tries over all channels", "/attempts"}});
      session.printer().Fields(letter["last"], {{"case", "/case"},
                                                {"version", "/version"},
                                                {"person", "/person"},
                                                {"team", "/team"},
                                                {"message", "/message"},
                                                {"purpose", "/purpose", Format::kEnum},
                                                {"priority", "/priority", Format::kPriority},
                                                {"decided", "/intended_at_ms", Format::kMillis},
                                                {"last channel", "/channel"},
                                                {"last try", "/at_ms", Format::kMillis},
                                                {"reason", "/reason"},
                                                {"trace", "/trace_parent"}});
      return ExitCode::kOk;
    }
    return session.Fail(Error{ErrorCode::kNotFound, "no dead letter " + arguments.Text("ID") +
                                                        "; `escalonctl dlq list` shows those there are"});
  };
  return out;
}

CommandSpec DeadEndCommand(std::string path, std::string summary, bool discard, Example example) {
  CommandSpec out;
  out.path = std::move(path);
  out.summary = std::move(summary);
  out.details = "Exit status 1 when one of them could not be.";
  out.options = {{.name = "ID", .help = "From dlq list; at most 500.", .required = true, .repeated = true}};
  out.examples = {std::move(example)};
  out.run = [discard](Session& session, const Arguments& arguments) {
    Json request{{"ids", arguments.List("ID")}};
    if (discard) request["discard"] = true;
    const Result<Json> answer = session.Call("DeliveryService/Resend", request);
    if (!answer) return session.Fail(answer.error());
    Json outcomes = answer->value("outcomes", Json::array());
    bool all = true;
    for (Json& outcome : outcomes) {
      const bool done = outcome.value("done", false);
      all = all && done;
      outcome["word"] = done ? (discard ? "given up" : "queued again") : "not done";
    }
    if (session.printer().json()) {
      session.printer().Value(*answer);
    } else {
      session.printer().Table(outcomes, {{"ID", "/id"}, {"", "/word"}, {"REASON", "/reason"}});
    }
    return all ? ExitCode::kOk : ExitCode::kRefused;
  };
  return out;
}

CommandSpec TestPageCommand() {
  std::vector<Option> options{
      {.name = "PERSON", .help = "Person id of the roster.", .field = "person", .required = true},
      TextOption("--channel", "Else the person's own, in order.", "channel", "NAME"),
      TextOption("--text", "One line to include.", "text")};
  CommandSpec out;
  out.path = "test-page";
  out.summary = "Sends a test page to one person, through the real channels.";
  out.details = "Exit status 1 when it did not arrive.";
  out.options = options;
  out.examples = {{"escalonctl test-page ana", "By ana's own order of channels."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    Result<Json> answer = session.Call("DeliveryService/TestPage", RequestFrom(options, arguments));
    if (!answer) return session.Fail(answer.error());
    const Json delivery = answer->value("delivery", Json::object());
    if (session.printer().json()) {
      session.printer().Value(*answer);
    } else {
      session.printer().Table(Json::array({delivery}), DeliveryColumns(""));
    }
    return delivery.value("outcome", "") == "DELIVERY_OUTCOME_DELIVERED" ? ExitCode::kOk : ExitCode::kRefused;
  };
  return out;
}

}  // namespace

CommandSection DeliverySection() {
  CommandSection out{.title = "Telling people"};
  out.groups = {{"dlq", "What reached nobody: the dead-letter list."}};
  out.commands = {DeliveriesCommand(),
                  DeadListCommand(),
                  DeadShowCommand(),
                  DeadEndCommand("dlq resend", "Sends dead letters again, if they are still wanted.", false,
                                 {"escalonctl dlq resend ID", "After the channel was mended."}),
                  DeadEndCommand("dlq discard", "Gives dead letters up.", true,
                                 {"escalonctl dlq discard ID", "Recorded in the delivery log."}),
                  TestPageCommand()};
  return out;
}

}  // namespace escalon::escalonctl

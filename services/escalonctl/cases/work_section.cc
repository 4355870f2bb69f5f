#include <algorithm>
#include <utility>

#include "services/escalonctl/cases/case_command.h"
#include "services/escalonctl/cases/case_sections.h"

// What people do with a case: who works on it, how urgent it is, what is known of it, and how it ends.

namespace escalon::escalonctl {
namespace {

const std::vector<std::string>& Grades() {
  static const std::vector<std::string> grades{"high", "medium", "low"};
  return grades;
}

Option InstantOption(std::string name, std::string help, std::string field) {
  return {.name = std::move(name), .kind = ValueKind::kInstant, .help = std::move(help), .field = std::move(field)};
}

/// A long text as the last argument; `-` reads it from the standard input.
Option TextArgument(std::string help) {
  return {.name = "TEXT", .help = std::move(help) + " - reads it from the standard input.", .required = true};
}

constexpr size_t kMostText = 65'024;

/// A command whose text may come from the standard input.
CommandSpec TextCommand(CaseCommandSpec spec) {
  const std::vector<Option> options = spec.options;
  const std::string body = spec.body;
  CommandSpec out = CaseCommand(std::move(spec));
  out.run = [options, body](Session& session, const Arguments& arguments) {
    Json message = RequestFrom(options, arguments);
    std::string text = arguments.Text("TEXT");
    if (text == "-") {
      Result<std::string> read = ReadInput(session, "TEXT", "-", kMostText);
      if (!read) {
        session.Fail(read.error());
        return ExitCode::kUsage;
      }
      text = std::move(*read);
    }
    message["text"] = std::move(text);
    return SendCommand(session, arguments, body, std::move(message));
  };
  return out;
}

/// What `fact` can change, as options named after the fields of a submission.
std::vector<Option> FactOptions() {
  std::vector<Option> out;
  for (const auto& [name, help] :
       std::vector<std::pair<const char*, const char*>>{{"title", "One line; no personal data."},
                                                        {"description", "Several lines; stored sealed."},
                                                        {"kind", "incident, request, complaint, alert, security, ..."},
                                                        {"service", "The affected service."},
                                                        {"category", "As given."},
                                                        {"region", "Of the requester."},
                                                        {"residency", "Where personal data must stay."},
                                                        {"customer", "Customer or department id."},
                                                        {"contract", "Id of the contract."},
                                                        {"external_url", "Where people find it at the source."}}) {
    std::string dashed = name;
    std::replace(dashed.begin(), dashed.end(), '_', '-');
    out.push_back(TextOption("--" + dashed, help, name));
  }
  for (const auto& [name, help] :
       std::vector<std::pair<const char*, const char*>>{{"impact", "How many or how much is hit."},
                                                        {"urgency", "How soon it hurts."},
                                                        {"risk", "What may still go wrong."},
                                                        {"business_value", "What it is worth."}}) {
    std::string dashed = name;
    std::replace(dashed.begin(), dashed.end(), '_', '-');
    out.push_back(ChoiceOption("--" + dashed, help, name, "GRADE_", Grades()));
  }
  out.push_back(Repeated(TextOption("--tag", "KEY or KEY:VALUE; all that shall stand.", "tags")));
  out.push_back(Repeated(TextOption("--skill", "A needed skill; all that shall stand.", "skills")));
  out.push_back(FlagOption("--restricted", "Need-to-know only; --clear restricted takes it back.", "restricted"));
  out.push_back(TextOption("--requester", "The source's stable id of the person it is for.", "requester.id", "ID"));
  out.push_back(TextOption("--requester-name", "Stored sealed.", "requester.name", "NAME"));
  out.push_back(TextOption("--requester-contact", "mail:..., sms:... or a webhook address; stored sealed.",
                           "requester.contact", "ADDRESS"));
  out.push_back(TextOption("--requester-language", "BCP 47: de-AT.", "requester.language", "LANGUAGE"));
  out.push_back(FlagOption("--vip", "The requester gets VIP treatment.", "requester.vip"));
  out.push_back({.name = "--label",
                 .kind = ValueKind::kPair,
                 .help = "A free key; all that shall stand.",
                 .field = "labels",
                 .repeated = true});
  return out;
}

CommandSpec FactCommand() {
  std::vector<Option> options = FactOptions();
  CommandSpec out;
  out.path = "fact";
  out.summary = "Corrects what is known of the case.";
  out.details =
      "Only the fields given are changed; a requester and a list are replaced whole. Priority is judged anew when an "
      "input of "
      "it changes.";
  out.examples = {{"escalonctl fact 0195... --impact high --service shop", "Impact and service."},
                  {"escalonctl fact 0195... --clear contract", "Empties a field."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    Json plain = RequestFrom(options, arguments);
    Json fields = Json::array();
    for (const auto& [name, value] : plain.items()) fields.push_back(name);
    for (const std::string& name : arguments.List("clear")) fields.push_back(name);
    if (fields.empty()) {
      session.Fail(InvalidField("fact", "names nothing to change; give an option such as --impact high"));
      return ExitCode::kUsage;
    }
    return SendCommand(session, arguments, "change_facts",
                       {{"plain", std::move(plain)}, {"fields", std::move(fields)}});
  };
  options.push_back(Repeated(TextOption("--clear", "Empties the field of this name.", "", "FIELD")));
  out.options = WithCommandOptions(std::move(options));
  return out;
}

void AddWork(CommandSection& out) {
  const auto add = [&](CaseCommandSpec spec) { out.commands.push_back(CaseCommand(std::move(spec))); };
  add({.path = "milestone",
       .body = "record_milestone",
       .summary = "Something that starts or stops clocks of the policy has happened.",
       .options = {{.name = "NAME", .help = "By the policy's name of it.", .field = "name", .required = true},
                   TextOption("--text", "In words.", "text")},
       .examples = {{"escalonctl milestone 0195... authority_informed --occurred-at 2030-04-23T16:00:00Z",
                     "Its clock stops, in time if it happened in time."}}});
  add({.path = "ack",
       .body = "acknowledge",
       .summary = "I take it on: the steps of that track stop climbing.",
       .options = {TrackOption(), TextOption("--channel", "By which way it came.", "channel"),
                   TextOption("--on-behalf-of", "Whose acknowledgement an integration carries.", "on_behalf_of",
                              "PERSON")},
       .examples = {{"escalonctl ack servicenow/INC0042", "By the source's number."}}});
  add({.path = "unack",
       .body = "withdraw_acknowledgement",
       .summary = "I do not, after all: it climbs on.",
       .options = {TrackOption(), TextOption("--reason", "In words.", "reason")},
       .examples = {{"escalonctl unack 0195... --reason \"not my system\"", "Back to the step."}}});
  add({.path = "start",
       .body = "start_work",
       .summary = "The owner begins to work.",
       .examples = {{"escalonctl start 0195...", "The case is in progress."}}});
  add({.path = "assign",
       .body = "assign",
       .summary = "To another owner.",
       .options = {TextOption("--team", "Team; empty: the person's.", "team", "TEAM"),
                   TextOption("--person", "Person; empty: the team.", "person", "PERSON"),
                   TextOption("--reason", "In words.", "reason")},
       .examples = {{"escalonctl assign 0195... --team network --person cho", "To a person."}}});
  add({.path = "escalate",
       .body = "escalate",
       .summary = "Further up, by a person's judgement.",
       .options = {TrackOption(), TextOption("--to-level", "Level; empty: the next one.", "to_level", "LEVEL"),
                   ChoiceOption("--reason", "Why.", "reason", "ESCALATION_REASON_",
                                {"manual",
                                 "complexity",
                                 "skill",
                                 "attempts",
                                 "authority",
                                 "resources",
                                 "obstacle",
                                 "customer",
                                 "customer_request",
                                 "compliance",
                                 "legal",
                                 "security",
                                 "safety",
                                 "exposure",
                                 "repetition",
                                 "priority",
                                 "no_response",
                                 "recurrence",
                                 "declined",
                                 "no_acknowledgement",
                                 "target_share_used",
                                 "target_passed",
                                 "nobody_reached"}),
                   Required(TextOption("--text", "In words.", "text")),
                   FlagOption("--emergency", "Acts first, is ratified afterwards.", "emergency")},
       .examples = {{"escalonctl escalate 0195... --text \"needs a database expert\" --reason skill", "One level up."},
                    {"escalonctl escalate 0195... --track hierarchical --emergency --text \"data loss\"",
                     "Management, at once."}}});
  add({.path = "deescalate",
       .body = "de_escalate",
       .summary = "Back to a lower level, with guidance.",
       .options = {TrackOption(),
                   Required(TextOption("--to-level", "Level.", "to_level", "LEVEL")),
                   Required(TextOption("--guidance", "What the lower level should do.", "guidance")),
                   {.name = "--rating",
                    .kind = ValueKind::kNumber,
                    .help = "Of the package that came up: 1 (bad) to 5 (good).",
                    .field = "rating",
                    .least = 1,
                    .most = 5}},
       .examples = {{"escalonctl deescalate 0195... --to-level L1 --guidance \"restart the agent\"", "Down to L1."}}});
  add({.path = "pause",
       .body = "pause",
       .summary = "It waits for somebody else.",
       .options = {TextOption("--reason", "Of the policy's pending reasons: customer, vendor, change, ...", "reason"),
                   InstantOption("--resume-at", "When to look again; else the policy's follow-up.", "resume_at"),
                   TextOption("--text", "In words.", "text")},
       .examples = {{"escalonctl pause 0195... --reason vendor --resume-at +24h",
                     "Which clocks stop is the policy's to say."}}});
  add({.path = "resume",
       .body = "resume",
       .summary = "The wait is over.",
       .options = {TextOption("--reason", "In words.", "reason")},
       .examples = {{"escalonctl resume 0195...", "The clocks run again."}}});
  add({.path = "snooze",
       .body = "snooze",
       .summary = "Climb and pages rest for a while.",
       .options = {Required(InstantOption("--until", "Until when.", "until")),
                   TextOption("--text", "In words.", "text")},
       .examples = {{"escalonctl snooze 0195... --until +30m", "For half an hour by this machine's clock."}}});
}

void AddKnowledge(CommandSection& out) {
  const auto add = [&](CaseCommandSpec spec) { out.commands.push_back(CaseCommand(std::move(spec))); };
  out.commands.push_back(TextCommand(
      {.path = "note",
       .body = "add_note",
       .summary = "A note on the case.",
       .options = {TextArgument("The note, at most 65,024 bytes; stored sealed."),
                   ChoiceOption("--visibility", "Who may read it.", "visibility", "VISIBILITY_",
                                {"internal", "public"}),
                   FlagOption("--from-customer", "A message of the requester.", "from_customer")},
       .examples = {{"escalonctl note 0195... \"rebooted, watching\"", "Internal."},
                    {"escalonctl note 0195... - --visibility public < reply.txt", "The requester reads it too."}}}));
  add({.path = "attempt",
       .body = "log_attempt",
       .summary = "An attempt at a solution.",
       .options = {{.name = "WHAT", .help = "In words.", .field = "what", .required = true},
                   FlagOption("--worked", "It helped.", "worked")},
       .examples = {{"escalonctl attempt 0195... \"cleared the cache\"",
                     "It did not help: counted for the policy's triggers."}}});
  out.commands.push_back(FactCommand());
  add({.path = "priority",
       .body = "set_priority",
       .summary = "Sets the priority by hand; it sticks until released.",
       .options = {{.name = "PRIORITY",
                    .kind = ValueKind::kChoice,
                    .help = "The new one.",
                    .field = "priority",
                    .prefix = "PRIORITY_",
                    .choices = {"P1", "P2", "P3", "P4"}},
                   FlagOption("--release", "Back to what the matrix says.", "release"),
                   TextOption("--reason", "In words.", "reason")},
       .examples = {
           {"escalonctl priority 0195... P1 --reason \"all shops are down\"", "A new generation of its clocks."},
           {"escalonctl priority 0195... --release", "Back to the matrix."}}});
  add({.path = "eta",
       .body = "set_eta",
       .summary = "When the requester can expect it; without --at it is taken back.",
       .options = {InstantOption("--at", "When.", "eta_at"),
                   TextOption("--text", "The explanation; stored sealed.", "text")},
       .examples = {{"escalonctl eta 0195... --at 2030-04-23T16:00:00Z --text \"a part is on its way\"",
                     "Tells everyone concerned."}}});
  add({.path = "rate",
       .body = "rate",
       .summary = "A judgement of a handover, the resolution or the preparation.",
       .options = {Required(ChoiceOption("--what", "Of what.", "what", "",
                                         {"handover", "resolution", "preparation", "documentation"})),
                   {.name = "--score",
                    .kind = ValueKind::kNumber,
                    .help = "1 (bad) to 5 (good).",
                    .field = "score",
                    .required = true,
                    .least = 1,
                    .most = 5},
                   TextOption("--id", "Of the handover.", "id"),
                   TextOption("--text", "In words.", "text")},
       .examples = {{"escalonctl rate 0195... --what resolution --score 5", "Content."}}});
  add({.path = "link",
       .body = "link",
       .summary = "Two records belong together.",
       .options = {{.name = "--other", .help = "UUID of the other case.", .field = "other", .value = "CASE"},
                   TextOption("--external", "A record elsewhere.", "external"),
                   ChoiceOption("--relation", "What this case is to the other.", "relation", "LINK_RELATION_",
                                {"related", "parent", "child", "duplicate_of", "other_face"})},
       .examples = {{"escalonctl link 0195... --other 0196... --relation child", "It is a child of the other."},
                    {"escalonctl link 0195... --external PRB0001", "A problem record."}}});
}

void AddEnding(CommandSection& out) {
  const auto add = [&](CaseCommandSpec spec) { out.commands.push_back(CaseCommand(std::move(spec))); };
  add({.path = "merge",
       .body = "merge",
       .summary = "This case ends in the other, which survives.",
       .options = {{.name = "INTO", .help = "UUID of the survivor.", .field = "into", .required = true},
                   TextOption("--reason", "In words.", "reason")},
       .examples = {{"escalonctl merge 0196... 0195...", "The second survives and keeps its clocks."}}});
  add({.path = "resolve",
       .body = "resolve",
       .summary = "The work is done.",
       .options = {ChoiceOption("--cause", "How.", "cause", "RESOLUTION_CAUSE_", {"fixed", "workaround", "no_fault"}),
                   TextOption("--text", "The solution; stored sealed.", "text")},
       .examples = {{"escalonctl resolve 0195... --text \"replaced the switch\"",
                     "Monitoring begins, if the policy wants it."}}});
  add({.path = "confirm",
       .body = "confirm_resolution",
       .summary = "The requester agrees.",
       .examples = {{"escalonctl confirm 0195...", "It closes when monitoring is over."}}});
  add({.path = "reject",
       .body = "reject_resolution",
       .summary = "The requester does not agree.",
       .options = {Required(TextOption("--reason", "In words.", "reason"))},
       .examples = {{"escalonctl reject 0195... --reason \"still slow\"", "Same owner, the clock resumes."}}});
  add({.path = "reopen",
       .body = "reopen",
       .summary = "Open again.",
       .options = {Required(TextOption("--reason", "In words.", "reason"))},
       .examples = {{"escalonctl reopen 0195... --reason \"came back\"", "Within the policy's time."}}});
  add({.path = "close",
       .body = "close",
       .summary = "Closes a resolved case by a person with the right.",
       .options = {TextOption("--reason", "In words.", "reason")},
       .examples = {{"escalonctl close 0195...", "Ends it."}}});
  add({.path = "cancel",
       .body = "cancel",
       .summary = "The end of a case that was none.",
       .options = {ChoiceOption("--cause", "Why.", "cause", "CANCEL_CAUSE_", {"withdrawn", "duplicate"}),
                   TextOption("--other", "UUID of the original of a duplicate.", "other", "CASE"),
                   TextOption("--reason", "In words.", "reason")},
       .examples = {{"escalonctl cancel 0196... --cause duplicate --other 0195...",
                     "Cancels its climb and its queued pages."}}});
  add({.path = "clear",
       .body = "source_ended",
       .summary = "The source's own news: the alert cleared.",
       .options = {TextOption("--text", "In words.", "text")},
       .examples = {{"escalonctl clear alertmanager:prod/1f2e", "Its climb and its queued pages end within a second."}},
       .fixed = {{"cleared", true}}});
  add({.path = "source-closed",
       .body = "source_ended",
       .summary = "The source's own news: the ticket was closed there.",
       .options = {TextOption("--text", "In words.", "text")},
       .examples = {{"escalonctl source-closed servicenow/INC0042", "As if the webhook had come."}},
       .fixed = {{"cleared", false}}});
}

}  // namespace

CommandSection WorkSection() {
  CommandSection out{.title = "Working on a case"};
  AddWork(out);
  AddKnowledge(out);
  AddEnding(out);
  return out;
}

}  // namespace escalon::escalonctl

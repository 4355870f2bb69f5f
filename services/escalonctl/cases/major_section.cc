#include <utility>

#include "services/escalonctl/cases/case_command.h"
#include "services/escalonctl/cases/case_sections.h"

// The record of a major escalation: who leads it, what is planned with the customer, and how it ends.

namespace escalon::escalonctl {
namespace {

Json Action(const char* action) { return {{"action", std::string("MAJOR_ACTION_") + action}}; }
Json Action(const char* action, const char* part) {
  Json fixed = Action(action);
  fixed["part"] = std::string("MAJOR_PART_") + part;
  return fixed;
}

Option PersonArgument(std::string help) {
  return {.name = "PERSON", .help = std::move(help), .field = "person", .required = true};
}
Option TextToSeal(std::string help) {
  return Required(TextOption("--text", std::move(help) + " Stored sealed.", "text"));
}
Option PartOption(std::string help, std::vector<std::string> parts) {
  return Required(ChoiceOption("--part", std::move(help), "part", "MAJOR_PART_", std::move(parts)));
}
Option Reason() { return TextOption("--reason", "In words.", "reason"); }

/// Every action is due at the one instant that is given; programs give each its own.
CommandSpec PlanCommand() {
  std::vector<Option> options{
      TextOption("--text", "The plan. Stored sealed. Left out with --agreed: the present one.", "text"),
      {.name = "--action",
       .kind = ValueKind::kPair,
       .help = "Who does what: ana=\"test the failover\".",
       .field = "actions",
       .prefix = "owner,what",
       .repeated = true},
      TextOption("--resources", "Extra people and means.", "resources"),
      FlagOption("--agreed", "The customer agrees to it.", "agreed")};
  const Option due{.name = "--due", .kind = ValueKind::kInstant, .help = "When the actions are due.", .field = "due"};
  CommandSpec out;
  out.path = "major plan";
  out.summary = "A revision of the plan with the customer, or the customer's agreement to it.";
  out.examples = {
      {"escalonctl major plan 0195... --text \"move to the standby site\" --action ana=\"test it\" --due +4h",
       "The plan is looked at again when the first action is due."},
      {"escalonctl major plan 0195... --agreed", "The customer agrees to the present revision."}};
  out.run = [options, due](Session& session, const Arguments& arguments) {
    Json body = RequestFrom(options, arguments);
    body["action"] = "MAJOR_ACTION_REVISE_PLAN";
    if (const Json at = RequestFrom({due}, arguments); at.contains("due") && body.contains("actions")) {
      for (Json& action : body["actions"]) action["due_at"] = at["due"];
    }
    return SendCommand(session, arguments, "major", std::move(body));
  };
  options.push_back(due);
  out.options = WithCommandOptions(std::move(options));
  return out;
}

void AddPeople(CommandSection& out) {
  const auto add = [&](CaseCommandSpec spec) { out.commands.push_back(CaseCommand(std::move(spec))); };
  add({.path = "major open",
       .body = "major",
       .summary = "The case is a major escalation.",
       .options = {Required(Reason())},
       .examples = {{"escalonctl major open 0195... --reason \"the customer threatens to leave\"",
                     "The record cites the reason; a manager is named by the roster."}},
       .fixed = Action("OPEN")});
  add({.path = "major manager",
       .body = "major",
       .summary = "Names the escalation manager.",
       .options = {PersonArgument("Person of the roster.")},
       .examples = {{"escalonctl major manager 0195... eva", "In place of whoever it was."}},
       .fixed = Action("NAME", "MANAGER")});
  add({.path = "major deputy",
       .body = "major",
       .summary = "Names who may close it in the manager's place.",
       .options = {PersonArgument("Person of the roster.")},
       .examples = {{"escalonctl major deputy 0195... noa", "One at a time."}},
       .fixed = Action("NAME", "DEPUTY")});
  add({.path = "major member",
       .body = "major",
       .summary = "Gives somebody a part in the team.",
       .options = {PersonArgument("Person of the roster."),
                   PartOption("What for.", {"incident_owner", "problem_owner", "expert"})},
       .examples = {{"escalonctl major member 0195... cho --part expert", "Paged, and has to acknowledge."}},
       .fixed = Action("NAME")});
  add({.path = "major release",
       .body = "major",
       .summary = "Somebody is no longer needed.",
       .options = {PersonArgument("Of the team."), Reason()},
       .examples = {{"escalonctl major release 0195... cho --reason \"on leave\"", "From all their parts."}},
       .fixed = Action("RELEASE")});
  add({.path = "major ack",
       .body = "major",
       .summary = "I take my part.",
       .examples = {{"escalonctl major ack 0195...", "As the link in the page does."}},
       .fixed = Action("ACKNOWLEDGE")});
  add({.path = "major contact",
       .body = "major",
       .summary = "Somebody at the customer or a provider.",
       .options = {PersonArgument("Id of the contact; the address is sealed under it."),
                   PartOption("Where.", {"customer", "provider"}),
                   TextOption("--channel", "mail, phone, ...", "channel"),
                   TextOption("--contact", "The address. Stored sealed.", "contact", "ADDRESS"),
                   TextOption("--language", "BCP 47: de-AT.", "language", "LANGUAGE")},
       .examples = {{"escalonctl major contact 0195... schmidt --part customer --channel phone --contact \"+49 30 1\"",
                     "The same id replaces what is known."}},
       .fixed = Action("ADD_CONTACT")});
  add({.path = "major record",
       .body = "major",
       .summary = "Links an incident, problem or request, here or in another system.",
       .options = {{.name = "NUMBER", .help = "Of the record.", .field = "reference", .required = true},
                   PartOption("What it is.", {"incident", "problem", "request"}),
                   TextOption("--owner", "Who has it.", "person", "PERSON")},
       .examples = {{"escalonctl major record 0195... PRB7 --part problem --owner eva",
                     "Its technical plan stays there and runs beside this one."}},
       .fixed = Action("ADD_REFERENCE")});
}

void AddCourse(CommandSection& out) {
  const auto add = [&](CaseCommandSpec spec) { out.commands.push_back(CaseCommand(std::move(spec))); };
  add({.path = "major assess",
       .body = "major",
       .summary = "The detailed assessment.",
       .options = {TextToSeal("The assessment.")},
       .examples = {{"escalonctl major assess 0195... --text \"one site is down, no data is lost\"",
                     "By the manager or deputy."}},
       .fixed = Action("ASSESS")});
  out.commands.push_back(PlanCommand());
  add({.path = "major consent",
       .body = "major",
       .summary = "The customer's word: that it is resolved, and later that it may be closed.",
       .options = {PersonArgument("Who at the customer says so."),
                   {.name = "--monitoring-hours",
                    .kind = ValueKind::kNumber,
                    .help = "The agreed monitoring; else as before.",
                    .field = "monitoring_hours",
                    .least = 1,
                    .most = 2160}},
       .examples = {{"escalonctl major consent 0195... schmidt --monitoring-hours 48",
                     "After the resolution: monitoring begins."},
                    {"escalonctl major consent 0195... schmidt", "After that: it may be closed when it is over."}},
       .fixed = Action("CONSENT")});
  add({.path = "major close",
       .body = "major",
       .summary = "Closes the case: by its manager or deputy, with the customer's consent.",
       .options = {Reason()},
       .examples = {{"escalonctl major close 0195...", "A review is owed then."}},
       .fixed = Action("CLOSE")});
  add({.path = "major review",
       .body = "major",
       .summary = "What was learnt.",
       .options = {TextToSeal("The review."),
                   TextOption("--problem", "Record that takes it up.", "reference", "NUMBER")},
       .examples = {{"escalonctl major review 0195... --text \"the standby was never tested\" --problem PRB7",
                     "The problem record is linked."}},
       .fixed = Action("REVIEW")});
}

}  // namespace

CommandSection MajorSection() {
  CommandSection out{.title = "Major escalations"};
  AddPeople(out);
  AddCourse(out);
  return out;
}

}  // namespace escalon::escalonctl

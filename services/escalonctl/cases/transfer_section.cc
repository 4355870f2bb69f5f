#include "services/escalonctl/cases/case_command.h"
#include "services/escalonctl/cases/case_sections.h"

// What moves between people: handovers with their package, consent, and expert help.

namespace escalon::escalonctl {
namespace {

Option PackageOption() {
  return {.name = "--field",
          .kind = ValueKind::kPair,
          .help = "A field of the package by the policy's name of it: summary=..., steps_taken=..., next_step=...",
          .field = "package_fields",
          .prefix = "name,text",
          .repeated = true};
}

Option IdOption(const std::string& of) {
  return TextOption("--id", "Of the " + of + "; else the only open one.", "id");
}

void AddHandovers(CommandSection& out) {
  const auto add = [&](CaseCommandSpec spec) { out.commands.push_back(CaseCommand(std::move(spec))); };
  add({.path = "handover offer",
       .body = "offer_handover",
       .summary = "Offers the case to somebody else.",
       .options = {Required(TextOption("--to-team", "Team.", "to_team", "TEAM")),
                   TextOption("--to-person", "Person; empty: anyone of the team.", "to_person", "PERSON"),
                   TextOption("--to-level", "Level; empty: as it is.", "to_level", "LEVEL"), PackageOption(),
                   FlagOption("--emergency", "Moves at once; what is missing is asked for afterwards.", "emergency"),
                   TextOption("--reason", "In words.", "reason")},
       .examples = {{"escalonctl handover offer 0195... --to-team apac --field summary=\"slow since 9\" --field "
                     "next_step=\"ask the vendor\"",
                     "The owner stays responsible until somebody accepts."}}});
  add({.path = "handover accept",
       .body = "accept_handover",
       .summary = "Takes the case.",
       .options = {IdOption("handover")},
       .examples = {{"escalonctl handover accept 0195...", "The clocks run on."}}});
  add({.path = "handover decline",
       .body = "decline_handover",
       .summary = "Does not take it.",
       .options = {IdOption("handover"), Required(TextOption("--reason", "In words.", "reason"))},
       .examples = {{"escalonctl handover decline 0195... --reason \"not our system\"", "It stays where it is."}}});
  add({.path = "handover ask",
       .body = "ask_for_more",
       .summary = "Needs more before deciding.",
       .options = {IdOption("handover"),
                   Repeated(TextOption("--field", "Name of a field that is asked for.", "fields")),
                   TextOption("--question", "In words.", "question")},
       .examples = {{"escalonctl handover ask 0195... --field steps_taken", "The owner owes it."}}});
  add({.path = "handover supply",
       .body = "supply_handover",
       .summary = "What was asked for.",
       .options = {IdOption("handover"), Required(PackageOption())},
       .examples = {{"escalonctl handover supply 0195... --field steps_taken=\"rebooted twice\"",
                     "Only what is new or changed."}}});
}

void AddConsent(CommandSection& out) {
  const auto add = [&](CaseCommandSpec spec) { out.commands.push_back(CaseCommand(std::move(spec))); };
  add({.path = "approve",
       .body = "decide_approval",
       .summary = "Consents to an escalation, or ratifies one.",
       .options = {IdOption("request"), TextOption("--text", "In words.", "text")},
       .examples = {{"escalonctl approve 0195...", "The only open request."}},
       .fixed = {{"approve", true}}});
  add({.path = "refuse",
       .body = "decide_approval",
       .summary = "Does not consent, or does not ratify.",
       .options = {IdOption("request"), Required(TextOption("--text", "In words.", "text"))},
       .examples = {{"escalonctl refuse 0195... --text \"try the standby first\"", "It stays where it is."}},
       .fixed = {{"approve", false}}});
  const std::string kinds = "spend, vendor, exception, credit, legal, ...: of the policy's levels.";
  add({.path = "decide",
       .body = "take_decision",
       .summary = "Takes a decision, or asks for it where the authority is lacking.",
       .options = {{.name = "DECISION", .help = kinds, .field = "decision", .required = true},
                   AmountOption(),
                   TextOption("--text", "In words.", "text")},
       .examples = {{"escalonctl decide 0195... spend --amount \"480 EUR\" --text \"a spare disk\"",
                     "Awaits approval when a higher level or a second person has to decide."}}});
  add({.path = "decision approve",
       .body = "answer_decision",
       .summary = "Decides on what somebody asked for, or agrees as the second person.",
       .options = {IdOption("decision"), TextOption("--text", "In words.", "text")},
       .examples = {{"escalonctl decision approve 0195...", "The only open one."}},
       .fixed = {{"approve", true}}});
  add({.path = "decision refuse",
       .body = "answer_decision",
       .summary = "Refuses it, or takes the own request back.",
       .options = {IdOption("decision"), Required(TextOption("--text", "In words.", "text"))},
       .examples = {{"escalonctl decision refuse 0195... --text \"repair it\"", "Nothing is decided."}},
       .fixed = {{"approve", false}}});
  add({.path = "consult",
       .body = "consult",
       .summary = "Expert help without handover.",
       .options = {Required(TextOption("--to-team", "Team.", "to_team", "TEAM")),
                   TextOption("--to-person", "Person; empty: anyone of the team.", "to_person", "PERSON"),
                   Required(TextOption("--text", "The question; stored sealed.", "text"))},
       .examples = {
           {"escalonctl consult 0195... --to-team database --text \"is this lock normal?\"", "The owner stays."}}});
  add({.path = "answer",
       .body = "answer_consultation",
       .summary = "The expert's word.",
       .options = {IdOption("consultation"), Required(TextOption("--text", "The answer; stored sealed.", "text"))},
       .examples = {{"escalonctl answer 0195... --text \"no: kill session 42\"", "Its clock stops."}}});
}

}  // namespace

CommandSection TransferSection() {
  CommandSection out{.title = "Handing over, consent and help"};
  out.groups = {{"handover", "Offers a case to somebody else, and the answers."},
                {"decision", "The answer to a decision that somebody asked for."}};
  AddHandovers(out);
  AddConsent(out);
  return out;
}

}  // namespace escalon::escalonctl

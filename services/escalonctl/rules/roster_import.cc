#include "services/escalonctl/rules/roster_import.h"

#include <algorithm>

#include "services/escalonctl/output/printer.h"

namespace escalon::escalonctl {
namespace {

constexpr size_t kLongestNote = 60;

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

bool HasMail(const Person& person, const std::vector<std::string>& mails) {
  return std::any_of(person.contacts.begin(), person.contacts.end(), [&](const ContactMethod& contact) {
    return std::find(mails.begin(), mails.end(), Lower(contact.address)) != mails.end();
  });
}

const Person* WhoseIs(const Roster& roster, const icalendar::Event& event, const std::string& wished) {
  if (!wished.empty()) return roster.person(wished);
  if (const Person* marked = roster.person(event.person)) return marked;
  for (const Person& person : roster.document().people) {
    if (HasMail(person, event.mails)) return &person;
  }
  for (const Person& person : roster.document().people) {
    if (event.summary == person.id || (!person.name.empty() && event.summary == person.name)) return &person;
  }
  return nullptr;
}

std::string Note(const icalendar::Event& event) {
  std::string note = "  # line " + std::to_string(event.line);
  if (!event.summary.empty()) note += ": " + Printable(event.summary.substr(0, kLongestNote));
  return note + "\n";
}

std::string Span(const icalendar::Event& event, const char* from, const char* to) {
  return std::string(from) + ": \"" + FormatInstant(event.from) + "\", " + to + ": \"" + FormatInstant(event.to) + "\"";
}

}  // namespace

Import ImportOf(const Roster& roster, const icalendar::Contents& contents, const ImportWish& wish) {
  Import out;
  out.findings = contents.findings;
  const bool overrides = !wish.schedule.empty();
  for (const icalendar::Event& event : contents.events) {
    const Person* person = WhoseIs(roster, event, wish.person);
    if (person == nullptr) {
      out.findings.push_back({"line " + std::to_string(event.line),
                              "the event names nobody of the roster; add an attendee with the person's address, or say "
                              "whose calendar it is with --person"});
      continue;
    }
    if (out.yaml.empty()) out.yaml = overrides ? "    overrides:\n" : "absences:\n";
    if (overrides) {
      out.yaml += "      - {" + Span(event, "start", "end") + ", add: " + person->id + "}" + Note(event);
    } else {
      out.yaml += "  - {person: " + person->id + ", " + Span(event, "from", "to") + "}" + Note(event);
    }
  }
  return out;
}

}  // namespace escalon::escalonctl

#include "common/documents/calendar_section.h"
#include "common/documents/fields.h"
#include "common/documents/roster_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

void ReadPerson(const Value& value, Person* out) {
  Fields fields(value);
  fields.Read("name", &out->name, ReadText);
  if (const auto zone = fields.Take("timezone", "zone")) ReadName(*zone, &out->timezone);
  fields.Read("region", &out->region, ReadName);
  fields.Read("languages", &out->languages, ReadNames);
  fields.Read("skills", &out->skills, ReadNames);
  fields.Read("clearance", &out->clearance, ReadNames);
  fields.Read("roles", &out->roles, ReadNames);
  fields.Read("contacts", &out->contacts, [](const Value& v, auto* contacts) { ReadList(v, contacts, ReadContact); });
  fields.Read("quiet_hours", &out->quiet_hours, ReadWindows);
  fields.Read("manager", &out->manager, ReadName);
  fields.Read("capacity", &out->capacity, ReadCount);
}

}  // namespace

bool ReadContact(const Value& value, ContactMethod* out) {
  if (value.is_map()) {
    Fields fields(value);
    fields.Need("channel", &out->channel, ReadName);
    fields.Need("address", &out->address, ReadText);
    return true;
  }
  std::string text;
  if (!ReadText(value, &text)) return false;
  const size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) {
    value.Fault("must be a channel and an address, such as \"mail:ana@shop.example\"");
    return false;
  }
  *out = {text.substr(0, colon), text.substr(colon + 1)};
  return true;
}

void ReadPeople(const Value& value, RosterDocument* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> people = fields.TakeRest(&names);
  for (size_t i = 0; i < people.size(); ++i) {
    Person person;
    person.id = names[i];
    ReadPerson(people[i], &person);
    out->people.push_back(std::move(person));
  }
}

}  // namespace escalon::documents

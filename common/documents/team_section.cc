#include "common/documents/fields.h"
#include "common/documents/roster_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

void ReadContacts(const Value& value, std::vector<ContactMethod>* out) { ReadList(value, out, ReadContact); }

void ReadTeam(const Value& value, Team* out) {
  Fields fields(value);
  fields.Read("name", &out->name, ReadText);
  fields.Need("members", &out->members, ReadNames);
  fields.Read("lead", &out->lead, ReadName);
  fields.Read("schedule", &out->schedule, ReadName);
  fields.Read("calendar", &out->calendar, ReadName);
  fields.Read("region", &out->region, ReadName);
  fields.Read("languages", &out->languages, ReadNames);
  fields.Read("skills", &out->skills, ReadNames);
  fields.Read("capacity", &out->capacity, ReadCount);
  fields.Read("catch_all", &out->catch_all, ReadFlag);
  fields.Read("contacts", &out->contacts, ReadContacts);
}

void ReadRole(const Value& value, Duty* out) {
  Fields fields(value);
  fields.Read("name", &out->name, ReadText);
  fields.Read("people", &out->people, ReadNames);
  fields.Read("team", &out->team, ReadName);
  fields.Read("schedule", &out->schedule, ReadName);
}

void ReadVendor(const Value& value, Vendor* out) {
  Fields fields(value);
  fields.Read("name", &out->name, ReadText);
  fields.Read("calendar", &out->calendar, ReadName);
  fields.Read("contacts", &out->contacts, ReadContacts);
}

/// A map from id to item, in the order written.
template <typename T, typename Reader>
void ReadById(const Value& value, std::vector<T>* out, Reader reader) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> items = fields.TakeRest(&names);
  for (size_t i = 0; i < items.size(); ++i) {
    T item;
    item.id = names[i];
    reader(items[i], &item);
    out->push_back(std::move(item));
  }
}

}  // namespace

void ReadTeams(const Value& value, RosterDocument* out) { ReadById(value, &out->teams, ReadTeam); }
void ReadRoles(const Value& value, RosterDocument* out) { ReadById(value, &out->roles, ReadRole); }
void ReadVendors(const Value& value, RosterDocument* out) { ReadById(value, &out->vendors, ReadVendor); }

}  // namespace escalon::documents

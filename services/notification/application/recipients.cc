#include "services/notification/application/recipients.h"

#include <algorithm>

namespace escalon::notification {
namespace {

constexpr std::string_view kLog = "log";
constexpr std::string_view kVendorLabel = "vendor";

std::vector<ContactMethod> InOrder(const std::vector<ContactMethod>& own, const std::vector<std::string>& preferred,
                                   const std::string& id) {
  if (preferred.empty()) return own;
  std::vector<ContactMethod> out;
  out.reserve(own.size() + 1);
  for (const std::string& channel : preferred) {
    const size_t before = out.size();
    for (const ContactMethod& method : own) {
      if (method.channel == channel) out.push_back(method);
    }
    if (channel == kLog && out.size() == before) out.push_back({channel, id});
  }
  for (const ContactMethod& method : own) {
    if (std::find(preferred.begin(), preferred.end(), method.channel) == preferred.end()) out.push_back(method);
  }
  return out;
}

Recipient OfPerson(const Person& person, const std::string& team, const std::vector<std::string>& channels) {
  Recipient out;
  out.person = person.id;
  out.subject = person.id;
  out.team = team;
  out.contacts = InOrder(person.contacts, channels, person.id);
  out.languages = person.languages;
  out.timezone = person.timezone;
  out.quiet_hours = person.quiet_hours;
  return out;
}

Recipient OfTeam(const Team& team, const std::vector<std::string>& channels) {
  Recipient out;
  out.kind = Recipient::Kind::kTeam;
  out.team = team.id;
  out.contacts = InOrder(team.contacts, channels, team.id);
  out.languages = team.languages;
  return out;
}

/// Somebody whom the roster does not know (any more): nothing but the log reaches them.
Recipient Unknown(const std::string& person, const std::string& team, const std::vector<std::string>& channels) {
  Recipient out;
  out.kind = person.empty() ? Recipient::Kind::kTeam : Recipient::Kind::kPerson;
  out.person = person;
  out.team = team;
  out.contacts = InOrder({}, channels, out.key());
  return out;
}

void AddTeam(const Roster& roster, const Team& team, const NotifyIntended& intent, InstantMs now,
             std::vector<Recipient>* to) {
  if (!team.contacts.empty()) return to->push_back(OfTeam(team, intent.channels));
  std::vector<const Person*> people = roster.OnCallOf(team.id, now);
  if (people.empty()) people = roster.PeopleOf(team.id);
  for (const Person* person : people) to->push_back(OfPerson(*person, team.id, intent.channels));
}

/// Named by the audience in the delivery log, whoever the case says it is.
Recipient OfCase(std::string_view audience) {
  Recipient out;
  out.kind = Recipient::Kind::kOfCase;
  out.person = std::string(audience);
  out.outside = true;
  return out;
}

/// A vendor that a step names.
Recipient OfVendor(const Vendor& vendor, const std::vector<std::string>& channels) {
  Recipient out = OfCase(Name(Audience::kProvider));
  out.team = vendor.id;
  out.contacts = InOrder(vendor.contacts, channels, vendor.id);
  return out;
}

bool IsOutside(Audience audience) {
  return audience == Audience::kRequester || audience == Audience::kAffectedUsers ||
         audience == Audience::kCustomerContacts || audience == Audience::kProvider;
}

}  // namespace

Addressed Address(const Roster& roster, const NotifyIntended& intent, InstantMs now) {
  Addressed out;
  if (!intent.people.empty()) {
    for (const std::string& id : intent.people) {
      const Person* person = roster.person(id);
      out.to.push_back(person != nullptr ? OfPerson(*person, intent.team, intent.channels)
                                         : Unknown(id, intent.team, intent.channels));
    }
    return out;
  }
  if (intent.audience == Audience::kProvider && !intent.team.empty()) {
    const Vendor* vendor = roster.vendor(intent.team);
    if (vendor != nullptr && !vendor->contacts.empty()) {
      out.to.push_back(OfVendor(*vendor, intent.channels));
    } else {
      out.nobody = "the roster has no vendor " + intent.team + " with contacts; complete it";
    }
    return out;
  }
  if (!intent.team.empty()) {
    const Team* team = roster.team(intent.team);
    if (team != nullptr) {
      AddTeam(roster, *team, intent, now, &out.to);
    } else {
      out.to.push_back(Unknown("", intent.team, intent.channels));
    }
    if (out.to.empty()) out.nobody = "team " + intent.team + " has neither contacts nor members; complete the roster";
    return out;
  }
  if (intent.audience == Audience::kRequester || intent.audience == Audience::kProvider) {
    out.to.push_back(OfCase(Name(intent.audience)));
    return out;
  }
  const std::string group(Name(intent.audience));
  for (const Person* person : roster.PeopleInRole(group, now)) out.to.push_back(OfPerson(*person, "", intent.channels));
  if (out.to.empty()) {
    if (const Team* team = roster.team(group)) AddTeam(roster, *team, intent, now, &out.to);
  }
  for (Recipient& recipient : out.to) recipient.outside = IsOutside(intent.audience);
  if (out.to.empty()) out.nobody = "the roster has no role or team \"" + group + "\" with people; add one to tell them";
  return out;
}

Recipient AddressAgain(const Roster& roster, const std::string& person, const std::string& team,
                       const std::vector<std::string>& channels) {
  if (person == Name(Audience::kProvider) && !team.empty()) {
    const Vendor* vendor = roster.vendor(team);
    return vendor != nullptr ? OfVendor(*vendor, channels) : Unknown("", team, channels);
  }
  if (person == Name(Audience::kRequester) || person == Name(Audience::kProvider)) {
    return OfCase(person);
  }
  if (!person.empty()) {
    const Person* known = roster.person(person);
    return known != nullptr ? OfPerson(*known, team, channels) : Unknown(person, team, channels);
  }
  const Team* known = roster.team(team);
  return known != nullptr ? OfTeam(*known, channels) : Unknown("", team, channels);
}

Result<Recipient> AddressOfCase(const Roster& roster, const Case& c, Audience audience, const OpenContact& open) {
  Recipient out = OfCase(Name(audience));
  if (audience == Audience::kProvider) {
    const auto label = c.facts->labels.find(std::string(kVendorLabel));
    if (label == c.facts->labels.end()) return Error{ErrorCode::kNotFound, "the case has no label \"vendor\""};
    const Vendor* vendor = roster.vendor(label->second);
    if (vendor == nullptr) return Error{ErrorCode::kNotFound, "the roster has no vendor " + label->second};
    if (vendor->contacts.empty()) return InvalidField("vendor", vendor->id + " has no contacts in the roster");
    out.contacts = vendor->contacts;
    return out;
  }
  const Facts& facts = *c.facts;
  const Party& party = !facts.requester.subject.empty() ? facts.requester : facts.reporter;
  if (facts.proactive || party.subject.empty()) return Error{ErrorCode::kNotFound, "the case has no requester"};
  if (party.sealed_contact.empty()) return Error{ErrorCode::kNotFound, "the requester left no contact"};
  if (!open) return InvalidField("requester", "cannot be told: sealing.key_file is not set here");
  Result<std::string> contact = open(c.tenant, party.sealed_contact);
  if (!contact.ok()) return contact.error();
  const size_t colon = contact->find(':');
  if (colon == 0 || colon == std::string::npos || colon + 1 == contact->size()) {
    return InvalidField("requester", "has a contact that is no channel and address, such as mail:…");
  }
  out.subject = party.subject;
  out.contacts = {{contact->substr(0, colon), contact->substr(colon + 1)}};
  // A bare address of a web hook: `https://…` names no channel of its own.
  if (out.contacts.front().channel == "https" || out.contacts.front().channel == "http")
    out.contacts = {{"webhook", *contact}};
  if (!party.language.empty()) out.languages = {party.language};
  return out;
}

}  // namespace escalon::notification

#include "tests/load/staff.h"

#include <fstream>
#include <sstream>
#include <vector>

#include "common/documents/roster_document.h"

namespace escalon::load {

Result<std::string> ReadTextFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Error{ErrorCode::kNotFound, path + " cannot be read"};
  return text.str();
}

Result<Staff> Staff::Load(const std::string& roster_file, const std::string& tokens_file) {
  const Result<std::string> text = ReadTextFile(roster_file);
  if (!text.ok()) return text.error();
  Result<RosterDocument> document = ParseRoster(*text);
  if (!document.ok()) return document.error();
  Result<std::shared_ptr<const Roster>> roster = Roster::Build(std::move(*document));
  if (!roster.ok()) return roster.error();
  Result<Tokens> tokens = Tokens::Load(tokens_file);
  if (!tokens.ok()) return tokens.error();
  return Staff(std::move(*roster), std::move(*tokens));
}

std::string Staff::Answerer(const cases::v1::PublicCase& c, InstantMs now) const {
  if (HasKey(c.owner().person())) return c.owner().person();
  for (const std::string& person : c.functional().people()) {
    if (HasKey(person)) return person;
  }
  for (const Person* person : roster_->OnCallOf(c.owner().team(), now)) {
    if (HasKey(person->id)) return person->id;
  }
  return {};
}

std::string Staff::Worker(const cases::v1::PublicCase& c) {
  return c.acknowledged_by().empty() ? c.owner().person() : c.acknowledged_by();
}

std::string Staff::Colleague(const cases::v1::PublicCase& c, InstantMs now, uint64_t dice) const {
  const std::string own = Worker(c);
  std::vector<const Person*> candidates;
  const auto consider = [&](const std::vector<const Person*>& people) {
    for (const Person* person : people) {
      if (person->id != own && HasKey(person->id) && roster_->IsPresent(person->id, now)) candidates.push_back(person);
    }
  };
  consider(roster_->PeopleOf(c.owner().team()));
  if (candidates.empty()) {
    for (const Team& team : roster_->document().teams) consider(roster_->OnCallOf(team.id, now));
  }
  return candidates.empty() ? std::string() : candidates[dice % candidates.size()]->id;
}

}  // namespace escalon::load

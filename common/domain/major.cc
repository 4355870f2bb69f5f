#include "common/domain/major.h"

#include <algorithm>

namespace escalon {
namespace {

void AddOnce(std::vector<std::string>* people, const std::string& person) {
  if (std::find(people->begin(), people->end(), person) == people->end()) people->push_back(person);
}

}  // namespace

std::string MajorRecord::PersonOf(MajorPart part) const {
  const auto it =
      std::find_if(team.begin(), team.end(), [part](const MajorMember& member) { return member.part == part; });
  return it != team.end() ? it->person : std::string();
}

bool MajorRecord::Leads(std::string_view person) const {
  if (person.empty()) return false;
  return person == PersonOf(MajorPart::kManager) || person == PersonOf(MajorPart::kDeputy);
}

bool MajorRecord::IsMember(std::string_view person) const {
  return !person.empty() &&
         std::any_of(team.begin(), team.end(), [person](const MajorMember& member) { return member.person == person; });
}

std::vector<std::string> MajorRecord::Members() const {
  std::vector<std::string> people;
  for (const MajorMember& member : team) AddOnce(&people, member.person);
  return people;
}

std::vector<std::string> MajorRecord::Silent() const {
  std::vector<std::string> people;
  for (const MajorMember& member : team) {
    if (member.acknowledged_at == 0) AddOnce(&people, member.person);
  }
  return people;
}

}  // namespace escalon

#include "tests/load/prepare.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "common/documents/roster_document.h"
#include "tests/load/generator.h"
#include "tests/load/installation.h"
#include "tests/load/staff.h"

namespace escalon::load {

Status Prepare(const PrepareOptions& options) {
  Result<std::string> text = ReadTextFile(options.roster);
  if (!text.ok()) return text.error();
  const std::string roster = PointRosterAt(std::move(*text), options.sink, options.uncapped);
  const Result<RosterDocument> document = ParseRoster(roster);
  if (!document.ok()) return document.error();
  std::vector<std::string> people;
  std::set<std::string> managers;
  for (const Person& person : document->people) {
    people.push_back(person.id);
    if (!person.manager.empty()) managers.insert(person.manager);
  }
  const std::vector<Holder> holders =
      HoldersOf(options.tenant, {Generator::kDesk, Generator::kMonitoring}, people, {managers.begin(), managers.end()});
  if (!std::filesystem::exists(options.dir + "/credentials.yaml")) {
    if (Status s = WriteSecrets(options.dir, holders); !s.ok()) return s;
  }
  std::ofstream out(options.dir + "/roster.yaml");
  out << roster;
  out.close();
  if (!out) return Error{ErrorCode::kInternal, "cannot write " + options.dir + "/roster.yaml"};
  return {};
}

}  // namespace escalon::load

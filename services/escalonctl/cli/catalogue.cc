#include "services/escalonctl/cli/catalogue.h"

#include <algorithm>

#include "services/escalonctl/cases/case_sections.h"
#include "services/escalonctl/cli/completion.h"
#include "services/escalonctl/keys/key_commands.h"
#include "services/escalonctl/offline/calc_command.h"
#include "services/escalonctl/offline/log_commands.h"
#include "services/escalonctl/offline/topic_commands.h"
#include "services/escalonctl/operations/operation_sections.h"
#include "services/escalonctl/report/figure_section.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {

const CommandSpec* Catalogue::Find(std::string_view path) const {
  for (const CommandSection& section : sections) {
    for (const CommandSpec& command : section.commands) {
      if (command.path == path) return &command;
    }
  }
  return nullptr;
}

const CommandGroup* Catalogue::FindGroup(std::string_view path) const {
  for (const CommandSection& section : sections) {
    for (const CommandGroup& group : section.groups) {
      if (group.path == path) return &group;
    }
  }
  return nullptr;
}

std::vector<std::string> Catalogue::FirstWords() const {
  std::vector<std::string> out;
  for (const CommandSection& section : sections) {
    for (const CommandSpec& command : section.commands) {
      std::string word = command.path.substr(0, command.path.find(' '));
      if (std::find(out.begin(), out.end(), word) == out.end()) out.push_back(std::move(word));
    }
  }
  return out;
}

Catalogue AllCommands() {
  Catalogue out;
  out.sections = {CaseSection(),     WorkSection(),   TransferSection(), MajorSection(), QuestionSection(),
                  DeliverySection(), RuleSection(),   MachineSection(),  TopicSection(), LogSection(),
                  CalcSection(),     FigureSection(), KeySection(),      ShellSection()};
  return out;
}

}  // namespace escalon::escalonctl

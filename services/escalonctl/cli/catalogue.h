#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/escalonctl/cli/command.h"

namespace escalon::escalonctl {

/// A heading of the overview with its commands.
struct CommandSection {
  std::string title;
  std::vector<CommandGroup> groups = {};
  std::vector<CommandSpec> commands = {};
};

/// All commands, in the order of the overview.
struct Catalogue {
  std::vector<CommandSection> sections;

  const CommandSpec* Find(std::string_view path) const;
  const CommandGroup* FindGroup(std::string_view path) const;
  /// First words: `get`, `handover`.
  std::vector<std::string> FirstWords() const;
};

/// What escalonctl can do.
Catalogue AllCommands();

}  // namespace escalon::escalonctl

#pragma once

#include <string>

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// The overview of all commands.
std::string OverviewText(const Catalogue& catalogue);
/// The commands below a word: `handover`.
std::string GroupText(const Catalogue& catalogue, const CommandGroup& group);
/// A page about one command, in the form of a manual page.
std::string CommandText(const CommandSpec& command);
/// What stands for the value of an option: `TEAM`; empty for flags.
std::string ValueName(const Option& option);

}  // namespace escalon::escalonctl

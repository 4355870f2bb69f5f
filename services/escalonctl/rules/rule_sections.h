#pragma once

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// policy and roster.
CommandSection RuleSection();
/// Those of a roster.
std::vector<CommandSpec> RosterCommands();
std::vector<CommandSpec> RosterIcalCommands();  ///< roster_ical_commands.cc
CommandSpec RosterLeaverCommand();              ///< roster_leaver_command.cc
CommandSpec RosterMaintenanceCommand();         ///< roster_maintenance_command.cc
// Those of a policy that fill a file.
CommandSpec PolicyInitCommand();
CommandSpec PolicyTestCommand();
CommandSpec PolicyExplainCommand();
CommandSpec PolicyDiffCommand();
CommandSpec PolicyHistoryCommand();
CommandSpec PolicyMigrateCommand();

}  // namespace escalon::escalonctl

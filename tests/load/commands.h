#pragma once

namespace CLI {
class App;
}

namespace escalon::load {

/// Add the program's subcommands with their options. Each sets `*exit_code` when it has run; both outlive the parsing.
void AddPrepareCommand(CLI::App* app, int* exit_code);
void AddLiveCommand(CLI::App* app, int* exit_code);
void AddCheckCommand(CLI::App* app, int* exit_code);
void AddReplayCommands(CLI::App* app, int* exit_code);
void AddBenchCommands(CLI::App* app, int* exit_code);

}  // namespace escalon::load

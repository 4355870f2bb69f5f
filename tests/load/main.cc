#include <CLI/CLI.hpp>

#include "tests/load/commands.h"

int main(int argc, char** argv) {
  CLI::App app("Feeds a running Escalon, shows it, and judges it afterwards.", "escalon-load");
  app.require_subcommand(1);
  int exit_code = 0;
  escalon::load::AddPrepareCommand(&app, &exit_code);
  escalon::load::AddLiveCommand(&app, &exit_code);
  escalon::load::AddCheckCommand(&app, &exit_code);
  escalon::load::AddReplayCommands(&app, &exit_code);
  escalon::load::AddBenchCommands(&app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Error& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  return exit_code;
}

#include "services/escalonctl/cli/program.h"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include "common/runtime/build_info.h"
#include "common/runtime/system_clock.h"
#include "common/wire/protobuf_log.h"
#include "services/escalonctl/cli/catalogue.h"
#include "services/escalonctl/cli/help.h"
#include "services/escalonctl/cli/parser.h"
#include "services/escalonctl/remote/grpc_client.h"

namespace escalon::escalonctl {
namespace {

int Number(ExitCode code) { return static_cast<int>(code); }

int Usage(const Surroundings& around, const Error& error) {
  around.err << ErrorText(error);
  return Number(ExitCode::kUsage);
}

}  // namespace

int RunProgram(const std::vector<std::string>& words, const Surroundings& around) {
  const Catalogue catalogue = AllCommands();
  if (words.empty()) {
    around.err << OverviewText(catalogue);
    return Number(ExitCode::kUsage);
  }
  const Result<Parsed> parsed = Parse(catalogue, words, around.clock);
  if (!parsed) return Usage(around, parsed.error());
  if (parsed->kind == Parsed::Kind::kVersion) {
    const runtime::BuildInfo build = runtime::ThisBuild();
    around.out << "escalonctl " << build.version << " (" << build.commit << ", " << build.compiler << ")\n";
    return Number(ExitCode::kOk);
  }
  if (parsed->kind == Parsed::Kind::kHelp) {
    if (const CommandSpec* command = catalogue.Find(parsed->path)) {
      around.out << CommandText(*command);
    } else if (const CommandGroup* group = catalogue.FindGroup(parsed->path)) {
      around.out << GroupText(catalogue, *group);
    } else {
      around.out << OverviewText(catalogue);
    }
    return Number(ExitCode::kOk);
  }
  Result<Settings> settings = ReadSettings(parsed->arguments, around.environment);
  if (!settings) return Usage(around, settings.error());
  Session session(around, std::move(*settings));
  ExitCode code = ExitCode::kRefused;
  try {
    code = parsed->command->run(session, parsed->arguments);
  } catch (const std::exception& e) {
    // Ours never throw; what the standard library and JSON throw here is a fault of this program, told as one.
    session.Fail(Error{ErrorCode::kInternal, std::string("a fault of escalonctl: ") + e.what()});
  }
  around.out.flush();
  if (!around.out) {
    around.err << "escalonctl: the output could not be written\n";
    return Number(ExitCode::kRefused);
  }
  return Number(code);
}

int RunMain(int argc, const char* const* argv) {
  wire::SilenceProtobufLog();
  std::ios::sync_with_stdio(false);
  const runtime::SystemClock clock;
  const Surroundings around{
      .in = std::cin,
      .out = std::cout,
      .err = std::cerr,
      .out_is_terminal = isatty(STDOUT_FILENO) != 0,
      .environment =
          [](const char* name) {
            const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
            return std::string(value != nullptr ? value : "");
          },
      .clock = clock,
      .connect = [](const Settings& settings,
                    const std::string& address) { return GrpcClient::Connect(settings, address); }};
  return RunProgram({argv + 1, argv + argc}, around);
}

}  // namespace escalon::escalonctl

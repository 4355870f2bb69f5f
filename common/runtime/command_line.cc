#include "common/runtime/config.h"
#include "common/runtime/nearest.h"

namespace escalon::runtime {
namespace {

struct Flag {
  std::string_view name;
  CommandLine::Action action;
};
constexpr Flag kFlags[] = {{"--help", CommandLine::Action::kHelp},
                           {"-h", CommandLine::Action::kHelp},
                           {"--version", CommandLine::Action::kVersion},
                           {"--check-config", CommandLine::Action::kCheckConfig},
                           {"--print-config", CommandLine::Action::kPrintConfig},
                           {"--print-metrics", CommandLine::Action::kPrintMetrics}};

}  // namespace

Result<CommandLine> ParseCommandLine(const std::vector<std::string>& args) {
  CommandLine line;
  Error error{ErrorCode::kInvalidArgument, "wrong usage; try --help"};
  const auto wrong = [&](const std::string& argument, const std::string& message) {
    error.fields.push_back({argument, message});
  };
  for (size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    const size_t equals = arg.starts_with("--") ? arg.find('=') : std::string::npos;
    const std::string name = arg.substr(0, equals);
    if (name == "--config" || name == "--set") {
      std::string value;
      if (equals != std::string::npos) {
        value = arg.substr(equals + 1);
      } else if (i + 1 < args.size()) {
        value = args[++i];
      }
      const size_t split = value.find('=');
      if (name == "--config") {
        if (value.empty()) wrong(name, "needs a file: --config FILE");
        if (!line.config_file.empty()) wrong(name, "is given twice");
        line.config_file = value;
      } else if (split == std::string::npos || split == 0) {
        wrong(name, "needs name=value, such as --set log.level=debug");
      } else {
        line.sets.emplace_back(value.substr(0, split), value.substr(split + 1));
      }
      continue;
    }
    bool known = false;
    for (const Flag& flag : kFlags) {
      if (arg != flag.name) continue;
      known = true;
      // --help wins over the others, then the first one.
      if (line.action == CommandLine::Action::kRun || flag.action == CommandLine::Action::kHelp)
        line.action = flag.action;
    }
    if (known) continue;
    std::vector<std::string> names{"--config", "--set"};
    for (const Flag& flag : kFlags) names.emplace_back(flag.name);
    wrong(name, "is no argument of this program" + DidYouMean(name, names) +
                    (name.starts_with("--") ? "; options are given as --set name=value" : ""));
  }
  if (line.action == CommandLine::Action::kHelp || error.fields.empty()) return line;
  return error;
}

}  // namespace escalon::runtime

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/result.h"
#include "common/runtime/options.h"

namespace escalon::runtime {

/// What the command line says; the options themselves come by `--set`.
struct CommandLine {
  enum class Action { kRun, kHelp, kVersion, kCheckConfig, kPrintConfig, kPrintMetrics };
  Action action = Action::kRun;
  std::string config_file;                                ///< "" without --config
  std::vector<std::pair<std::string, std::string>> sets;  ///< --set name=value, in order
};

/// --config FILE, --set name=value, --help, --version, --check-config, --print-config, --print-metrics; every finding
/// at once. `args` without the program's name.
Result<CommandLine> ParseCommandLine(const std::vector<std::string>& args);

using Environment = std::map<std::string, std::string>;
/// The ESCALON_* part of the process's environment.
Environment ReadEnvironment();

/// The checked values of one service. Read it in the composition root only and pass plain values on. Asking for a name
/// that was not declared, or with another type, is a fault of the program and ends it. Immutable.
class Config {
 public:
  /// Defaults < YAML file < environment < --set. All findings at once in `fields`, each with the key, the value (not of
  /// secrets), where it came from and what is allowed; unknown keys with the nearest known one. YAML may nest
  /// (`kafka: {brokers: […]}`) or use dotted keys; keys that start with `x-` are free. Unknown ESCALON_* variables only
  /// fail when they look like a misspelt option: other programs and Kubernetes use the prefix too.
  static Result<Config> Load(const Options& options, const CommandLine& line, const Environment& environment);

  std::string GetString(std::string_view name) const;  ///< strings, choices, paths
  std::string GetSecret(std::string_view name) const;
  int64_t GetInt(std::string_view name) const;
  double GetNumber(std::string_view name) const;
  bool GetBool(std::string_view name) const;
  DurationMs GetDuration(std::string_view name) const;
  std::vector<std::string> GetList(std::string_view name) const;

  /// YAML that Load reads back, with where each value came from; secrets only as comments.
  std::string Print() const;

 private:
  struct Value {
    Option option;
    std::string text;                ///< scalars
    std::vector<std::string> items;  ///< lists
    std::string source;              ///< `default`, `file.yaml:3`, `ESCALON_X`, `--set`
  };
  const Value& Get(std::string_view name, OptionType type) const;

  std::map<std::string, Value, std::less<>> values_;
  friend class ConfigLoader;
};

/// What --help prints: usage, flags, then every option with type, default, bounds, unit and environment name.
std::string HelpText(std::string_view program, std::string_view summary, const Options& options);

}  // namespace escalon::runtime

#include "common/runtime/config_loader.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

#include "common/runtime/fault.h"
#include "common/runtime/nearest.h"
#include "common/runtime/option_value.h"

namespace escalon::runtime {
namespace {

constexpr size_t kMostFileBytes = 1 << 20;

// The file's content, or nothing when it cannot be read or is larger than any configuration.
std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(kMostFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (file.bad() || text.size() > kMostFileBytes) return std::nullopt;
  return text;
}

// Kubernetes sets these for a service whose name starts with `escalon-`.
bool IsServiceLink(std::string_view name) {
  return name.find("_SERVICE_HOST") != std::string_view::npos || name.find("_SERVICE_PORT") != std::string_view::npos ||
         name.ends_with("_PORT") || name.find("_PORT_") != std::string_view::npos;
}

bool IsOptionName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

std::string Shown(const Option& option, const std::string& text) {
  if (option.type == OptionType::kSecret) return "the value";
  return "\"" + (text.size() > 100 ? text.substr(0, 100) + "…" : text) + "\"";
}

}  // namespace

ConfigLoader::ConfigLoader(const Options& options) {
  std::set<std::string> environment_names;
  for (const Option& option : options) {
    if (!IsOptionName(option.name) || option.help.empty())
      ProgramFault("option \"" + option.name + "\" needs a dotted lower-case name and a help text");
    const std::string env = EnvironmentName(option.name);
    const bool secret = option.type == OptionType::kSecret;
    if (!environment_names.insert(env).second || (secret && !environment_names.insert(env + "_FILE").second))
      ProgramFault("option " + option.name + " is declared twice, or shares its environment name " + env);
    Config::Value value{option, "", {}, "default"};
    if (option.type == OptionType::kList) {
      value.items = SplitList(option.default_value);
    } else {
      value.text = option.default_value;
    }
    const bool unset = option.default_value.empty();
    const std::string wrong =
        option.type == OptionType::kList ? CheckList(option, value.items) : CheckScalar(option, value.text);
    if (!wrong.empty() && !(option.required && unset))
      ProgramFault("the default of option " + option.name + " " + wrong);
    config_.values_.emplace(option.name, std::move(value));
    names_.push_back(option.name);
  }
}

void ConfigLoader::Find(const std::string& field, const std::string& message) { findings_.push_back({field, message}); }

void ConfigLoader::Take(const std::string& name, const RawValue& raw, const std::string& source) {
  const auto found = config_.values_.find(name);
  if (found == config_.values_.end()) {
    Find(name, "is no option of this service" + DidYouMean(name, names_) + ", from " + source);
    return;
  }
  Config::Value& value = found->second;
  const Option& option = value.option;
  if (option.type == OptionType::kList) {
    const std::vector<std::string> items = raw.is_list ? raw.items : SplitList(raw.text);
    const std::string wrong = CheckList(option, items);
    if (!wrong.empty()) {
      Find(name, wrong + ", from " + source);
      return;
    }
    value.items = items;
  } else {
    const std::string wrong =
        raw.is_list ? "must be " + Expected(option) + ", not a list" : CheckScalar(option, raw.text);
    if (!wrong.empty()) {
      Find(name, wrong + (raw.is_list ? "" : ", not " + Shown(option, raw.text)) + ", from " + source);
      return;
    }
    value.text = raw.text;
  }
  value.source = source;
}

void ConfigLoader::AddFile(const std::string& path) {
  if (path.empty()) return;
  const std::optional<std::string> text = ReadFile(path);
  if (!text) {
    Find("--config", "cannot read the file \"" + path + "\" (at most 1 MiB)");
    return;
  }
  std::vector<FieldViolation> problems;
  const Result<std::vector<YamlValue>> values = ReadYaml(*text, problems);
  if (!values) {
    Find("--config", "the file \"" + path + "\" " + values.error().message);
    return;
  }
  for (const FieldViolation& problem : problems) Find(problem.field, problem.message + ", from " + path);
  for (const YamlValue& value : *values) Take(value.name, value.value, path + ":" + std::to_string(value.line));
}

void ConfigLoader::AddEnvironment(const Environment& environment) {
  std::map<std::string, std::string> options_by_variable;
  std::vector<std::string> variables;
  for (const auto& [name, value] : config_.values_) {
    options_by_variable.emplace(EnvironmentName(name), name);
    variables.push_back(EnvironmentName(name));
    if (value.option.type == OptionType::kSecret) variables.push_back(EnvironmentName(name) + "_FILE");
  }
  for (const auto& [variable, text] : environment) {
    const auto known = options_by_variable.find(variable);
    if (known != options_by_variable.end()) {
      Take(known->second, {text}, variable);
    } else if (std::find(variables.begin(), variables.end(), variable) == variables.end() && !IsServiceLink(variable)) {
      const std::string nearest = Nearest(variable, variables);
      if (!nearest.empty() && EditDistance(variable, nearest) <= 2)
        Find(variable, "is no variable of this service (did you mean \"" + nearest + "\"?), from the environment");
    }
  }
  for (const auto& [name, value] : config_.values_)
    if (value.option.type == OptionType::kSecret) TakeSecretFile(value.option, environment);
}

void ConfigLoader::TakeSecretFile(const Option& option, const Environment& environment) {
  const std::string variable = EnvironmentName(option.name);
  const auto file = environment.find(variable + "_FILE");
  if (file == environment.end()) return;
  if (environment.contains(variable)) {
    Find(option.name, "is set by both " + variable + " and " + file->first + "; keep one");
    return;
  }
  std::optional<std::string> text = ReadFile(file->second);
  if (!text) {
    Find(option.name, "cannot read the file \"" + file->second + "\", from " + file->first);
    return;
  }
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  Take(std::string(option.name), {*text}, file->first);
}

void ConfigLoader::AddSets(const std::vector<std::pair<std::string, std::string>>& sets) {
  for (const auto& [name, text] : sets) Take(name, {text}, "--set");
}

Result<Config> ConfigLoader::Finish() {
  for (const auto& [name, value] : config_.values_) {
    const bool already = std::any_of(findings_.begin(), findings_.end(),
                                     [&field = name](const auto& finding) { return finding.field == field; });
    if (value.option.required && value.text.empty() && value.items.empty() && !already)
      Find(name, "must be set: in the YAML file, as " + EnvironmentName(name) +
                     (value.option.type == OptionType::kSecret ? " or " + EnvironmentName(name) + "_FILE" : "") +
                     ", or with --set " + name + "=…" +
                     (value.option.example.empty() ? "" : " (such as " + value.option.example + ")"));
  }
  if (findings_.empty()) return std::move(config_);
  Error error{ErrorCode::kInvalidArgument, "the configuration has errors:"};
  for (const FieldViolation& finding : findings_) error.message += "\n  " + finding.field + " " + finding.message;
  error.fields = std::move(findings_);
  return error;
}

}  // namespace escalon::runtime

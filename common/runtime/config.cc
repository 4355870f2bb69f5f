#include "common/runtime/config.h"

#include <unistd.h>

#include "common/runtime/config_loader.h"
#include "common/runtime/fault.h"
#include "common/runtime/option_value.h"

namespace escalon::runtime {
namespace {

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

bool IsWord(OptionType type) {
  return type == OptionType::kInt || type == OptionType::kNumber || type == OptionType::kBool ||
         type == OptionType::kDuration;
}

}  // namespace

Environment ReadEnvironment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const size_t equals = text.find('=');
    if (text.starts_with("ESCALON_") && equals != std::string_view::npos)
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

Result<Config> Config::Load(const Options& options, const CommandLine& line, const Environment& environment) {
  ConfigLoader loader(options);
  loader.AddFile(line.config_file);
  loader.AddEnvironment(environment);
  loader.AddSets(line.sets);
  return loader.Finish();
}

const Config::Value& Config::Get(std::string_view name, OptionType type) const {
  const auto found = values_.find(name);
  if (found == values_.end()) ProgramFault("option " + std::string(name) + " is read but not declared");
  const OptionType declared = found->second.option.type;
  const bool same = declared == type || (type == OptionType::kString && declared == OptionType::kPath);
  if (!same) ProgramFault("option " + std::string(name) + " is read as another type than declared");
  return found->second;
}

std::string Config::GetString(std::string_view name) const { return Get(name, OptionType::kString).text; }
std::string Config::GetSecret(std::string_view name) const { return Get(name, OptionType::kSecret).text; }
bool Config::GetBool(std::string_view name) const { return Get(name, OptionType::kBool).text == "true"; }
std::vector<std::string> Config::GetList(std::string_view name) const { return Get(name, OptionType::kList).items; }

int64_t Config::GetInt(std::string_view name) const {
  int64_t value = 0;
  ParseInt(Get(name, OptionType::kInt).text, &value);
  return value;
}

double Config::GetNumber(std::string_view name) const {
  double value = 0;
  ParseNumber(Get(name, OptionType::kNumber).text, &value);
  return value;
}

DurationMs Config::GetDuration(std::string_view name) const {
  return ParseDuration(Get(name, OptionType::kDuration).text).value();
}

std::string Config::Print() const {
  std::string out;
  for (const auto& [name, value] : values_) {
    if (value.option.type == OptionType::kSecret) {
      out += "# " + name + ": a secret, " + (value.text.empty() ? "not set" : "set from " + value.source) + "\n";
      continue;
    }
    out += name + ": ";
    if (value.option.type == OptionType::kList) {
      out += "[";
      for (size_t i = 0; i < value.items.size(); ++i) out += (i == 0 ? "" : ", ") + Quoted(value.items[i]);
      out += "]";
    } else {
      out += IsWord(value.option.type) ? value.text : Quoted(value.text);
    }
    out += "  # " + value.source + "\n";
  }
  return out;
}

std::string HelpText(std::string_view program, std::string_view summary, const Options& options) {
  std::string out = std::string(program) + ": " + std::string(summary) + "\n\nUsage: " + std::string(program) +
                    " [--config FILE] [--set name=value]...\n\n"
                    "  --config FILE      read options from a YAML file\n"
                    "  --set name=value   set one option; beats the environment, which beats the file\n"
                    "  --check-config     check the configuration and end: 0 good, 2 not\n"
                    "  --print-config     print the configuration in effect as YAML, without secrets\n"
                    "  --print-metrics    list the metrics that this service offers\n"
                    "  --version          print version, commit and compiler\n"
                    "  --help             print this\n\nOptions:\n";
  std::map<std::string_view, const Option*> sorted;
  for (const Option& option : options) sorted.emplace(option.name, &option);
  for (const auto& [name, option] : sorted) {
    const bool secret = option->type == OptionType::kSecret;
    out += "\n  " + option->name + "\n      " + option->help + "\n      Takes " + Expected(*option);
    if (option->required) {
      out += ", required";
    } else if (!secret) {
      out += ", default " + (option->default_value.empty() ? "empty" : option->default_value);
    }
    if (!option->example.empty()) out += ", for example " + option->example;
    out += ".\n      Environment: " + EnvironmentName(option->name);
    if (secret) out += ", or " + EnvironmentName(option->name) + "_FILE for a file that holds it";
    out += "\n";
  }
  return out;
}

}  // namespace escalon::runtime

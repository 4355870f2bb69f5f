#include "common/runtime/options.h"

#include <array>

#include "common/runtime/fault.h"

namespace escalon::runtime {

std::string_view ToString(OptionType type) {
  constexpr std::array<std::string_view, 8> kNames{"string",   "int",  "number", "bool",
                                                   "duration", "list", "path",   "secret"};
  return kNames[static_cast<size_t>(type)];
}

Option StringOption(std::string name, std::string default_value, std::string help, std::string example) {
  return {.name = std::move(name),
          .type = OptionType::kString,
          .default_value = std::move(default_value),
          .help = std::move(help),
          .example = std::move(example)};
}

Option ChoiceOption(std::string name, std::string default_value, std::vector<std::string> allowed, std::string help) {
  Option option = StringOption(std::move(name), std::move(default_value), std::move(help));
  option.allowed = std::move(allowed);
  return option;
}

Option IntOption(std::string name, int64_t default_value, int64_t min, int64_t max, std::string help,
                 std::string unit) {
  return {.name = std::move(name),
          .type = OptionType::kInt,
          .default_value = std::to_string(default_value),
          .help = std::move(help),
          .min = min,
          .max = max,
          .unit = std::move(unit)};
}

Option NumberOption(std::string name, std::string default_value, int64_t min, int64_t max, std::string help,
                    std::string unit) {
  Option option = IntOption(std::move(name), 0, min, max, std::move(help), std::move(unit));
  option.type = OptionType::kNumber;
  option.default_value = std::move(default_value);
  return option;
}

Option BoolOption(std::string name, bool default_value, std::string help) {
  return {.name = std::move(name),
          .type = OptionType::kBool,
          .default_value = default_value ? "true" : "false",
          .help = std::move(help)};
}

Option DurationOption(std::string name, std::string default_value, std::string min, std::string max, std::string help) {
  const Result<DurationMs> least = ParseDuration(min), most = ParseDuration(max);
  if (!least || !most) ProgramFault("the bounds of option " + name + " are no durations");
  return {.name = std::move(name),
          .type = OptionType::kDuration,
          .default_value = std::move(default_value),
          .help = std::move(help),
          .min = *least,
          .max = *most};
}

Option ListOption(std::string name, std::string default_value, std::string help, std::string example) {
  Option option = StringOption(std::move(name), std::move(default_value), std::move(help), std::move(example));
  option.type = OptionType::kList;
  return option;
}

Option PathOption(std::string name, std::string default_value, std::string help) {
  Option option = StringOption(std::move(name), std::move(default_value), std::move(help));
  option.type = OptionType::kPath;
  return option;
}

Option SecretOption(std::string name, std::string help) {
  return {.name = std::move(name), .type = OptionType::kSecret, .help = std::move(help)};
}

std::string EnvironmentName(std::string_view option) {
  std::string name = "ESCALON_";
  for (const char c : option) name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

}  // namespace escalon::runtime

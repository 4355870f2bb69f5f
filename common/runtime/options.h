#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"

namespace escalon::runtime {

enum class OptionType { kString, kInt, kNumber, kBool, kDuration, kList, kPath, kSecret };
std::string_view ToString(OptionType type);

/// One option of a service, declared once: help, environment, YAML and checks all come from here.
struct Option {
  std::string name;  ///< dotted lower case, `kafka.brokers`; in the environment ESCALON_KAFKA_BROKERS
  OptionType type = OptionType::kString;
  std::string default_value = {};  ///< as a person writes it; lists with commas
  std::string help = {};
  int64_t min = INT64_MIN;  ///< ints: the value; durations: milliseconds; numbers: the whole part; lists: entries
  int64_t max = INT64_MAX;
  std::vector<std::string> allowed = {};  ///< strings: the closed set, when not empty
  bool required = false;                  ///< must not be empty
  std::string unit = {};                  ///< what an int or number counts, `bytes`
  std::string example = {};
};

using Options = std::vector<Option>;

/// Short forms for the composition roots.
Option StringOption(std::string name, std::string default_value, std::string help, std::string example = "");
Option ChoiceOption(std::string name, std::string default_value, std::vector<std::string> allowed, std::string help);
Option IntOption(std::string name, int64_t default_value, int64_t min, int64_t max, std::string help,
                 std::string unit = "");
Option NumberOption(std::string name, std::string default_value, int64_t min, int64_t max, std::string help,
                    std::string unit = "");
Option BoolOption(std::string name, bool default_value, std::string help);
/// Bounds as durations: `DurationOption("idle", "30s", "1ms", "1h", "…")`.
Option DurationOption(std::string name, std::string default_value, std::string min, std::string max, std::string help);
Option ListOption(std::string name, std::string default_value, std::string help, std::string example = "");
Option PathOption(std::string name, std::string default_value, std::string help);
/// Never printed; also read from the file that ESCALON_<NAME>_FILE names.
Option SecretOption(std::string name, std::string help);

/// ESCALON_KAFKA_BROKERS for `kafka.brokers`.
std::string EnvironmentName(std::string_view option);

}  // namespace escalon::runtime

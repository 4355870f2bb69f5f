#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/core/result.h"

namespace escalon::runtime {

/// A value as some source wrote it.
struct RawValue {
  std::string text;
  bool is_list = false;
  std::vector<std::string> items = {};
};

struct YamlValue {
  std::string name;  ///< dotted
  RawValue value;
  int line = 0;
};

/// The leaves of a YAML mapping under dotted names, without keys that start with `x-`. `problems` gets what does not
/// fit (a key twice, a map in a list), as {name, message}; the error is for a text that is no YAML mapping at all.
Result<std::vector<YamlValue>> ReadYaml(const std::string& text, std::vector<FieldViolation>& problems);

}  // namespace escalon::runtime

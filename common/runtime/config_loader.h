#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/runtime/config.h"
#include "common/runtime/yaml_values.h"

namespace escalon::runtime {

/// Gathers the sources of one Config::Load, weakest first, and every finding. Used once.
class ConfigLoader {
 public:
  explicit ConfigLoader(const Options& options);
  void AddFile(const std::string& path);
  void AddEnvironment(const Environment& environment);
  void AddSets(const std::vector<std::pair<std::string, std::string>>& sets);
  Result<Config> Finish();

 private:
  void Take(const std::string& name, const RawValue& raw, const std::string& source);
  void TakeSecretFile(const Option& option, const Environment& environment);
  void Find(const std::string& field, const std::string& message);

  Config config_;
  std::vector<std::string> names_;
  std::vector<FieldViolation> findings_;
};

}  // namespace escalon::runtime

#include "common/runtime/yaml_values.h"

#include <yaml-cpp/yaml.h>

#include <set>

namespace escalon::runtime {
namespace {

class Flattener {
 public:
  explicit Flattener(std::vector<FieldViolation>& problems) : problems_(problems) {}

  void Walk(const YAML::Node& map, const std::string& prefix, int depth) {
    for (const auto& entry : map) {
      if (!entry.first.IsScalar()) {
        problems_.push_back({prefix, "has a key that is no text"});
        continue;
      }
      const std::string& key = entry.first.Scalar();
      if (key.starts_with("x-")) continue;
      const std::string name = prefix.empty() ? key : prefix + "." + key;
      const YAML::Node& node = entry.second;
      const int line = entry.first.Mark().line + 1;
      if (node.IsMap()) {
        if (depth >= kMostDepth) {
          problems_.push_back({name, "is nested too deeply"});
        } else {
          Walk(node, name, depth + 1);
        }
        continue;
      }
      if (!seen_.insert(name).second) {
        problems_.push_back({name, "is given twice (again in line " + std::to_string(line) + ")"});
        continue;
      }
      YamlValue value{name, {}, line};
      if (node.IsSequence()) {
        value.value.is_list = true;
        for (const YAML::Node& item : node) {
          if (item.IsScalar()) {
            value.value.items.push_back(item.Scalar());
          } else {
            problems_.push_back({name, "must be a list of plain values (line " + std::to_string(line) + ")"});
            break;
          }
        }
      } else if (node.IsScalar()) {
        value.value.text = node.Scalar();
      } else {
        problems_.push_back(
            {name, "has no value in line " + std::to_string(line) + "; write one, \"\" for none, or remove the key"});
        continue;
      }
      values_.push_back(std::move(value));
    }
  }

  std::vector<YamlValue> values() { return std::move(values_); }

 private:
  static constexpr int kMostDepth = 8;
  std::vector<FieldViolation>& problems_;
  std::vector<YamlValue> values_;
  std::set<std::string> seen_;
};

}  // namespace

Result<std::vector<YamlValue>> ReadYaml(const std::string& text, std::vector<FieldViolation>& problems) {
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.empty() || (documents.size() == 1 && documents[0].IsNull())) return std::vector<YamlValue>();
    if (documents.size() > 1) return Error{ErrorCode::kInvalidArgument, "must be one YAML document"};
    if (!documents[0].IsMap()) return Error{ErrorCode::kInvalidArgument, "must be a YAML mapping of option names"};
    Flattener flattener(problems);
    flattener.Walk(documents[0], "", 1);
    return flattener.values();
  } catch (const YAML::Exception& fault) {
    return Error{ErrorCode::kInvalidArgument, std::string("is no valid YAML: ") + fault.what()};
  }
}

}  // namespace escalon::runtime

#include "tests/unit/documents/schema_tree.h"

#include <regex>

namespace escalon {
namespace {

using Json = nlohmann::json;

/// `paths.x.steps[1]` as `paths`, `x`, `steps`, `[]`.
std::vector<std::string> PartsOf(const std::string& path) {
  std::vector<std::string> parts;
  std::string part;
  for (size_t i = 0; i <= path.size(); ++i) {
    const char c = i < path.size() ? path[i] : '.';
    if (c != '.' && c != '[' && c != ']') {
      part += c;
      continue;
    }
    if (c == ']') part = "[]";
    if (!part.empty()) parts.push_back(part);
    part.clear();
  }
  return parts;
}

}  // namespace

std::vector<const Json*> SchemaTree::Alternatives(const Json& schema) const {
  std::vector<const Json*> out;
  if (schema.contains("$ref")) {
    const std::string name = schema["$ref"].get<std::string>().substr(std::string("#").size());
    return Alternatives(root_.at(Json::json_pointer(name)));
  }
  if (!schema.contains("anyOf")) return {&schema};
  for (const Json& one : schema["anyOf"]) {
    const std::vector<const Json*> of = Alternatives(one);
    out.insert(out.end(), of.begin(), of.end());
  }
  return out;
}

std::vector<const Json*> SchemaTree::Below(const Json& schema, const std::string& key) const {
  if (key == "[]") return schema.contains("items") ? Alternatives(schema["items"]) : std::vector<const Json*>{};
  if (const auto own = schema.value("properties", Json::object()); own.contains(key)) {
    return Alternatives(schema["properties"][key]);
  }
  if (schema.contains("patternProperties")) {
    for (const auto& [pattern, below] : schema["patternProperties"].items()) {
      if (std::regex_search(key, std::regex(pattern))) return Alternatives(below);
    }
  }
  if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object()) {
    return Alternatives(schema["additionalProperties"]);
  }
  return {};
}

std::vector<const Json*> SchemaTree::At(const std::string& path) const {
  std::vector<const Json*> here = Alternatives(root_);
  for (const std::string& part : PartsOf(path)) {
    std::vector<const Json*> next;
    for (const Json* schema : here) {
      const std::vector<const Json*> below = Below(*schema, part);
      next.insert(next.end(), below.begin(), below.end());
    }
    here = next;
  }
  return here;
}

void SchemaTree::Collect(const Json& schema, const std::string& pointer, const char* keyword,
                         std::vector<std::pair<std::string, const Json*>>* out) const {
  if (schema.is_object() && schema.contains(keyword)) out->emplace_back(pointer, &schema);
  if (!schema.is_structured()) return;
  size_t index = 0;
  for (const auto& [key, below] : schema.items()) {
    Collect(below, pointer + "/" + (schema.is_array() ? std::to_string(index++) : key), keyword, out);
  }
}

std::vector<std::pair<std::string, const Json*>> SchemaTree::Objects() const {
  std::vector<std::pair<std::string, const Json*>> out;
  Collect(root_, "", "properties", &out);
  return out;
}

std::vector<std::pair<std::string, const Json*>> SchemaTree::ClosedSets() const {
  std::vector<std::pair<std::string, const Json*>> out;
  Collect(root_, "", "enum", &out);
  return out;
}

}  // namespace escalon

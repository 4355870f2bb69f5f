#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace escalon {

/// A JSON Schema (draft 2020-12) as far as ours use it, asked by the path of a document.
class SchemaTree {
 public:
  explicit SchemaTree(nlohmann::json schema) : root_(std::move(schema)) {}

  /// The alternatives that a value at `path` may have, references followed; empty: no such place.
  std::vector<const nlohmann::json*> At(const std::string& path) const;
  /// Objects with `properties` and closed sets of more than one word, each with its pointer in the schema.
  std::vector<std::pair<std::string, const nlohmann::json*>> Objects() const;
  std::vector<std::pair<std::string, const nlohmann::json*>> ClosedSets() const;

 private:
  std::vector<const nlohmann::json*> Alternatives(const nlohmann::json& schema) const;
  std::vector<const nlohmann::json*> Below(const nlohmann::json& schema, const std::string& key) const;
  void Collect(const nlohmann::json& schema, const std::string& pointer, const char* keyword,
               std::vector<std::pair<std::string, const nlohmann::json*>>* out) const;

  nlohmann::json root_;
};

}  // namespace escalon

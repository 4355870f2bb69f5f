#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace escalon::escalonctl::test {

/// The path of a policy or roster under deploy/policies.
inline std::string Shipped(const std::string& name) {
  return (std::filesystem::path(ESCALON_SOURCE_DIR) / "deploy/policies" / name).string();
}

inline std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace escalon::escalonctl::test

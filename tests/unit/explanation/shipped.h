#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "common/documents/policy_document.h"

namespace escalon::explanation::test {

inline std::string Shipped(const std::string& name) {
  std::ifstream file(std::filesystem::path(ESCALON_SHIPPED_POLICIES) / name);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str(), "") << name;
  return text.str();
}

inline Policy Parsed(const std::string& text) {
  Result<Policy> policy = ParsePolicy(text, "local", 1);
  if (policy) return *policy;
  for (const FieldViolation& fault : policy.error().fields) ADD_FAILURE() << fault.field << ": " << fault.message;
  return {};
}

/// The text with one place of it replaced.
inline std::string With(std::string text, const std::string& place, const std::string& by) {
  const size_t at = text.find(place);
  EXPECT_NE(at, std::string::npos) << place;
  if (at != std::string::npos) text.replace(at, place.size(), by);
  return text;
}

}  // namespace escalon::explanation::test

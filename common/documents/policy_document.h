#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/domain/civil.h"
#include "common/domain/policy.h"
#include "common/domain/policy_test.h"

namespace escalon {

/// Reads a policy document (YAML, at most 1 MiB; words and forms: README.md, deploy/policies/) and judges it whole
/// (DESIGN §8). On any fault nothing of it is used: `Error.fields` lists every one, in the order of their lines, each
/// with its path in the document
/// (`paths.incident.functional.steps[1].wait.P1`), its line, the reason and the remedy. `hash` is of the text as it is.
/// Pure.
Result<Policy> ParsePolicy(std::string_view text, std::string_view tenant, uint32_t version);

/// A policy with its own examples, which `rehearsal::Rehearse` tries.
struct PolicyDocument {
  Policy policy;
  std::vector<PolicyTest> tests;
  std::optional<LocalDate> review_by;  ///< when people want to look at it again
};
/// The same, for those who try the tests.
Result<PolicyDocument> ParsePolicyDocument(std::string_view text, std::string_view tenant, uint32_t version);

}  // namespace escalon

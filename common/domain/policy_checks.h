#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "common/core/result.h"
#include "common/domain/policy.h"

namespace escalon::checks {

/// What is wrong with a policy, gathered: a path in the document, the reason and the remedy. Private to
/// policy_findings*.cc.
class FindingList {
 public:
  void Add(std::string field, std::string message) { findings_.push_back({std::move(field), std::move(message)}); }
  std::vector<FieldViolation> Take() { return std::move(findings_); }

 private:
  std::vector<FieldViolation> findings_;
};

inline constexpr std::array kAllPriorities{Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4};

inline std::string Of(const std::string& field, Priority priority) { return field + "." + std::string(Name(priority)); }
inline std::string At(const std::string& field, size_t index) { return field + "[" + std::to_string(index) + "]"; }

bool NamesSomebody(const StepTarget& to);
void CheckCalendarId(const Policy& policy, const std::string& id, const std::string& field, FindingList* out);
void CheckTarget(const Target& target, const std::string& field, FindingList* out);
/// Business days are counted on the policy's business calendar.
void CheckBusinessDays(const Policy& policy, const Target& within, const std::string& field, FindingList* out);
void CheckCondition(const Condition& condition, const std::string& field, FindingList* out);
void CheckLevelId(const Policy& policy, const std::string& id, const std::string& field, FindingList* out);

void CheckAuthority(const Policy& policy, FindingList* out);     ///< policy_findings_authority.cc
void CheckClocks(const Policy& policy, FindingList* out);        ///< policy_findings_clock.cc
void CheckPaths(const Policy& policy, FindingList* out);         ///< policy_findings_path.cc
void CheckFollowTheSun(const Policy& policy, FindingList* out);  ///< policy_findings_sun.cc
void CheckStorms(const Policy& policy, FindingList* out);        ///< policy_findings_storm.cc
void CheckMajor(const Policy& policy, FindingList* out);         ///< policy_findings_major.cc

}  // namespace escalon::checks

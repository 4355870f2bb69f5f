#include "common/domain/policy_checks.h"

namespace escalon::checks {
namespace {

bool HasPeople(const Policy& policy, const std::string& level) {
  if (policy.level_people.contains(level)) return true;
  for (const Path& path : policy.paths) {
    for (const PathTrack* track : {&path.functional, &path.hierarchical}) {
      for (const PathStep& step : track->steps) {
        if (step.level == level) return true;
      }
    }
  }
  return false;
}

void CheckSpan(DurationMs span, const char* key, FindingList* out) {
  if (span <= 0) out->Add(std::string("major_escalation.") + key, "must be longer than 0; write a length such as 4h");
}

}  // namespace

void CheckMajor(const Policy& policy, FindingList* out) {
  if (!policy.major) return;
  const MajorRule& rule = *policy.major;
  if (rule.when) CheckCondition(*rule.when, "major_escalation.when", out);
  if (!NamesSomebody(rule.managers) || !rule.managers.vendor.empty()) {
    out->Add("major_escalation.managers",
             "names nobody who could manage it; give a team, person, role, schedule or skills of the roster");
  }
  CheckSpan(rule.name_within, "name_within", out);
  CheckSpan(rule.acknowledge_within, "team_acknowledges_within", out);
  CheckSpan(rule.assess_within, "assessment_within", out);
  CheckSpan(rule.plan_within, "plan_within", out);
  CheckSpan(rule.review_plan_every, "plan_review_every", out);
  CheckSpan(rule.stale_after, "stale_after", out);
  if (!rule.executives.empty()) {
    CheckLevelId(policy, rule.executives, "major_escalation.executives", out);
    if (policy.level_index(rule.executives) >= 0 && !HasPeople(policy, rule.executives)) {
      out->Add("major_escalation.executives", "level \"" + rule.executives +
                                                  "\" has nobody to inform; give it people under `levels." +
                                                  rule.executives + "`");
    }
  }
  if (rule.monitoring < 0) out->Add("major_escalation.monitoring", "is negative; write 0h for none");
  CheckTarget(rule.review_within, "major_escalation.review_within", out);
  CheckBusinessDays(policy, rule.review_within, "major_escalation.review_within", out);
}

}  // namespace escalon::checks

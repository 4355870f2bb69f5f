#include "common/domain/policy_checks.h"

namespace escalon::checks {
namespace {

constexpr int kFewest = 2;
constexpr int kMost = 500;
constexpr DurationMs kLongestWithin = kHourMs;  // recent_openings.h: what is remembered
constexpr DurationMs kLongestRest = 7 * kDayMs;

}  // namespace

void CheckStorms(const Policy& policy, FindingList* out) {
  if (!policy.storms) return;
  const StormRules& rules = *policy.storms;
  const std::string field = "storms.parent";
  if (rules.link_on.empty()) {
    out->Add(field + ".link_on", "names nothing that cases have in common; name same_service, same_key or both");
  }
  if (rules.least < kFewest || rules.least > kMost) {
    out->Add(field + ".min", "must be 2 to 500: so many openings, the case itself counted, are a storm");
  }
  if (rules.within <= 0 || rules.within > kLongestWithin) {
    out->Add(field + ".within", "must be longer than 0 and at most 1h: no more is remembered");
  }
  if (rules.longest < rules.within || rules.longest > kLongestRest) {
    out->Add(field + ".rest_at_most", "must be at least as long as `within` and at most 7d");
  }
  if (rules.silent && !rules.rests) {
    out->Add(field + ".suppress", "has notify without escalation, so a case would climb unheard; add escalation");
  }
  if (rules.resolved_with_parent && !rules.rests) {
    out->Add(field + ".on_parent_resolved",
             "is resolve, but people work on the children themselves; add escalation to suppress, or write climb");
  }
}

}  // namespace escalon::checks

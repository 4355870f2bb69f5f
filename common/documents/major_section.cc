#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {

/// {when: {…}, managers: {role: escalation_manager}, executives: EXEC, assessment_within: 4h, monitoring: 72h, …}
void ReadMajor(const Value& value, MajorRule* out) {
  Fields fields(value);
  if (const auto when = fields.Take("when")) ReadCondition(*when, &out->when.emplace());
  fields.Need("managers", &out->managers, ReadStepTarget);
  fields.Read("name_within", &out->name_within, ReadDuration);
  fields.Read("team_acknowledges_within", &out->acknowledge_within, ReadDuration);
  fields.Read("assessment_within", &out->assess_within, ReadDuration);
  fields.Read("plan_within", &out->plan_within, ReadDuration);
  fields.Read("plan_review_every", &out->review_plan_every, ReadDuration);
  fields.Read("stale_after", &out->stale_after, ReadDuration);
  fields.Read("executives", &out->executives, ReadName);
  fields.Read("monitoring", &out->monitoring, ReadDuration);
  fields.Read("review_within", &out->review_within, ReadTarget);
}

}  // namespace escalon::documents

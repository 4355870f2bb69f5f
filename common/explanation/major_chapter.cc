#include <string>
#include <utility>

#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {

Chapter MajorChapter(const Policy& policy) {
  const MajorRule& rule = *policy.major;
  Chapter chapter{"Major escalations", 2, {}};
  Bullets rules;
  rules.items.push_back(rule.when ? "A case becomes one when " + Spoken(*rule.when) + ", or when a person says so."
                                  : std::string("A case becomes one when a person says so."));
  rules.items.push_back("Its manager is named from " + Spoken(rule.managers) + "; nobody named for " +
                        Spoken(rule.name_within) + " is told.");
  if (!rule.executives.empty()) rules.items.push_back(rule.executives + " is informed at once.");
  rules.items.push_back("Each of its team acknowledges within " + Spoken(rule.acknowledge_within) +
                        "; the assessment is there within " + Spoken(rule.assess_within) +
                        ", the plan with the customer within " + Spoken(rule.plan_within) + ".");
  rules.items.push_back("The plan is reviewed every " + Spoken(rule.review_plan_every) +
                        " and when one of its actions is due; without an act of a person for " +
                        Spoken(rule.stale_after) + " the record is stale.");
  rules.items.push_back("Resolved needs the customer's word. Then it is watched for " + Spoken(rule.monitoring) +
                        " or as agreed, with the team standing by; a recurrence pages them.");
  rules.items.emplace_back("Only its manager or deputy closes it, and only with the customer's consent. No grace.");
  rules.items.push_back("It is reviewed within " + Spoken(rule.review_within) + " after closing.");
  chapter.Say(std::move(rules));
  return chapter;
}

}  // namespace escalon::explanation

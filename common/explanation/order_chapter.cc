#include <string>
#include <utility>

#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

std::string Said(const ApprovalRule& rule) {
  std::string text = "An escalation";
  if (!rule.level.empty()) text += " to " + rule.level;
  if (rule.track) text += " on the " + std::string(Name(*rule.track)) + " track";
  if (rule.by_person_only) text += " that a person asks for";
  text += " needs the consent of " + rule.ask_level + " within " + Spoken(rule.within) + "; silence is " +
          (rule.default_approve ? "consent" : "refusal");
  const std::string unless = Spoken(rule.unless);
  if (unless != "no case") text += "; not if " + unless;
  return text + ". In an emergency it happens at once and is ratified within " + Spoken(rule.ratify_within) + ".";
}

std::vector<std::string> Plainly(const std::vector<std::string>& words) {
  std::vector<std::string> plain;
  for (const std::string& word : words) plain.push_back(Plain(word));
  return plain;
}

}  // namespace

Chapter ConsentChapter(const Policy& policy) {
  Chapter chapter{"Consent", 2, {}};
  Bullets rules;
  for (const ApprovalRule& rule : policy.approvals) rules.items.push_back(Said(rule));
  if (!rules.items.empty()) rules.items.emplace_back("Nobody consents to their own request.");
  chapter.Say(std::move(rules));
  return chapter;
}

Chapter HandoverChapter(const Policy& policy) {
  const HandoverRule& rule = policy.handover;
  Chapter chapter{"Handing over", 2, {}};
  Bullets rules;
  rules.items.push_back("The receiver accepts within — " +
                        ByPriority([&](Priority p) { return Spoken(rule.accept_within.of(p)); }) +
                        ". Until then whoever had the case stays responsible; clocks run on.");
  if (!rule.required.empty()) rules.items.push_back("Always given: " + Listed(Plainly(rule.required)) + ".");
  for (const auto& [level, fields] : rule.required_to_level) {
    rules.items.push_back("To " + level + " also: " + Listed(Plainly(fields)) + ".");
  }
  rules.items.push_back("An emergency moves at once; what is missing is asked for within " +
                        Spoken(rule.supply_missing_within) + ".");
  chapter.Say(std::move(rules));
  return chapter;
}

Chapter PendingChapter(const Policy& policy) {
  Chapter chapter{"Waiting", 2, {}};
  Bullets rules;
  for (const PendingReason& reason : policy.pending_reasons) {
    rules.items.push_back("For " + Plain(reason.id) + ": looked at again after " + Spoken(reason.follow_up) +
                          (reason.most > 0 ? ", at most " + Spoken(reason.most) : std::string()) + ".");
  }
  chapter.Say(std::move(rules));
  return chapter;
}

Chapter LimitChapter(const Policy& policy) {
  const Limits& limits = policy.limits;
  Chapter chapter{"Limits", 2, {}};
  chapter.Say(Bullets{{"More than " + std::to_string(limits.escalations_per_case) + " escalations or " +
                           std::to_string(limits.reassignments) +
                           " reassignments of a case: it goes to the catch-all, and is reviewed.",
                       "Between two escalations by people: " + Spoken(limits.cooldown) + ".",
                       std::to_string(limits.flapping_opens) + " openings of the same trouble within " +
                           Spoken(limits.flapping_window) + " are one case."}});
  return chapter;
}

Chapter AfterChapter(const Policy& policy) {
  const AfterResolution& after = policy.after;
  Chapter chapter{"After resolution", 2, {}};
  Bullets rules;
  rules.items.push_back("Watched, so that a recurrence reopens it — " +
                        ByPriority([&](Priority p) { return Spoken(after.monitoring.of(p)); }) + ".");
  rules.items.push_back(after.confirmation_needed
                            ? "The requester confirms; silence for " + Spoken(after.confirm_grace) + " " +
                                  SpokenCalendar(policy.confirmation_calendar()) + " is consent."
                            : "Nobody has to confirm.");
  rules.items.push_back("It can be reopened for " + Spoken(after.reopen_within) + "; later it is a new, linked case.");
  if (after.review) {
    rules.items.push_back("Within " + Spoken(after.review->within) + " after closing a review is owed: " +
                          Spoken(after.review->when) + ". It is written as the milestone `reviewed`.");
  }
  chapter.Say(std::move(rules));
  return chapter;
}

}  // namespace escalon::explanation

#include <cmath>

#include "common/domain/civil.h"
#include "common/domain/storms.h"
#include "common/explanation/statement.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

void SayPriority(const Policy& policy, Statements* out) {
  for (const Grade impact : {Grade::kHigh, Grade::kMedium, Grade::kLow}) {
    for (const Grade urgency : {Grade::kHigh, Grade::kMedium, Grade::kLow}) {
      const std::string key = "priority.matrix." + std::string(Name(impact)) + "." + std::string(Name(urgency));
      out->Begin(key, "cases of impact " + std::string(Name(impact)) + " and urgency " + std::string(Name(urgency)),
                 "priority is",
                 std::string(Name(policy.matrix[static_cast<size_t>(impact) - 1][static_cast<size_t>(urgency) - 1])));
    }
  }
  for (const PriorityModifier& modifier : policy.modifiers) {
    out->Begin(
        "priority.modifiers." + modifier.id, "cases where " + Spoken(modifier.when),
        "grades change (" + modifier.id + ") by",
        "impact " + std::to_string(modifier.impact_steps) + ", urgency " + std::to_string(modifier.urgency_steps));
  }
  for (const PriorityFloor& floor : policy.floors) {
    out->Begin("priority.floors." + floor.id, "cases where " + Spoken(floor.when),
               "priority (" + floor.id + ") is at least", std::string(Name(floor.at_least)));
  }
  out->End();
  out->Say(
      "priority.defaults", "what is assumed is",
      "impact " + std::string(Name(policy.default_impact)) + ", urgency " + std::string(Name(policy.default_urgency)));
}

void SayLevels(const Policy& policy, Statements* out) {
  for (const Level& level : policy.levels) {
    const std::string key = "levels." + level.id;
    const auto people = policy.level_people.find(level.id);
    out->Begin(key, "all cases", "level " + level.id, "is there");
    out->Say("people", level.id + " is", people != policy.level_people.end() ? Spoken(people->second) : "");
    out->Say("response", level.id + " reacts within", level.response ? Spoken(*level.response) : "");
    out->Say("resolution", level.id + " solves within", level.resolution ? Spoken(*level.resolution) : "");
    out->Say("quality", level.id + " holds in",
             level.quality > 0 ? std::to_string(std::lround(level.quality * 100)) + " %" : "");
    out->Say("may", level.id + " may", SpokenGrants(level.may));
    out->Say("authority", level.id + " has the authority", level.authority);
    out->Say("issues", level.id + " is for", level.issues);
    out->Say("resources", level.id + " has at hand", level.resources);
    out->Say("decision_rights", level.id + " decides", level.decision_rights);
  }
  out->End();
  out->Say("authority.currency", "limits are compared in", policy.authority.currency);
  for (const auto& [currency, rate] : policy.authority.rates) {
    out->Say("authority.rates." + currency, "the rate of " + currency + " in billionths is", std::to_string(rate));
  }
  for (const FourEyesRule& rule : policy.authority.four_eyes) {
    out->Say("authority.four_eyes." + rule.decision, "two people decide together on " + rule.decision,
             rule.from.empty() ? "always" : "from " + FormatMoney(rule.from));
  }
}

void SayApprovals(const Policy& policy, Statements* out) {
  for (size_t i = 0; i < policy.approvals.size(); ++i) {
    const ApprovalRule& rule = policy.approvals[i];
    const std::string number = std::to_string(i + 1);
    const std::string unless = Spoken(rule.unless);
    out->Begin("approvals." + number, "escalations" + (rule.level.empty() ? "" : " to " + rule.level),
               "consent (" + number + ") is asked of", rule.ask_level);
    out->Say("within", "consent comes within", Spoken(rule.within));
    out->Say("default", "silence is", rule.default_approve ? "consent" : "refusal");
    out->Say("unless", "no consent is needed if", unless == "no case" ? "" : unless);
    out->Say("by", "consent is needed for",
             rule.by_person_only ? "what a person asks for" : "what anybody or a rule asks for");
    out->Say("ratify", "an emergency is ratified within", Spoken(rule.ratify_within));
  }
  out->End();
}

void SayHandover(const Policy& policy, Statements* out) {
  const HandoverRule& rule = policy.handover;
  out->Say("handover.require", "a handover needs", Listed(rule.required));
  for (const auto& [level, fields] : rule.required_to_level) {
    out->Say("handover.require.to_" + level, "a handover to " + level + " needs also", Listed(fields));
  }
  out->SayByPriority("handover.accept_within", "a handover is accepted within",
                     [&](Priority p) { return Spoken(rule.accept_within.of(p)); });
  out->Say("handover.emergency", "after an emergency what is missing is asked for within",
           Spoken(rule.supply_missing_within));
}

void SaySun(const Policy& policy, Statements* out) {
  const FollowTheSun& sun = policy.sun;
  if (sun.order.empty()) return;
  out->Say("follow_the_sun.scope", "with the sun move cases where", Spoken(sun.scope));
  out->Say("follow_the_sun.except", "but there stay cases where", sun.except ? Spoken(*sun.except) : "");
  std::vector<std::string> order;
  for (const SunRegion& region : sun.order) {
    order.push_back(region.id);
    out->Say("follow_the_sun." + region.id, "the day of " + region.id + " is that of",
             region.team.empty() ? "the roster's teams of it, while somebody is on call"
                                 : "team " + region.team + " " + SpokenCalendar(region.calendar));
  }
  const auto say = [out](const std::string& key, const std::string& what, DurationMs span) {
    out->Say("follow_the_sun." + key, what, span > 0 ? Spoken(span) : "");
  };
  say("ask_before", "an owner is asked to hand over or to keep before the day ends by", sun.ask_before);
  say("spread", "after a day's end its cases move over", sun.spread);
  say("keep_limit", "an owner may keep a case past the day's end for at most", sun.keep_limit);
  out->Say("follow_the_sun.order", "the sun goes round by", Listed(order));
}

void SayStorms(const Policy& policy, Statements* out) {
  if (!policy.storms) return;
  const StormRules& storms = *policy.storms;
  std::vector<std::string> links;
  for (const StormLink link : storms.link_on) links.push_back(Plain(Name(link)));
  out->Say(
      "storms.parent", "a storm are",
      std::to_string(storms.least) + " openings of the " + Listed(links, "or") + " within " + Spoken(storms.within));
  out->Say("storms.suppress", "of a child in a storm rest",
           !storms.rests   ? "nothing"
           : storms.silent ? "steps, pages and messages inside"
                           : "steps and pages");
  out->Say("storms.on_parent_resolved", "when its parent is resolved, a child",
           storms.resolved_with_parent ? "is resolved" : "climbs");
  out->Say("storms.rest_at_most", "a child rests at most", Spoken(storms.longest));
}

void SayMajor(const Policy& policy, Statements* out) {
  if (!policy.major) return;
  const MajorRule& rule = *policy.major;
  const auto say = [out](const std::string& key, const std::string& what, const std::string& value) {
    out->Say("major_escalation." + key, what, value);
  };
  say("when", "a major escalation is opened for cases where", rule.when ? Spoken(*rule.when) : "");
  say("managers", "its manager is one of", Spoken(rule.managers));
  say("name_within", "its manager is named within", Spoken(rule.name_within));
  say("team_acknowledges_within", "its team acknowledges within", Spoken(rule.acknowledge_within));
  say("assessment_within", "its assessment is there within", Spoken(rule.assess_within));
  say("plan_within", "its plan is there within", Spoken(rule.plan_within));
  say("plan_review_every", "its plan is reviewed every", Spoken(rule.review_plan_every));
  say("stale_after", "its record is stale after", Spoken(rule.stale_after));
  say("executives", "of its opening is informed", rule.executives);
  say("monitoring", "it is watched after the customer's word for", Spoken(rule.monitoring));
  say("review_within", "it is reviewed after closing within", Spoken(rule.review_within));
}

void SayRest(const Policy& policy, Statements* out) {
  for (const PendingReason& reason : policy.pending_reasons) {
    out->Say("pending." + reason.id, "waiting for " + reason.id + " is looked at again after",
             Spoken(reason.follow_up) + (reason.most > 0 ? ", at most " + Spoken(reason.most) : ""));
  }
  const Limits& limits = policy.limits;
  out->Say("limits.escalations", "most escalations are", std::to_string(limits.escalations_per_case));
  out->Say("limits.reassignments", "most reassignments are", std::to_string(limits.reassignments));
  out->Say("limits.cooldown", "between two escalations by people lie", Spoken(limits.cooldown));
  out->Say("limits.flapping", "one flapping case are",
           std::to_string(limits.flapping_opens) + " openings within " + Spoken(limits.flapping_window));
  const AfterResolution& after = policy.after;
  out->SayByPriority("after.monitoring", "monitoring lasts",
                     [&](Priority p) { return Spoken(after.monitoring.of(p)); });
  out->Say("after.confirm", "the requester's silence is consent after",
           after.confirmation_needed
               ? Spoken(after.confirm_grace) + " " + SpokenCalendar(policy.confirmation_calendar())
               : "no time: nobody has to confirm");
  out->Say("after.reopen_within", "a closed case can be reopened for", Spoken(after.reopen_within));
  out->Say("after.review", "a closed case is reviewed",
           after.review ? "within " + Spoken(after.review->within) + ": " + Spoken(after.review->when) : "");
  out->Say("triage.wait", "triage may be silent for", Spoken(policy.triage_wait));
}

void SayCommunication(const Policy& policy, Statements* out) {
  for (const CommunicationRule& rule : policy.communication) {
    std::vector<std::string> audiences;
    for (const Audience audience : rule.to) audiences.push_back(Plain(Name(audience)));
    std::string what = Listed(audiences) + (rule.channels.empty() ? "" : " by " + Listed(rule.channels, "or"));
    if (rule.cadence > 0) what += ", every " + Spoken(rule.cadence);
    if (rule.urgency != MessageUrgency::kByPriority) what += ", with " + std::string(Name(rule.urgency)) + " urgency";
    if (!rule.message.empty()) what += ", with " + rule.message;
    const std::string on = Listed(rule.on, "or");
    out->Begin("communication." + rule.id + "." + on, "cases where " + Spoken(rule.when),
               on.empty() ? "updates go to" : "of " + on + " are told", what);
  }
  out->End();
}

void SayCalendars(const Policy& policy, Statements* out) {
  for (const auto& [id, calendar] : policy.calendars) {
    const CalendarSpec& spec = calendar->spec();
    std::vector<std::string> holidays, overrides;
    for (const LocalDate& date : spec.holidays) holidays.push_back(FormatLocalDate(date));
    for (const auto& [date, windows] : spec.overrides) overrides.push_back(FormatLocalDate(date));
    out->Begin("calendars." + id, "all cases", "calendar " + id, "is there");
    out->Say("weekly", id + " is open", Spoken(spec.weekly) + " in " + spec.timezone);
    out->Say("holidays", id + " is closed on", Listed(holidays));
    out->Say("overrides", id + " has other hours on", Listed(overrides));
  }
  out->End();
  out->Say("business_calendar", "waits at P3 and P4 run", SpokenCalendar(policy.business_calendar));
}

void SayTriage(const Policy& policy, Statements* out) {
  for (const auto& [category, words] : policy.category_keywords) {
    out->Say("triage.keywords." + category, "category " + category + " is known by", Listed(words, "or"));
  }
  for (const auto& [category, skills] : policy.skills_by_category) {
    out->Say("triage.skills." + category, "category " + category + " needs", Listed(skills));
  }
}

}  // namespace

void SayOrder(const Policy& policy, Statements* out) {
  SayPriority(policy, out);
  SayLevels(policy, out);
  SayApprovals(policy, out);
  SayHandover(policy, out);
  SaySun(policy, out);
  SayStorms(policy, out);
  SayMajor(policy, out);
  SayRest(policy, out);
  SayCommunication(policy, out);
  SayTriage(policy, out);
  SayCalendars(policy, out);
}

}  // namespace escalon::explanation

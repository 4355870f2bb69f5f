#include <algorithm>
#include <set>

#include "common/domain/policy.h"
#include "common/domain/policy_checks.h"
#include "common/domain/policy_words.h"

namespace escalon {
namespace checks {

bool NamesSomebody(const StepTarget& to) {
  return !to.team.empty() || !to.person.empty() || !to.role.empty() || !to.schedule.empty() || to.case_skills ||
         !to.skills.empty() || !to.vendor.empty();
}

void CheckCalendarId(const Policy& policy, const std::string& id, const std::string& field, FindingList* out) {
  if (!id.empty() && !policy.calendars.contains(id)) {
    out->Add(field, "no calendar \"" + id + "\"; define it under `calendars` or name one that is there");
  }
}

void CheckTarget(const Target& target, const std::string& field, FindingList* out) {
  if (target.business_days < 0 || target.span < 0) {
    out->Add(field, "is negative; write a length such as 15m, 4h or 1bd");
  } else if (target.business_days == 0 && target.span == 0) {
    out->Add(field, "takes no time, so it would be over as it begins; write a length such as 15m, 4h or 1bd");
  }
}

void CheckBusinessDays(const Policy& policy, const Target& within, const std::string& field, FindingList* out) {
  if (within.business_days == 0 || !policy.business_calendar.empty()) return;
  out->Add(field,
           "business days need working days; give the policy a `business_calendar`, or write hours such as 120h");
}

namespace {

void CheckFactor(const WeighedFactor& factor, const std::string& field, FindingList* out) {
  if (!IsConditionField(factor.field)) {
    out->Add(field + ".field", "no field \"" + factor.field + "\" in a case; see `escalonctl policy fields`");
    return;
  }
  for (const auto& [value, points] : factor.points) {
    if (!IsConditionValue(factor.field, value)) {
      out->Add(field + ".points." + value, "\"" + factor.field + "\" is never \"" + value +
                                               "\"; see `escalonctl policy fields` for what it can be");
    }
  }
  if (factor.each != 0 && !IsCountable(factor.field)) {
    out->Add(field + ".each", "\"" + factor.field + "\" is not a number; give `points` for its values");
  }
  if (factor.each != 0 && factor.most < 1) {
    out->Add(field + ".most",
             "is missing: without it one number could outweigh everything; say what it counts at most");
  }
  if (factor.missing != 0 && IsAlwaysSaid(factor.field)) {
    out->Add(field + ".missing", "every case says \"" + factor.field + "\"; leave it out");
  }
}

void CheckWeighing(const Condition& condition, const std::string& field, FindingList* out) {
  const std::vector<WeighedFactor>& factors = condition.factors;
  if (factors.empty() || factors.size() > kMostFactors) {
    out->Add(field + ".factors", "must have 1 to " + std::to_string(kMostFactors) + " factors");
    return;
  }
  for (size_t i = 0; i < factors.size(); ++i) {
    CheckFactor(factors[i], At(field + ".factors", i), out);
    for (size_t earlier = 0; earlier < i; ++earlier) {
      if (factors[earlier].field == factors[i].field) {
        out->Add(At(field + ".factors", i) + ".field", "is weighed twice; put its points together");
      }
    }
  }
  const auto [least, most] = WeightRange(factors);
  if (condition.at_least > most) {
    out->Add(field + ".at_least", "is never reached: all factors together give " + std::to_string(most) + " at most");
  } else if (condition.at_least <= least) {
    out->Add(field + ".at_least",
             "always holds: the factors give " + std::to_string(least) + " at least; ask for more");
  }
}

}  // namespace

void CheckCondition(const Condition& condition, const std::string& field, FindingList* out) {
  if (condition.kind == Condition::Kind::kAlways) return;
  if (condition.kind == Condition::Kind::kCompare) {
    if (!IsConditionField(condition.field)) {
      out->Add(field + ".field", "no field \"" + condition.field + "\" in a case; see `escalonctl policy fields`");
    }
    if (condition.values.empty() && condition.op != Condition::Op::kExists) {
      out->Add(field, "compares with nothing; give at least one value");
    }
    for (const std::string& value : condition.values) {
      if (condition.op == Condition::Op::kExists || IsConditionValue(condition.field, value)) continue;
      out->Add(field, "\"" + condition.field + "\" is never \"" + value +
                          "\"; see `escalonctl policy fields` for what it can be");
    }
    return;
  }
  if (condition.kind == Condition::Kind::kWeighs) return CheckWeighing(condition, field + ".weighs", out);
  if (condition.parts.empty()) out->Add(field, "has no parts; give at least one condition");
  for (size_t i = 0; i < condition.parts.size(); ++i) CheckCondition(condition.parts[i], At(field, i), out);
}

void CheckLevelId(const Policy& policy, const std::string& id, const std::string& field, FindingList* out) {
  if (policy.level_index(id) < 0) {
    out->Add(field, "no level \"" + id + "\"; define it under `levels` or name one that is there");
  }
}

namespace {

void CheckPriority(const Policy& policy, FindingList* out) {
  for (size_t impact = 0; impact < 3; ++impact) {
    for (size_t urgency = 0; urgency < 3; ++urgency) {
      if (policy.matrix[impact][urgency] != Priority::kUnset) continue;
      out->Add(At("priority.matrix." + std::string(Name(static_cast<Grade>(impact + 1))), urgency),
               "has no priority; give P1, P2, P3 or P4 for each impact and urgency");
    }
  }
  for (size_t i = 0; i < policy.modifiers.size(); ++i) {
    const PriorityModifier& modifier = policy.modifiers[i];
    const std::string field = At("priority.modifiers", i);
    CheckCondition(modifier.when, field + ".when", out);
    if (modifier.impact_steps == 0 && modifier.urgency_steps == 0) {
      out->Add(field, "changes nothing; give `impact` or `urgency`, +1 or -1");
    }
  }
  for (size_t i = 0; i < policy.floors.size(); ++i) {
    const std::string field = At("priority.floors", i);
    CheckCondition(policy.floors[i].when, field + ".when", out);
    if (policy.floors[i].at_least == Priority::kUnset) out->Add(field + ".at_least", "is missing; give P1 to P4");
  }
}

void CheckLevels(const Policy& policy, FindingList* out) {
  if (policy.levels.empty()) out->Add("levels", "is empty; define at least one level");
  std::set<std::string> seen;
  for (const Level& level : policy.levels) {
    const std::string field = "levels." + level.id;
    if (!seen.insert(level.id).second) out->Add(field, "is defined twice; keep one");
    if (level.response) CheckTarget(*level.response, field + ".response", out);
    if (level.resolution) CheckTarget(*level.resolution, field + ".resolution", out);
    if (level.quality < 0 || level.quality > 1) out->Add(field + ".quality", "must be a share from 0 % to 100 %");
  }
  for (const auto& [id, to] : policy.level_people) {
    CheckLevelId(policy, id, "levels." + id, out);
    if (!NamesSomebody(to))
      out->Add("levels." + id + ".people", "names nobody; give a team, person, role, schedule or skills");
    if (!to.vendor.empty())
      out->Add("levels." + id + ".people", "a vendor is outside the ladder; name people, and the vendor in a step");
  }
}

void CheckCalendars(const Policy& policy, FindingList* out) {
  for (const auto& [id, calendar] : policy.calendars) {
    const WeeklyWindows& weekly = calendar->spec().weekly;
    const bool closed_all_week = std::all_of(weekly.begin(), weekly.end(), [](const auto& day) { return day.empty(); });
    if (closed_all_week) out->Add("calendars." + id, "never opens; give at least one weekday hours");
  }
  CheckCalendarId(policy, policy.business_calendar, "business_calendar", out);
}

void CheckPending(const Policy& policy, FindingList* out) {
  std::set<std::string> seen;
  for (const PendingReason& reason : policy.pending_reasons) {
    const std::string field = "pending.reasons." + reason.id;
    if (!seen.insert(reason.id).second) out->Add(field, "is defined twice; keep one");
    if (reason.follow_up <= 0) out->Add(field + ".follow_up", "must be longer than 0: a pause is looked at again");
    if (reason.most != 0 && reason.most < reason.follow_up) {
      out->Add(field + ".max", "is shorter than the follow-up, which would never happen; make it longer");
    }
  }
  if (!seen.contains("customer")) {
    out->Add("pending.reasons", "has no reason \"customer\", which a pause without a reason counts as; add it");
  }
}

void CheckApprovals(const Policy& policy, FindingList* out) {
  for (size_t i = 0; i < policy.approvals.size(); ++i) {
    const ApprovalRule& rule = policy.approvals[i];
    const std::string field = At("approvals", i);
    CheckCondition(rule.unless, field + ".unless", out);
    if (!rule.level.empty()) CheckLevelId(policy, rule.level, field + ".for.level", out);
    CheckLevelId(policy, rule.ask_level, field + ".ask.level", out);
    if (policy.level_index(rule.ask_level) >= 0 && !policy.level_people.contains(rule.ask_level)) {
      out->Add(field + ".ask.level", "level \"" + rule.ask_level +
                                         "\" has nobody to ask; give it people under `levels." + rule.ask_level + "`");
    }
    if (rule.within <= 0) out->Add(field + ".within", "must be longer than 0");
    if (rule.ratify_within <= 0) out->Add(field + ".emergency.ratify_within", "must be longer than 0");
  }
}

void CheckHandover(const Policy& policy, FindingList* out) {
  for (const Priority priority : kAllPriorities) {
    if (policy.handover.accept_within.of(priority) > 0) continue;
    out->Add(Of("handover.accept_within", priority), "must be longer than 0: an offer that nobody accepts expires");
  }
  for (const auto& [level, fields] : policy.handover.required_to_level) {
    CheckLevelId(policy, level, "handover.require.to_" + level, out);
  }
  if (policy.handover.supply_missing_within <= 0) {
    out->Add("handover.emergency.ask_for_missing_within", "must be longer than 0");
  }
}

void CheckLimits(const Policy& policy, FindingList* out) {
  const Limits& limits = policy.limits;
  if (limits.escalations_per_case < 1) out->Add("limits.escalations_per_case", "must be at least 1");
  if (limits.reassignments < 1) out->Add("limits.reassignments", "must be at least 1");
  if (limits.cooldown < 0) out->Add("limits.cooldown", "is negative; write 0s for none");
  if (limits.flapping_opens < 2) out->Add("limits.flapping.opens", "must be at least 2: one opening is no flapping");
  if (limits.flapping_window <= 0) out->Add("limits.flapping.within", "must be longer than 0");
}

void CheckAfter(const Policy& policy, FindingList* out) {
  const AfterResolution& after = policy.after;
  for (const Priority priority : kAllPriorities) {
    if (after.monitoring.of(priority) < 0) out->Add(Of("after.monitoring", priority), "is negative; write 0h for none");
  }
  const Target& grace = after.confirm_grace;
  if (grace.business_days > 0 && after.confirmation_needed && policy.confirmation_calendar().empty()) {
    out->Add("after.confirm.calendar",
             "business days need working days; name a calendar, as in `confirm: {grace: 3bd, calendar: office}`, or a "
             "`business_calendar` of the policy");
  }
  if (grace.span <= 0 && grace.business_days <= 0 && after.confirmation_needed) {
    out->Add("after.confirm.grace", "must be longer than 0; to close without confirmation write `confirm: none`");
  }
  CheckCalendarId(policy, after.confirm_calendar, "after.confirm.calendar", out);
  if (after.reopen_within < 0) out->Add("after.reopen_within", "is negative; write 0h for never");
  if (!after.review) return;
  CheckCondition(after.review->when, "after.review.when", out);
  const Target& within = after.review->within;
  if (within.span <= 0 && within.business_days <= 0) out->Add("after.review.within", "must be longer than 0");
  CheckBusinessDays(policy, within, "after.review.within", out);
}

void CheckCommunication(const Policy& policy, FindingList* out) {
  for (size_t i = 0; i < policy.communication.size(); ++i) {
    const CommunicationRule& rule = policy.communication[i];
    const std::string field = At("communication", i);
    CheckCondition(rule.when, field + ".when", out);
    if (rule.on.empty() && rule.cadence == 0) {
      out->Add(field + ".on", "is empty; name at least one event such as opened or resolved, or a cadence");
    }
    if (rule.cadence < 0) out->Add(field + ".cadence", "is negative; write a length such as 1h");
    for (size_t k = 0; k < rule.on.size(); ++k) {
      if (!IsWord(CommunicationEvents(), rule.on[k])) {
        out->Add(At(field + ".on", k),
                 "no event \"" + rule.on[k] + "\"; name one such as opened, escalated, breached, resolved");
      }
    }
    if (rule.to.empty()) out->Add(field + ".to", "is empty; name at least one audience such as owner or requester");
  }
}

void CheckCatchAll(const Policy& policy, FindingList* out) {
  if (!policy.catch_all_team.empty()) return;
  for (const Path& path : policy.paths) {
    if (!path.catch_all_team.empty()) continue;
    out->Add("paths." + path.id + ".catch_all",
             "is missing and there is no `catch_all` for all paths: a path that runs out must end with somebody; name "
             "a team");
  }
}

}  // namespace
}  // namespace checks

std::vector<FieldViolation> Findings(const Policy& policy) {
  checks::FindingList out;
  if (policy.id.empty()) out.Add("id", "is missing; name the policy");
  checks::CheckCalendars(policy, &out);
  checks::CheckPriority(policy, &out);
  checks::CheckLevels(policy, &out);
  checks::CheckAuthority(policy, &out);
  checks::CheckPending(policy, &out);
  checks::CheckClocks(policy, &out);
  checks::CheckPaths(policy, &out);
  checks::CheckCatchAll(policy, &out);
  checks::CheckApprovals(policy, &out);
  checks::CheckHandover(policy, &out);
  checks::CheckFollowTheSun(policy, &out);
  checks::CheckStorms(policy, &out);
  checks::CheckMajor(policy, &out);
  checks::CheckLimits(policy, &out);
  checks::CheckAfter(policy, &out);
  checks::CheckCommunication(policy, &out);
  if (policy.triage_wait <= 0) out.Add("triage.wait", "must be longer than 0");
  return out.Take();
}

}  // namespace escalon

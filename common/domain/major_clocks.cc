#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/hold.h"
#include "common/domain/rights.h"
#include "common/domain/who.h"

namespace escalon::decide {
namespace {

constexpr size_t kLongestCited = 500;

/// What the condition saw, as the record cites it.
std::string Cited(const Saw& saw) {
  std::string text = "by rule";
  for (size_t i = 0; i < saw.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? ": " : ", ", saw[i].first, "=", saw[i].second);
  }
  return std::string(CutToCharacters(text, kLongestCited));
}

void OpenByRule(Draft& d) {
  const MajorRule& rule = *d.policy().major;
  const Case& c = d.c();
  // Whoever hears of an imported case hears of what comes next, not of what is past.
  if (!rule.when || d.is_new() || !c.majors.empty() || !IsOpen(c.state) || c.state == CaseState::kNew) return;
  if (IsHeld(c)) return;  // whom a storm or a window lets rest is looked at when it climbs
  Saw saw;
  if (!Holds(*rule.when, c, &saw)) return;
  const std::string because = Cited(saw);
  OpenMajor(d, because, std::move(saw));
}

void NameByRoster(Draft& d) {
  const Choice choice{AssignMode::kPush, 1, {}, true};  // to manage is not to own: no capacity is needed
  const Reached who = WhoIsThere(d, d.policy().major->managers, choice, "major_escalation.managers");
  if (!who.person.empty()) GivePart(d, MajorPart::kManager, who.person);
}

void Keep(Draft& d, std::string_view clock, bool owed, InstantMs due_at, const char* why) {
  if (!owed) {
    StopClock(d, clock, "no longer owed");
  } else if (d.c().clock(clock) == nullptr) {
    ArmUntil(d, clock, due_at, why);
  }
}

/// When the plan is to be looked at again: after the usual time, or when the first of its actions is due.
InstantMs NextPlanReview(const Draft& d, const MajorRecord& record) {
  const MajorRule& rule = *d.policy().major;
  if (record.plans.empty()) return d.t() + rule.plan_within;
  InstantMs next = d.t() + rule.review_plan_every;
  for (const PlanAction& action : record.plans.back().actions) {
    if (action.due_at > d.t()) next = std::min(next, action.due_at);
  }
  return next;
}

void Mark(Draft& d, MajorAction action, const std::string& what) {
  MajorChanged e;
  e.action = action;
  e.text = what;
  d.Emit(std::move(e));
}

/// A record that no person has touched for so long is stale; monitoring has a rhythm of its own.
void KeepFresh(Draft& d) {
  const bool owed = d.c().state != CaseState::kMonitoring;
  const bool migrated = std::holds_alternative<Migrate>(d.command().body);  // says nothing of how it stands
  const bool touched = d.by_person() && !IsRequesterOnly(d.actor()) && !migrated;
  if (touched) {
    StopClock(d, kMajorUpdateClock, "updated");
    const std::vector<std::string>& overdue = d.c().open_major()->overdue;
    if (std::find(overdue.begin(), overdue.end(), "update") != overdue.end()) Mark(d, MajorAction::kCaughtUp, "update");
  }
  Keep(d, kMajorUpdateClock, owed, d.t() + d.policy().major->stale_after, "an update of the record is awaited");
}

}  // namespace

void KeepMajor(Draft& d) {
  if (!d.policy().major.has_value()) return;
  OpenByRule(d);
  if (d.c().open_major() == nullptr || IsEnded(d.c().state)) return;
  const MajorRule& rule = *d.policy().major;
  const bool open = IsOpen(d.c().state);
  const auto unnamed = [&d] { return d.c().open_major()->PersonOf(MajorPart::kManager).empty(); };
  if (unnamed() && d.c().clock(kMajorManagerClock) == nullptr) NameByRoster(d);
  Keep(d, kMajorManagerClock, unnamed(), d.t() + rule.name_within, "an escalation manager is to be named");
  const MajorRecord record = *d.c().open_major();
  // Asked once more when it is overdue, and then the manager's matter.
  const bool asked_twice = std::find(record.overdue.begin(), record.overdue.end(), "team") != record.overdue.end();
  Keep(d, kMajorTeamClock, !asked_twice && !record.Silent().empty(), d.t() + rule.acknowledge_within,
       "the team is to acknowledge");
  Keep(d, kMajorAssessmentClock, open && record.assessed_at == 0, d.t() + rule.assess_within,
       "the assessment is awaited");
  Keep(d, kMajorPlanClock, open, NextPlanReview(d, record),
       record.plans.empty() ? "the plan is awaited" : "the plan is to be reviewed");
  KeepFresh(d);
}

void MajorDue(Draft& d, const std::string& what) {
  StopClock(d, std::string(kMajorPrefix) + what, "not in time");
  if (d.c().majors.empty()) return;
  d.Trace("major_escalation", what + " is overdue", {{"record", d.c().majors.front().id}});
  Mark(d, MajorAction::kOverdue, what);
  if (what == "team") {
    const std::vector<std::string> silent = d.c().majors.front().Silent();
    if (!silent.empty()) Tell(d, IntentPurpose::kPage, Audience::kTeam, silent, "", "major_member_named");
  }
  TellLead(d, "major_" + what + "_overdue");
  // A manager who does not answer is overtaken by those who lead the owner.
  if (what == "manager" || what == "team") TellManager(d, "major_" + what + "_overdue");
}

}  // namespace escalon::decide

#include "tests/property/domain/random_commands.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace escalon::test {
namespace {

using Words = std::vector<std::string>;

const Words kPeople = {"ana", "ben", "cho", "dan", "eva", "mia", "max", "noa", "nobody", ""};
const Words kTeams = {"desk", "network", "engineering", "duty", "no-such-team", ""};
const Words kLevels = {"L1", "L2", "L3", "MGR", "EXEC", "L9", ""};
const Words kReasons = {"customer", "vendor", "", "weather"};
const Words kTexts = {"because", "it is so", ""};
const Words kDecisions = {"spend", "spend", "vendor", "exception", "credit", "war"};
const Words kMilestones = {"classified_significant", "authority_informed", "full_moon", "keep"};
const Words kFields = {"impact", "urgency", "tags", "kind", "title", "category", "nonsense"};

Track AnyTrack(Dice& dice) { return dice.Chance(70) ? Track::kFunctional : Track::kHierarchical; }
Grade AnyGrade(Dice& dice) { return static_cast<Grade>(dice.Roll(4)); }
Priority AnyPriority(Dice& dice) { return static_cast<Priority>(dice.Roll(5)); }

InstantMs AnyInstant(Dice& dice, InstantMs now) {
  static const std::vector<DurationMs> kSpans = {-kHourMs,       0,           1,          kMinuteMs,
                                                 20 * kMinuteMs, 3 * kHourMs, 2 * kDayMs, 40 * kDayMs};
  return now + dice.Of(kSpans);
}

HandoverPackage AnyPackage(Dice& dice) {
  HandoverPackage package;
  if (dice.Chance(80)) package.fields["summary"] = "s";
  if (dice.Chance(80)) package.fields["next_step"] = "n";
  if (dice.Chance(50)) package.fields["hypotheses_ruled_out"] = "h";
  return package;
}

std::string AnyOf(Dice& dice, const std::vector<std::string>& ids) {
  return ids.empty() || dice.Chance(20) ? "" : dice.Of(ids);
}

std::vector<std::string> HandoverIds(const Case& c) {
  std::vector<std::string> ids;
  for (const OpenHandover& open : c.handovers) ids.push_back(open.offer.id);
  return ids;
}

std::vector<std::string> ApprovalIds(const Case& c) {
  std::vector<std::string> ids;
  for (const OpenApproval& open : c.approvals) ids.push_back(open.request.id);
  return ids;
}

std::vector<std::string> DecisionIds(const Case& c) {
  std::vector<std::string> ids;
  for (const OpenDecision& open : c.decision_requests) ids.push_back(open.request.id);
  return ids;
}

Money AnyAmount(Dice& dice) {
  static const std::vector<Money> kAmounts = {{},
                                              {0, "EUR"},
                                              {30'000, "EUR"},
                                              {400'000, "EUR"},
                                              {1'200'000, "EUR"},
                                              {9'000'000, "EUR"},
                                              {INT64_MAX, "EUR"},
                                              {-1, "EUR"},
                                              {100, "XXX"}};
  return dice.Of(kAmounts);
}

std::vector<std::string> ConsultationIds(const Case& c) {
  std::vector<std::string> ids;
  for (const OpenConsultation& open : c.consultations) ids.push_back(open.asked.id);
  return ids;
}

CaseId OtherCase(Dice& dice) { return CaseId::Make(kMonday10, 9, 0, static_cast<uint64_t>(dice.Roll(3) + 2)); }

ClockDue AnyClock(Dice& dice, const Case& c) {
  if (c.clocks.empty() || dice.Chance(10)) return {"resolution", static_cast<uint32_t>(dice.Roll(3))};
  const ClockRun& run = dice.Of(c.clocks);
  return {run.name, run.generation - (dice.Chance(10) ? 1u : 0u)};
}

ReportNobodyReached AnyIntent(Dice& dice, const Case& c) {
  if (c.intents.empty() || dice.Chance(10)) return {1, 0, "bounced"};
  const OpenIntent& open = dice.Of(c.intents);
  return {open.version, open.intent.index, "bounced"};
}

RecordCrossCase AnyCrossCase(Dice& dice, const Case& c) {
  if (c.cross_case.empty()) return {1, 0, false, ""};
  const OpenCrossCase& open = dice.Of(c.cross_case);
  return {open.version, open.intent.index, dice.Chance(40), "its owner says so"};
}

AbsorbCrossCase AnyStormWord(Dice& dice, const Case& c) {
  static const Words kWords = {"join_storm", "parent_resolved", "parent_ended"};
  const CaseId from = c.parent.empty() || dice.Chance(30) ? OtherCase(dice) : c.parent;
  const std::string& word = dice.Of(kWords);
  return {from, word, word == "join_storm" ? LinkRelation::kParent : LinkRelation::kChild};
}

Major AnyMajor(Dice& dice, const World& w) {
  static const Words kReferences = {"INC0042", "PRB7", ""};
  Major major;
  const MajorRecord* record = w.c().open_major();
  major.action = record == nullptr ? (dice.Chance(80) ? MajorAction::kOpen : MajorAction::kReview)
                                   : static_cast<MajorAction>(1 + dice.Roll(13));
  major.part = static_cast<MajorPart>(dice.Roll(11));
  if (major.action == MajorAction::kName) major.part = static_cast<MajorPart>(1 + dice.Roll(5));
  major.person = dice.Of(kPeople);
  major.reference = dice.Of(kReferences);
  major.sealed_text = dice.Chance(80) ? "sealed" : "";
  major.reason = dice.Of(kTexts);
  major.agreed = dice.Chance(40);
  major.monitoring_hours = dice.Chance(30) ? dice.Roll(60) - 5 : 0;
  if (dice.Chance(40)) major.actions.push_back({dice.Of(kTexts), "ana", AnyInstant(dice, w.now)});
  return major;
}

CommandBody AnyBody(Dice& dice, const World& w) {
  const Case& c = w.c();
  if (w.policy.major.has_value() && dice.Chance(c.open_major() != nullptr ? 25 : 5)) return AnyMajor(dice, w);
  if (w.next && dice.Chance(6)) return Migrate{dice.Chance(90) ? w.next->name() : "desk@99"};
  switch (dice.Roll(54)) {
    case 0:
      return World::Incident(AnyGrade(dice), AnyGrade(dice));
    case 1: {
      OpenCase again = World::Incident();
      again.idempotency_key = "again-" + std::to_string(dice.Roll(1000));
      return again;
    }
    case 2:
      return RecordTriage{
          AnyPriority(dice), "network", {}, AnyGrade(dice), c.version - static_cast<uint64_t>(dice.Roll(2)), {}};
    case 3:
      return AnyClock(dice, c);
    case 4:
      return AnyIntent(dice, c);
    case 5:
    case 6:
    case 7:
      return Acknowledge{AnyTrack(dice), "chat", ""};
    case 8:
      return WithdrawAcknowledgement{AnyTrack(dice), dice.Of(kTexts)};
    case 9:
      return StartWork{};
    case 10:
    case 11:
      return Escalate{AnyTrack(dice), dice.Of(kLevels), static_cast<EscalationReason>(1 + dice.Roll(24)),
                      dice.Of(kTexts), dice.Chance(20)};
    case 12:
      return DeEscalate{AnyTrack(dice), dice.Of(kLevels), dice.Of(kTexts), dice.Roll(6)};
    case 13:
    case 14:
      return Assign{dice.Of(kTeams), dice.Of(kPeople), dice.Of(kTexts)};
    case 15:
    case 16:
      return Pause{dice.Of(kReasons), dice.Chance(50) ? 0 : AnyInstant(dice, w.now), ""};
    case 17:
      return Resume{""};
    case 18:
      return Snooze{AnyInstant(dice, w.now), ""};
    case 19:
    case 20:
      return OfferHandover{dice.Of(kTeams),  dice.Of(kPeople), dice.Of(kLevels),
                           AnyPackage(dice), dice.Chance(30),  dice.Of(kTexts)};
    case 21:
      return AcceptHandover{AnyOf(dice, HandoverIds(c))};
    case 22:
      return DeclineHandover{AnyOf(dice, HandoverIds(c)), dice.Of(kTexts)};
    case 23:
      return AskForMore{AnyOf(dice, HandoverIds(c)), {"hypotheses_ruled_out"}, dice.Of(kTexts)};
    case 24:
      return SupplyHandover{AnyOf(dice, HandoverIds(c)), AnyPackage(dice)};
    case 25:
      return DecideApproval{AnyOf(dice, ApprovalIds(c)), dice.Chance(60), dice.Of(kTexts)};
    case 26:
      return Consult{dice.Of(kTeams), dice.Of(kPeople), "sealed"};
    case 27:
      return AnswerConsultation{AnyOf(dice, ConsultationIds(c)), "sealed"};
    case 28:
    case 29:
      return AddNote{dice.Chance(50) ? Visibility::kPublic : Visibility::kInternal, "sealed", dice.Chance(40)};
    case 30:
      return LogAttempt{dice.Of(kTexts), dice.Chance(30)};
    case 31: {
      ChangeFacts change;
      change.facts.kind = dice.Chance(80) ? "incident" : "request";
      change.facts.impact = AnyGrade(dice);
      change.facts.urgency = AnyGrade(dice);
      change.facts.tags = {dice.Of(kTexts)};
      change.fields = {dice.Of(kFields), dice.Of(kFields)};
      return change;
    }
    case 32:
    case 33:
      return SetPriority{AnyPriority(dice), dice.Chance(30), dice.Of(kTexts)};
    case 34:
      return Rate{"resolution", "", dice.Roll(7), ""};
    case 35:
      return Link{OtherCase(dice), "", static_cast<LinkRelation>(1 + dice.Roll(7))};
    case 36:
      if (w.policy.storms && dice.Chance(40)) return AnyStormWord(dice, c);
      return dice.Chance(30) ? CommandBody(Merge{OtherCase(dice), ""})
                             : CommandBody(AbsorbCrossCase{OtherCase(dice), "link", LinkRelation::kRelated});
    case 37:
      return AnyCrossCase(dice, c);
    case 38:
      return Resolve{ResolutionCause::kFixed, ""};
    case 39:
      return dice.Chance(50) ? CommandBody(ConfirmResolution{}) : CommandBody(RejectResolution{"still broken"});
    case 40:
      return Reopen{dice.Of(kTexts)};
    case 41:
      return dice.Chance(50) ? CommandBody(Close{""})
                             : CommandBody(Cancel{CancelCause::kWithdrawn, {}, dice.Chance(20) ? "enough" : ""});
    case 44:
      return AcceptHandover{""};
    case 45:
      return DeclineHandover{"", "not ours"};
    case 46:
      return OfferHandover{dice.Of(kTeams), "", "", {{{"summary", "s"}, {"next_step", "n"}}}, false, "shift ends"};
    case 42:
      return SourceEnded{dice.Chance(50), ""};
    case 47:
    case 48:
      return TakeDecision{dice.Of(kDecisions), AnyAmount(dice), dice.Of(kTexts)};
    case 49:
    case 50:
      return AnswerDecision{AnyOf(dice, DecisionIds(c)), dice.Chance(75), dice.Of(kTexts)};
    case 51:
      return RecordMilestone{dice.Of(kMilestones), dice.Of(kTexts)};
    default:
      return SetEta{AnyInstant(dice, w.now), ""};
  }
}

/// Always a storm, and a parent in it.
class StormAround final : public OpeningsSnapshot {
 public:
  Gathering GatheredWith(const Case&, std::string_view, InstantMs) const override {
    return {7, CaseId::Make(kMonday10, 9, 0, 2)};
  }
};

Actor AnyActor(Dice& dice, const World& w, const CommandBody& body) {
  if (std::holds_alternative<ClockDue>(body) || std::holds_alternative<RecordTriage>(body) ||
      std::holds_alternative<AbsorbCrossCase>(body) || std::holds_alternative<RecordCrossCase>(body) ||
      std::holds_alternative<ReportNobodyReached>(body)) {
    return w.Service();
  }
  if (std::holds_alternative<OpenCase>(body) || std::holds_alternative<SourceEnded>(body)) return w.Source();
  if (std::holds_alternative<Migrate>(body) && dice.Chance(90)) return w.Operator();
  const bool answers = std::holds_alternative<AcceptHandover>(body) || std::holds_alternative<DeclineHandover>(body) ||
                       std::holds_alternative<AskForMore>(body);
  if (answers && !w.c().handovers.empty() && dice.Chance(80)) {
    const HandoverOffered& offer = w.c().handovers.front().offer;
    if (!offer.to_person.empty()) return w.Human(offer.to_person);
    const Team* team = w.roster->team(offer.to_team);
    if (team != nullptr) return w.Human(dice.Of(team->members));
  }
  if (const MajorRecord* record = w.c().open_major(); record != nullptr && dice.Chance(40)) {
    const std::string manager = record->PersonOf(MajorPart::kManager);
    if (!manager.empty()) return w.Human(manager);
  }
  if (std::holds_alternative<DecideApproval>(body) && w.policy.major.has_value() && dice.Chance(70))
    return w.Manager("mia");
  const bool decides = std::holds_alternative<TakeDecision>(body) || std::holds_alternative<AnswerDecision>(body);
  if (decides && dice.Chance(70)) return dice.Chance(50) ? w.Human("mia") : w.Human("max");
  const int kind = dice.Roll(10);
  if (kind == 0) return w.Requester();
  if (kind == 1) return w.Source();
  if (kind == 2) return w.Manager("mia");
  const Case& c = w.c();
  if (kind < 7 && !c.owner.person.empty()) return w.Human(c.owner.person);
  if (kind < 9 && !c.functional.people.empty()) return w.Human(dice.Of(c.functional.people));
  return w.Human(dice.Of(kPeople));
}

}  // namespace

uint64_t Dice::Next() {
  state_ ^= state_ << 13;
  state_ ^= state_ >> 7;
  state_ ^= state_ << 17;
  return state_;
}

OpenCase AnyImport(Dice& dice, const World& w) {
  OpenCase open = World::Incident(AnyGrade(dice), AnyGrade(dice));
  open.imported = true;
  if (dice.Chance(10)) return open;
  Standing& to = open.standing;
  to.priority = AnyPriority(dice);
  to.level = dice.Of(std::vector<std::string>{"", "L1", "L2", "L3", "MGR"});
  to.team = dice.Of(std::vector<std::string>{"", "desk", "network", "engineering"});
  to.person = dice.Of(std::vector<std::string>{"", "", "ana", "cho", "eva"});
  to.opened_at = w.now - dice.Roll(200) * kHourMs;
  if (dice.Chance(40)) to.acknowledged_at = to.opened_at + kMinuteMs * dice.Roll(10);
  if (dice.Chance(30)) to.responded_at = to.opened_at + kMinuteMs * dice.Roll(10);
  to.acknowledged_at = std::min(to.acknowledged_at, w.now);
  to.responded_at = std::min(to.responded_at, w.now);
  if (dice.Chance(30)) to.pauses.push_back({"customer", to.opened_at, to.opened_at + (w.now - to.opened_at) / 2});
  if (dice.Chance(25)) {
    to.pending = dice.Of(std::vector<std::string>{"customer", "vendor"});
    to.pending_since = w.now - (w.now - to.opened_at) / 4;
  }
  if (dice.Chance(25)) to.clocks.push_back({"response", std::min(to.opened_at + 1, w.now)});
  to.escalations = static_cast<uint32_t>(dice.Roll(3));
  to.reassignments = static_cast<uint32_t>(dice.Roll(3));
  if (dice.Chance(40)) open.sealed_history = "sealed";
  return open;
}

void MakeStormy(Dice& dice, World& world) {
  static const StormAround kStorm;
  StormRules& storms = world.policy.storms.emplace();
  storms.link_on = {StormLink::kService};
  storms.least = 3;
  storms.rests = dice.Chance(85);
  storms.silent = storms.rests && dice.Chance(70);
  storms.resolved_with_parent = dice.Chance(30);
  storms.longest = dice.Chance(50) ? kDayMs : kHourMs;
  world.openings = &kStorm;
}

void MakeMaintained(Dice& dice, World& world) {
  RosterDocument document = world.roster->document();
  MaintenanceWindow window;
  window.id = "move";
  window.when.kind = Condition::Kind::kCompare;
  window.when.field = "service";
  window.when.values = {"mail"};
  window.from = world.now - kHourMs;
  window.until = world.now + (1 + dice.Roll(40)) * kHourMs;
  window.silent = dice.Chance(50);
  document.maintenance = {window};
  world.roster = Roster::Build(std::move(document)).value();
}

Wish AnyWish(Dice& dice, const World& world) {
  CommandBody body = AnyBody(dice, world);
  Actor actor = AnyActor(dice, world, body);
  return {std::move(body), std::move(actor)};
}

void Vary(Dice& dice, World& world) {
  Policy& policy = world.policy;
  PathTrack& functional = policy.paths[0].functional;
  PathTrack& hierarchical = policy.paths[0].hierarchical;
  functional.repeat = dice.Roll(4) - 1;
  functional.skip_if_empty.values.fill(dice.Chance(50));
  if (dice.Chance(40)) functional.steps[1].to.team = "nobody-there";
  if (dice.Chance(20)) functional.steps[0].wait.values.fill(Target{0});
  if (dice.Chance(30)) functional.lease.values.fill(45 * kMinuteMs);
  if (dice.Chance(30)) functional.steps[2].assign = AssignMode::kOffer;
  if (dice.Chance(30)) {
    hierarchical.steps = {functional.steps[2]};
    hierarchical.steps[0].level = "MGR";
    hierarchical.steps[0].to = {};
    hierarchical.steps[0].to.person = "mia";
  }
  if (dice.Chance(30)) policy.levels[0].response = Target{10 * kMinuteMs};
  if (dice.Chance(30)) policy.levels[1].resolution = Target{kHourMs};
  if (dice.Chance(20)) policy.paths[0].catch_all_team = "nobody-there";
  if (dice.Chance(20)) {
    functional.steps[2].to = {};
    functional.steps[2].to.vendor = "carrier";
  }
  if (dice.Chance(50)) {
    ClockRule& owner = policy.clocks[4];
    owner.per_visit = true;
    owner.resume_on_return = dice.Chance(70);
    owner.level_target = dice.Chance(30);
    owner.resume_on_reopen = dice.Chance(70);
  }
  if (dice.Chance(30)) {
    ClockRule waits = policy.clocks[1];
    waits.name = "vendor";
    waits.start_on = {"pending_vendor", "vendor_told"};
    waits.stop_on = {"resumed"};
    policy.clocks.push_back(std::move(waits));
  }
  policy.limits.escalations_per_case = dice.Chance(50) ? 10 : 3;
  policy.limits.cooldown = dice.Chance(50) ? 0 : 5 * kMinuteMs;
  policy.after.confirmation_needed = dice.Chance(80);
  if (dice.Chance(30)) policy.after.monitoring.values.fill(kHourMs);
  if (policy.after.confirmation_needed) policy.after.review = ReviewRule{};
  for (ClockRule& rule : policy.clocks) rule.on_priority_change = static_cast<ClockRule::OnChange>(dice.Roll(3));
  if (dice.Chance(50)) {
    FollowTheSun& sun = policy.sun;
    sun.order = {{"day", "desk", "day"}, {"evening", "network", "evening"}, {"night", "engineering", "night"}};
    for (const auto& [id, start, end] : {std::tuple{"day", 480, 960}, {"evening", 960, 1380}, {"night", 0, 480}}) {
      CalendarSpec spec;
      spec.timezone = "UTC";
      for (auto& windows : spec.weekly) windows = {{start, end}};
      policy.calendars[id] = Calendar::Build(spec).value();
    }
    if (dice.Chance(50)) {
      sun.ask_before = dice.Roll(60) * kMinuteMs;
      sun.spread = dice.Roll(30) * kMinuteMs;
      sun.keep_limit = dice.Roll(3) * 30 * kMinuteMs;
    }
  }
  if (dice.Chance(20)) policy.paths.clear();
}

void AddMajor(Dice& dice, World& world) {
  MajorRule& rule = world.policy.major.emplace();
  if (dice.Chance(60)) {
    rule.when.emplace().kind = Condition::Kind::kCompare;
    rule.when->field = "priority";
    rule.when->op = Condition::Op::kIn;
    rule.when->values = {"P1", "P2"};
  }
  rule.managers.team = dice.Chance(80) ? "duty" : "nobody-there";
  if (dice.Chance(70)) rule.executives = "EXEC";
  if (dice.Chance(30)) rule.monitoring = 0;
}

void PlanNext(Dice& dice, World& world) {
  Policy& next = world.next.emplace(world.policy);
  ++next.version;
  for (ClockRule& rule : next.clocks) {
    if (dice.Chance(50)) rule.target.values.fill(Target{(1 + dice.Roll(600)) * kMinuteMs});
    if (dice.Chance(30)) rule.calendar = {};
    if (dice.Chance(30)) rule.warnings = {WarningRule::Percent(20), {WarningRule::Kind::kBefore, 10 * kMinuteMs}};
    if (dice.Chance(30)) rule.pausing_reasons = {"vendor"};
    if (dice.Chance(20)) rule.region_calendars = {{"emea", ""}, {"apac", "office"}};
    if (dice.Chance(20)) rule.penalties = {{{}, {10'000, "EUR"}}};
  }
  if (dice.Chance(40)) next.clocks.erase(next.clocks.begin() + dice.Roll(static_cast<int>(next.clocks.size())));
  if (dice.Chance(40)) {
    ClockRule more = next.clocks[0];
    more.name = "containment";
    next.clocks.push_back(std::move(more));
  }
  if (dice.Chance(20)) next.sun = {};
  if (dice.Chance(20)) next.major.reset();
  if (next.paths.empty()) return;
  PathTrack& functional = next.paths[0].functional;
  if (dice.Chance(30)) functional.steps.insert(functional.steps.begin(), functional.steps.back());
  if (dice.Chance(30)) functional.steps.pop_back();
  if (dice.Chance(30)) next.paths[0].hierarchical.triggers.clear();
  if (dice.Chance(20)) next.paths[0].id = "another";
  if (dice.Chance(10)) next.paths.clear();
  if (dice.Chance(30)) {  // a level is called otherwise
    const std::string lost = next.levels[1].id;
    next.levels[1].id = "experts";
    for (Path& path : next.paths) {
      for (PathStep& step : path.functional.steps) {
        if (step.level == lost) step.level = "experts";
      }
      for (std::string& level : path.functional.enter_at.values) {
        if (level == lost) level = "experts";
      }
    }
  }
}

}  // namespace escalon::test

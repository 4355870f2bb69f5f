#include "tests/unit/domain/fixture.h"

#include <gtest/gtest.h>

#include "tests/unit/domain/time_text.h"

namespace escalon::test {
namespace {

Condition FieldIs(std::string field, std::vector<std::string> values) {
  Condition condition;
  condition.kind = Condition::Kind::kCompare;
  condition.field = std::move(field);
  condition.op = Condition::Op::kIn;
  condition.values = std::move(values);
  return condition;
}

Condition AtLeast(std::string field, std::string value) {
  Condition condition = FieldIs(std::move(field), {std::move(value)});
  condition.op = Condition::Op::kGe;
  return condition;
}

template <typename T>
PerPriority<T> Each(T p1, T p2, T p3, T p4) {
  PerPriority<T> values;
  values.values = {std::move(p1), std::move(p2), std::move(p3), std::move(p4)};
  return values;
}

Target In(DurationMs span) { return Target{span}; }
Target InDays(int days) {
  Target target;
  target.business_days = days;
  return target;
}

PathStep Step(std::string level, std::string team, AssignMode mode, PerPriority<Target> wait) {
  PathStep step;
  step.level = std::move(level);
  step.to.team = std::move(team);
  step.assign = mode;
  step.wait = std::move(wait);
  step.wait_calendar = Each<std::string>("", "", "office", "office");
  step.channels = {"push"};
  return step;
}

ClockRule Promise(std::string name, PerPriority<std::optional<Target>> target) {
  ClockRule rule;
  rule.name = std::move(name);
  rule.calendar = Each<std::string>("", "", "office", "office");
  rule.target = std::move(target);
  rule.start_on = {"opened"};
  return rule;
}

std::vector<ClockRule> Promises() {
  using T = std::optional<Target>;
  ClockRule ack =
      Promise("acknowledgement", Each<T>(In(5 * kMinuteMs), In(15 * kMinuteMs), In(4 * kHourMs), InDays(1)));
  ack.stop_on = {"acknowledged"};
  ClockRule response = Promise("response", Each<T>(In(15 * kMinuteMs), In(30 * kMinuteMs), In(4 * kHourMs), InDays(1)));
  response.stop_on = {"public_reply"};
  response.warnings = {WarningRule::Percent(50), WarningRule::Percent(80)};
  response.trust_source_time = 5 * kMinuteMs;
  ClockRule resolution = Promise("resolution", Each<T>(In(4 * kHourMs), In(8 * kHourMs), InDays(3), InDays(10)));
  resolution.stop_on = {"resolved"};
  resolution.start_at_reported = true;
  resolution.trust_source_time = 5 * kMinuteMs;
  resolution.pausing_reasons = {"customer"};
  resolution.warnings = {WarningRule::Percent(50), WarningRule::Percent(75), WarningRule::Percent(90)};
  ClockRule update = Promise("update", Each<T>(In(kHourMs), In(4 * kHourMs), InDays(1), InDays(2)));
  update.start_on = {"customer_message"};
  update.stop_on = {"public_reply"};
  update.pausing_reasons = {"customer"};
  ClockRule owner = Promise("owner", Each<T>(In(2 * kHourMs), In(4 * kHourMs), In(8 * kHourMs), std::nullopt));
  owner.start_on = {"assigned"};
  owner.stop_on = {"resolved"};
  owner.pausing_reasons = {"any"};
  const T day = In(kDayMs);
  ClockRule regulator = Promise("early_warning", Each<T>(day, day, day, day));
  regulator.calendar = {};
  regulator.kind = ClockRule::Kind::kRegulatory;
  regulator.pausable = false;
  regulator.start_on = {"classified_significant"};
  regulator.stop_on = {"authority_informed"};
  regulator.trust_source_time = kHourMs;
  return {ack, response, resolution, update, owner, regulator};
}

Trigger At(std::string id, Trigger::At at, std::string level, bool owns) {
  Trigger trigger;
  trigger.id = std::move(id);
  trigger.at = at;
  trigger.level = std::move(level);
  trigger.owns = owns;
  return trigger;
}

std::vector<Trigger> ManagementTriggers() {
  Trigger open = At("p1-open", Trigger::At::kOpened, "MGR", false);
  open.when = FieldIs("priority", {"P1"});
  Trigger share = At("res-75", Trigger::At::kClockShare, "MGR", true);
  share.clock = "resolution";
  share.percent = 75;
  share.reason = EscalationReason::kTargetShareUsed;
  Trigger breach = At("res-breach", Trigger::At::kClockBreached, "EXEC", true);
  breach.clock = "resolution";
  breach.when = FieldIs("priority", {"P1", "P2"});
  breach.reason = EscalationReason::kTargetPassed;
  Trigger bounced = At("bounced", Trigger::At::kFactsChanged, "MGR", true);
  bounced.when.kind = Condition::Kind::kAny;
  bounced.when.parts = {AtLeast("reopens", "2"), AtLeast("reassignments", "4")};
  bounced.reason = EscalationReason::kRepetition;
  return {open, share, breach, bounced};
}

Path IncidentPath() {
  Path path;
  path.id = "incident";
  path.when = FieldIs("kind", {"incident"});
  PathTrack& functional = path.functional;
  functional.steps = {
      Step("L1", "desk", AssignMode::kPull, Each(In(5 * kMinuteMs), In(15 * kMinuteMs), In(4 * kHourMs), InDays(1))),
      Step("L2", "network", AssignMode::kPush,
           Each(In(10 * kMinuteMs), In(30 * kMinuteMs), In(4 * kHourMs), In(4 * kHourMs))),
      Step("L3", "engineering", AssignMode::kPush, Each(In(15 * kMinuteMs), InDays(1), InDays(1), InDays(1))),
  };
  functional.enter_at.of(Priority::kP1) = "L2";
  functional.skip_if_empty = Each(true, true, false, false);
  functional.repeat = 1;
  functional.lease = Each<DurationMs>(30 * kMinuteMs, 2 * kHourMs, 0, 0);
  functional.stop_on = {"acknowledged"};
  path.hierarchical.triggers = ManagementTriggers();
  path.hierarchical.stop_on = {"resolved", "deescalated", "acknowledged_on_track"};
  path.catch_all_team = "duty";
  return path;
}

std::vector<CommunicationRule> Plan() {
  CommunicationRule requester;
  requester.id = "requester";
  requester.on = {"opened", "resolved", "closed", "eta_changed"};
  requester.to = {Audience::kRequester};
  requester.channels = {"mail"};
  CommunicationRule team;
  team.id = "team";
  team.on = {"escalated", "breached", "reopened"};
  team.to = {Audience::kOwner, Audience::kManager};
  CommunicationRule stakeholders;
  stakeholders.id = "stakeholders";
  stakeholders.when = FieldIs("priority", {"P1"});
  stakeholders.to = {Audience::kStakeholders};
  stakeholders.cadence = kHourMs;
  return {requester, team, stakeholders};
}

Grant UpTo(std::string decision, int64_t euros) { return {std::move(decision), true, Money{euros * 100, "EUR"}}; }

/// L1 nothing, L2 500 EUR and vendors, L3 5,000, MGR 20,000 and exceptions, EXEC 100,000 and credits; credits and
/// 10,000 EUR or more by two people.
void Authorise(Policy* policy) {
  policy->levels[0].may = {UpTo("spend", 0)};
  policy->levels[1].may = {UpTo("spend", 500), {"vendor", true, {}}};
  policy->levels[2].may = {UpTo("spend", 5'000)};
  policy->levels[3].may = {UpTo("spend", 20'000), {"exception", true, {}}};
  policy->levels[4].may = {UpTo("spend", 100'000), {"credit", true, {}}};
  policy->authority.currency = "EUR";
  policy->authority.rates = {{"USD", 900'000'000}, {"JPY", 6'000'000}};
  policy->authority.four_eyes = {{"credit", {}}, {"spend", Money{1'000'000, "EUR"}}};
}

Person Someone(std::string id, std::vector<std::string> skills = {}, std::string manager = "mia") {
  Person person;
  person.id = id;
  person.name = id;
  person.skills = std::move(skills);
  person.manager = id == "mia" || id == "max" ? "" : std::move(manager);
  person.languages = {"en"};
  person.contacts = {{"mail", id + "@example.org"}};
  return person;
}

Team TeamOf(std::string id, std::vector<std::string> members) {
  Team team;
  team.id = std::move(id);
  team.members = std::move(members);
  return team;
}

}  // namespace

Policy DeskPolicy() {
  using enum Priority;
  Policy policy;
  policy.tenant = "acme";
  policy.id = "desk";
  policy.version = 3;
  policy.calendars["office"] = Cal("UTC", {{"mon", {{"09:00", "17:00"}}},
                                           {"tue", {{"09:00", "17:00"}}},
                                           {"wed", {{"09:00", "17:00"}}},
                                           {"thu", {{"09:00", "17:00"}}},
                                           {"fri", {{"09:00", "17:00"}}}});
  policy.business_calendar = "office";
  policy.matrix = {{{kP1, kP2, kP3}, {kP2, kP3, kP4}, {kP3, kP4, kP4}}};
  for (const char* id : {"L1", "L2", "L3", "MGR", "EXEC"}) policy.levels.emplace_back().id = id;
  Authorise(&policy);
  policy.level_people["MGR"].person = "mia";
  policy.level_people["EXEC"].person = "max";
  policy.clocks = Promises();
  policy.paths = {IncidentPath()};
  policy.pending_reasons = {{"customer", 2 * kDayMs, 10 * kDayMs}, {"vendor", kDayMs, 0}};
  ApprovalRule approval;
  approval.track = Track::kHierarchical;
  approval.level = "EXEC";
  approval.ask_level = "MGR";
  approval.unless = FieldIs("priority", {"P1"});
  policy.approvals = {approval};
  policy.handover.required = {"summary", "next_step"};
  policy.handover.required_to_level["L3"] = {"hypotheses_ruled_out"};
  policy.handover.accept_within = Each(5 * kMinuteMs, 15 * kMinuteMs, 15 * kMinuteMs, 15 * kMinuteMs);
  policy.after.monitoring = Each<DurationMs>(48 * kHourMs, 24 * kHourMs, 0, 0);
  policy.communication = Plan();
  policy.catch_all_team = "duty";
  policy.skills_by_category["network"] = {"bgp"};
  return policy;
}

RosterDocument DeskRoster() {
  RosterDocument roster;
  roster.tenant = "acme";
  roster.id = "acme";
  roster.version = 1;
  roster.people = {
      Someone("ana"), Someone("ben"), Someone("cho", {"bgp"}), Someone("dan"), Someone("eva", {"bgp", "kernel"}),
      Someone("mia"), Someone("max"), Someone("noa")};
  roster.teams = {TeamOf("desk", {"ana", "ben"}), TeamOf("network", {"cho", "dan"}), TeamOf("engineering", {"eva"}),
                  TeamOf("duty", {"mia", "noa"})};
  roster.teams[0].lead = "ben";
  roster.teams[3].catch_all = true;
  roster.vendors = {{"carrier", "Carrier", "", {{"mail", "noc@carrier.example"}}}};
  return roster;
}

double FixedLoad::WorkOf(std::string_view person) const {
  const auto it = work.find(person);
  return it != work.end() ? it->second : 0;
}

InstantMs FixedLoad::IdleSince(std::string_view person) const {
  const auto it = idle.find(person);
  return it != idle.end() ? it->second : 0;
}

World::World() {
  auto built = Roster::Build(DeskRoster());
  EXPECT_TRUE(built.ok());
  roster = built.ok() ? *built : Roster::Empty();
}

Actor World::Human(std::string_view subject) const {
  return {"acme", std::string(subject), {"agent"}, ActorKind::kHuman};
}
Actor World::Manager(std::string_view subject) const {
  return {"acme", std::string(subject), {"manager"}, ActorKind::kHuman};
}
Actor World::Operator() const { return {"acme", "opal", {"operator"}, ActorKind::kHuman}; }
Actor World::Requester() const { return {"acme", "rita", {"requester"}, ActorKind::kHuman}; }
Actor World::Source() const { return {"acme", "servicenow", {"integrator"}, ActorKind::kSource}; }
Actor World::Service() const { return {"acme", "triage", {"service"}, ActorKind::kService}; }

Command World::CommandOf(CommandBody body, const Actor& actor) {
  Command command;
  command.case_id = state ? state->id : CaseId::Make(kMonday10, 7, 0, id_bits);
  command.command_id = "cmd-" + std::to_string(++commands_);
  command.body_hash = commands_;
  command.actor = actor;
  command.body = std::move(body);
  return command;
}

Context World::Around(const Command& command) const {
  Context context{policy, *roster, load, seed, now, openings};
  const auto* migrate = std::get_if<Migrate>(&command.body);
  if (migrate != nullptr && next && migrate->policy == next->name()) context.next_policy = &*next;
  return context;
}

Result<EventBatch> World::Send(const Command& command) {
  auto after = std::make_unique<Case>();
  Result<EventBatch> batch = Decide(state.get(), command, Around(command), after.get());
  if (!batch.ok() || batch->events.empty()) return batch;
  state = std::move(after);
  history.push_back(*batch);
  if (next && state->policy == next->name()) std::swap(policy, *next);
  return batch;
}

Result<EventBatch> World::Do(CommandBody body, const Actor& actor) { return Send(CommandOf(std::move(body), actor)); }

EventBatch World::Must(CommandBody body, const Actor& actor) {
  Result<EventBatch> batch = Do(std::move(body), actor);
  EXPECT_TRUE(batch.ok()) << (batch.ok() ? "" : batch.error().message);
  return batch.ok() ? *batch : EventBatch{};
}

OpenCase World::Incident(Grade impact, Grade urgency) {
  OpenCase open;
  open.facts.kind = "incident";
  open.facts.title = "The shop is slow";
  open.facts.source = "servicenow";
  open.facts.impact = impact;
  open.facts.urgency = urgency;
  open.facts.requester.subject = "rita";
  open.dedup_key = "shop-slow";
  open.idempotency_key = "inc-1";
  return open;
}

EventBatch World::Open(OpenCase open) { return Must(std::move(open), Source()); }

RecordTriage World::Advice(Priority priority) const {
  RecordTriage advice;
  advice.priority = priority;
  advice.judged_version = state->version;
  advice.trace = {{"model", "advised", {}}};
  return advice;
}

void World::OpenAt(Priority priority) {
  Open(Incident());
  Must(Advice(priority), Service());
}

bool World::FireNext() {
  const InstantMs due_at = state->next_due_at();
  if (due_at == kNever) return false;
  now = std::max(now, due_at);
  for (const ClockRun& run : state->clocks) {
    if (run.next_alarm_at() != due_at) continue;
    const std::string name = run.name;
    const Result<EventBatch> batch = Due(name);
    EXPECT_TRUE(batch.ok()) << name << ": " << (batch.ok() ? "" : batch.error().message);
    EXPECT_FALSE(batch.ok() && batch->events.empty()) << name << " was due and did nothing";
    return batch.ok() && !batch->events.empty();
  }
  return false;
}

void World::RunUntil(InstantMs at) {
  for (int fired = 0; state->next_due_at() <= at; ++fired) {
    ASSERT_LT(fired, 10000) << "clocks without end";
    if (!FireNext()) break;
  }
  now = std::max(now, at);
}

Result<EventBatch> World::Due(const std::string& clock) {
  const ClockRun* run = state->clock(clock);
  Actor timer{"acme", "sla-timer", {"service"}, ActorKind::kClock};
  return Do(ClockDue{clock, run != nullptr ? run->generation : 1}, timer);
}

std::vector<std::string> World::Pages() const {
  std::vector<std::string> pages;
  for (const NotifyIntended& intent : All<NotifyIntended>()) {
    if (intent.purpose != IntentPurpose::kPage) continue;
    std::string to = intent.people.empty() ? "team:" + intent.team : "";
    for (const std::string& person : intent.people) to += (to.empty() ? "" : "+") + person;
    pages.push_back(to);
  }
  return pages;
}

std::vector<std::string> World::Kinds(const EventBatch& batch) const {
  std::vector<std::string> kinds;
  for (const Event& event : batch.events) kinds.emplace_back(KindName(KindOf(event)));
  return kinds;
}

ClockRule& RuleOf(Policy& policy, std::string_view name) {
  for (ClockRule& rule : policy.clocks) {
    if (rule.name == name) return rule;
  }
  ADD_FAILURE() << "no clock " << name;
  return policy.clocks.front();
}

}  // namespace escalon::test

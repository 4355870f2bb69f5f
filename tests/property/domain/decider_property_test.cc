#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

#include "common/domain/state_size.h"
#include "tests/property/domain/random_commands.h"

// Random histories of one case, with clocks that fire in time or late, against the invariants of DESIGN §5.

namespace escalon {
namespace {

using test::Dice;
using test::World;

constexpr uint64_t kHistories = 600;
constexpr int kSteps = 70;

bool Fires(const Case& c, std::string_view name) {
  const ClockRun* run = c.clock(name);
  return run != nullptr && (run->next_alarm_at() != kNever || (run->paused() && c.snoozed_until != 0));
}

/// Invariant 7.
std::string WithoutAWayOn(const Case& c) {
  if (IsOpen(c.state) && c.state != CaseState::kPending) {
    const bool step = Fires(c, "step.functional") || Fires(c, "step.hierarchical") || Fires(c, "triage");
    if (c.owner.person.empty() && !step) return "open, without a person and without a step that leads to one";
    if (c.state != CaseState::kNew && c.acknowledged_by.empty() && !step)
      return "open, unacknowledged, and nothing climbs";
  }
  if (c.state == CaseState::kPending && !Fires(c, "follow_up")) return "pending without a follow-up";
  if (c.snoozed_until != 0 && !Fires(c, "snooze")) return "snoozed for ever";
  const bool rests = c.state == CaseState::kResolved || c.state == CaseState::kMonitoring;
  const MajorRecord* major = c.open_major();
  if (major != nullptr && c.state != CaseState::kMonitoring && !Fires(c, "major.update"))
    return "a major escalation that nobody has to look at again";
  if (major != nullptr && major->PersonOf(MajorPart::kManager).empty() && !Fires(c, "major.manager"))
    return "a major escalation without a manager and without a step to one";
  if (rests && major == nullptr && !Fires(c, "monitoring") && !Fires(c, "confirmation"))
    return "resolved, and nothing closes it";
  if (IsEnded(c.state) && !c.retired && !Fires(c, "retention")) return "ended, and never forgotten";
  for (const OpenDecision& open : c.decision_requests) {
    if (!Fires(c, "decision." + open.request.id)) return "a decision is waited for without a clock";
  }
  if (!c.handovers.empty() && c.clock("handover") == nullptr && c.clock("handover_debt") == nullptr &&
      !c.handovers.front().offer.emergency) {
    return "a handover without a clock";
  }
  return {};
}

bool IsPromiseName(const Policy& policy, const std::string& name) {
  return name.starts_with("level.") || std::any_of(policy.clocks.begin(), policy.clocks.end(),
                                                   [&](const ClockRule& rule) { return rule.name == name; });
}

/// Amounts of a kind never exceed what somebody may, and nobody is both of two.
std::string BeyondAuthority(const World& w, const EventBatch& batch) {
  for (const Event& event : batch.events) {
    const auto* taken = std::get_if<DecisionTaken>(&event);
    if (taken == nullptr) continue;
    if (taken->person == taken->first_person || taken->person == taken->requested_by) return "decided alone, of two";
    int64_t cents = 0;
    for (const TakenDecision& one : w.c().decisions) {
      if (one.decision == "spend") cents += one.amount.minor;
    }
    const int level = w.policy.level_index(taken->level);
    if (level < 0) return "decided by no level";
    const Grant* grant = nullptr;
    for (int i = level; i >= 0 && grant == nullptr; --i) {
      for (const Grant& one : w.policy.levels[static_cast<size_t>(i)].may) {
        if (one.decision == taken->decision) grant = &one;
      }
    }
    if (grant == nullptr || !grant->allowed) return taken->level + " may not decide on " + taken->decision;
    if (taken->decision == "spend" && cents > grant->most.minor) return "more was spent than " + taken->level + " may";
    const bool two = taken->decision == "credit" || (taken->decision == "spend" && cents >= 1'000'000);
    if (two && taken->first_person.empty()) return "one person decided what needs two";
  }
  return {};
}

std::string StuckWait(const World& w) {
  for (const ClockRun& run : w.c().clocks) {
    if (!run.paused() && run.alarms.empty() && !IsPromiseName(w.policy, run.name))
      return run.name + " has fired and stays";
    if (!std::is_sorted(run.alarms.begin(), run.alarms.end())) return run.name + ": alarms out of order";
  }
  return {};
}

/// Invariant 4, over the whole history of a case.
class ClockLedger {
 public:
  std::string Take(const EventBatch& batch) {
    told_when_ = batch.occurred_at;
    for (const Event& event : batch.events) {
      std::string fault = std::visit([&](const auto& e) { return On(e, batch.at); }, event);
      if (!fault.empty()) return fault;
    }
    return {};
  }

 private:
  template <typename E>
  std::string On(const E&, InstantMs) {
    return {};
  }
  std::string On(const ClockArmed& e, InstantMs) {
    const auto [it, fresh] = last_.emplace(e.clock.name, e.clock.generation);
    if (!fresh && e.clock.generation <= it->second) return e.clock.name + ": the generation does not grow";
    it->second = e.clock.generation;
    runs_[{e.clock.name, e.clock.generation}] = e.clock;
    return {};
  }
  std::string On(const ClockFired& e, InstantMs at) {
    if (e.alarm.at > at) return e.name + ": fired early";
    if (!fired_.emplace(e.name, e.generation, e.alarm.kind, e.alarm.place, e.alarm.trigger).second)
      return e.name + ": fired twice";
    return {};
  }
  std::string On(const Breached& e, InstantMs at) {
    if (at <= e.due_at) return e.name + ": broken although in time";
    if (!broken_.emplace(e.name, e.generation).second) return e.name + ": broken twice in a generation";
    return {};
  }
  std::string On(const ClockPaused& e, InstantMs) {
    paused_.insert({e.name, e.generation});
    return {};
  }
  std::string On(const ClockResumed& e, InstantMs) {
    runs_[{e.name, e.generation}].due_at = e.due_at;
    paused_.erase({e.name, e.generation});
    return {};
  }
  std::string On(const ClockStopped& e, InstantMs at) {
    const ClockRun& run = runs_[{e.name, e.generation}];
    const bool has_breach =
        std::any_of(run.alarms.begin(), run.alarms.end(), [](const Alarm& a) { return a.kind == AlarmKind::kBreach; });
    const bool told_in_time = told_when_ != 0 && told_when_ <= run.due_at;
    if (told_in_time || !has_breach || paused_.contains({e.name, e.generation})) return {};
    if (at > run.due_at && !broken_.contains({e.name, e.generation})) return e.name + ": stopped late and never broken";
    return {};
  }

  InstantMs told_when_ = 0;  ///< the stop lay earlier, as its source says
  std::map<std::string, uint32_t> last_;
  std::map<std::pair<std::string, uint32_t>, ClockRun> runs_;
  std::set<std::tuple<std::string, uint32_t, AlarmKind, WarningRule, std::string>> fired_;
  std::set<std::pair<std::string, uint32_t>> broken_, paused_;
};

/// A major escalation is closed by its manager or deputy alone, after the customer's word, monitoring and consent.
std::string ClosedWithoutConsent(const Case& before, const Case& after, const EventBatch& batch) {
  const MajorRecord* record = before.open_major();
  if (record == nullptr || after.state != CaseState::kClosed) return {};
  if (batch.actor.kind != ActorKind::kHuman || !record->Leads(batch.actor.subject)) return "closed by somebody else";
  if (!before.confirmed || !before.monitoring_over || !record->consented)
    return "closed without the customer's consent";
  return {};
}

bool IsDecision(const Event& event) {
  return std::holds_alternative<Triaged>(event) || std::holds_alternative<Escalated>(event) ||
         std::holds_alternative<Breached>(event) || std::holds_alternative<Reopened>(event) ||
         std::holds_alternative<Closed>(event) || std::holds_alternative<HandoverExpired>(event) ||
         std::holds_alternative<ApprovalDecided>(event) || std::holds_alternative<Retired>(event) ||
         std::holds_alternative<Resumed>(event) || std::holds_alternative<DecisionRequested>(event);
}

/// Invariant 9.
std::string Untraced(const EventBatch& batch) {
  size_t bytes = 0;
  for (const TraceLine& line : batch.trace) {
    bytes += line.rule.size() + line.outcome.size();
    for (const auto& [field, value] : line.saw) bytes += field.size() + value.size();
  }
  if (bytes > 4096) return "the trace is longer than 4 KB";
  const bool automatic = batch.actor.kind == ActorKind::kClock || batch.actor.kind == ActorKind::kService;
  const bool decides = std::any_of(batch.events.begin(), batch.events.end(), IsDecision);
  return automatic && decides && batch.trace.empty() ? "an automatic decision without a trace" : "";
}

std::string Differs(const Case& a, const Case& b) {
  if (a.version != b.version || a.last_at != b.last_at || a.state != b.state || a.priority != b.priority) return "head";
  if (!(a.functional == b.functional) || !(a.hierarchical == b.hierarchical) || !(a.owner == b.owner)) return "tracks";
  if (a.clocks != b.clocks || a.generations != b.generations || a.breaches != b.breaches) return "clocks";
  if (a.pauses != b.pauses || a.pause_reasons != b.pause_reasons || !(a.pending == b.pending)) return "pauses";
  if (a.handovers != b.handovers || a.approvals != b.approvals || a.consultations != b.consultations) return "requests";
  if (a.decision_requests != b.decision_requests || a.decisions != b.decisions) return "decisions";
  if (a.visits != b.visits || a.milestones != b.milestones) return "visits";
  if (a.majors != b.majors) return "the major escalation";
  if (a.intents != b.intents || a.cross_case != b.cross_case || a.links != b.links || a.commands != b.commands)
    return "lists";
  if (*a.facts != *b.facts || a.gave_up != b.gave_up || a.acknowledged_by != b.acknowledged_by) return "facts";
  if (a.escalations != b.escalations || a.reassignments != b.reassignments || a.reopens != b.reopens) return "counts";
  return {};
}

class History {
 public:
  explicit History(uint64_t seed) : dice_(seed) {
    test::Vary(dice_, w_);
    w_.seed = seed;
    test::Dice majors(seed + 0x3a10);  // of its own, so that the other histories stay as they were
    if (majors.Chance(40)) test::AddMajor(majors, w_);
    test::Dice versions(seed + 0x90b1);
    if (versions.Chance(35)) test::PlanNext(versions, w_);
  }

  void Run() {
    OpenCase open = World::Incident(static_cast<Grade>(dice_.Roll(4)), static_cast<Grade>(dice_.Roll(4)));
    test::Dice others(w_.seed + 0x1a9e);  // of its own, so that the other histories stay as they were
    if (others.Chance(15)) open = test::AnyImport(others, w_);
    if (others.Chance(25)) {
      if (others.Chance(60)) test::MakeStormy(others, w_);
      if (others.Chance(50)) test::MakeMaintained(others, w_);
      open.facts.service = "mail";
    }
    const bool imported = open.imported;
    Send(std::move(open), w_.Source());
    if (testing::Test::HasFailure()) return;
    ASSERT_FALSE(w_.history.empty()) << "a sound opening was refused";
    if (imported) {
      ASSERT_TRUE(w_.All<NotifyIntended>().empty()) << "an import tells somebody" << Tail();
    }
    for (int i = 0; i < kSteps && !testing::Test::HasFailure(); ++i) {
      if (dice_.Chance(35)) {
        Wait();
      } else {
        test::Wish wish = test::AnyWish(dice_, w_);
        Send(std::move(wish.body), wish.actor);
      }
    }
    if (testing::Test::HasFailure()) return;
    CheckReplay();
  }

  int accepted() const { return accepted_; }
  const std::set<uint32_t>& commands() const { return commands_; }
  const World& world() const { return w_; }

 private:
  void Wait() {
    static const std::vector<DurationMs> kSpans = {0,       kSecondMs,   kMinuteMs, 6 * kMinuteMs, 20 * kMinuteMs,
                                                   kHourMs, 5 * kHourMs, kDayMs,    4 * kDayMs};
    const InstantMs until = w_.now + dice_.Of(kSpans);
    const bool late = dice_.Chance(30);  // everything at once when the time is over
    if (late) w_.now = until;
    for (int fired = 0; w_.c().next_due_at() <= until && fired < 200; ++fired) {
      w_.now = std::max(w_.now, w_.c().next_due_at());
      const uint64_t before = w_.c().version;
      for (const ClockRun& run : w_.c().clocks) {
        if (run.next_alarm_at() > w_.now) continue;
        Actor timer{"acme", "sla-timer", {"service"}, ActorKind::kClock};
        Send(ClockDue{run.name, run.generation}, timer);
        break;
      }
      ASSERT_GT(w_.c().version, before) << "a clock is due and does nothing";
    }
    w_.now = std::max(w_.now, until);
  }

  void Send(CommandBody body, const Actor& actor) {
    Command command = w_.CommandOf(std::move(body), actor);
    if (dice_.Chance(15)) command.occurred_at = w_.now - dice_.Roll(10) * kMinuteMs;
    const Context context = w_.Around(command);
    const auto once = Decide(w_.state.get(), command, context);
    const auto twice = Decide(w_.state.get(), command, context);
    ASSERT_EQ(once.ok(), twice.ok());
    if (once.ok()) {
      ASSERT_TRUE(*once == *twice) << "two decisions on the same differ";
    }
    const Case before = w_.state ? *w_.state : Case();
    const auto batch = w_.Send(command);
    if (!batch.ok()) {
      ASSERT_FALSE(batch.error().message.empty());
      ASSERT_NE(batch.error().code, ErrorCode::kInternal);
      return;
    }
    if (batch->events.empty()) return;
    ++accepted_;
    commands_.insert(KindOf(command.body));
    const std::string where = std::string(CommandName(KindOf(command.body))) + " by " + actor.subject + " at v" +
                              std::to_string(w_.c().version);
    ASSERT_EQ(WithoutAWayOn(w_.c()), "") << where << Tail();
    ASSERT_EQ(StuckWait(w_), "") << where << Tail();
    ASSERT_EQ(Untraced(*batch), "") << where << Tail();
    ASSERT_EQ(BeyondAuthority(w_, *batch), "") << where << Tail();
    ASSERT_EQ(ClosedWithoutConsent(before, w_.c(), *batch), "") << where << Tail();
    ASSERT_EQ(ledger_.Take(*batch), "") << where << Tail();
    ASSERT_LE(StateBytes(w_.c()), kMostStateBytes) << where;
  }

  std::string Tail() const {
    std::string text;
    const size_t from = w_.history.size() > 6 ? w_.history.size() - 6 : 0;
    for (size_t i = from; i < w_.history.size(); ++i) {
      text += "\n  " + FormatInstant(w_.history[i].at) + " " + w_.history[i].actor.subject + ":";
      for (const std::string& kind : w_.Kinds(w_.history[i])) text += " " + kind;
    }
    return text + "\n  state " + std::string(Name(w_.c().state));
  }

  void CheckReplay() {
    Case replayed;
    replayed.id = w_.c().id;
    replayed.tenant = w_.c().tenant;
    for (const EventBatch& batch : w_.history) Evolve(replayed, batch);
    ASSERT_EQ(Differs(replayed, w_.c()), "");
  }

  Dice dice_;
  World w_;
  ClockLedger ledger_;
  int accepted_ = 0;
  std::set<uint32_t> commands_;
};

TEST(DeciderProperty, RandomHistoriesHoldTheInvariants) {
  int accepted = 0;
  std::map<CaseState, int> ends;
  std::set<uint32_t> commands, events;
  for (uint64_t seed = 1; seed <= kHistories; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history(seed);
    history.Run();
    if (HasFailure()) return;
    accepted += history.accepted();
    ++ends[history.world().c().state];
    commands.insert(history.commands().begin(), history.commands().end());
    for (const EventBatch& batch : history.world().history) {
      for (const Event& event : batch.events) events.insert(KindOf(event));
    }
  }
  // Otherwise the wishes are so poor that little is tried.
  EXPECT_GT(accepted, static_cast<int>(kHistories) * 15);
  EXPECT_GE(ends.size(), 6u);
  for (uint32_t kind = 1; kind <= std::variant_size_v<CommandBody>; ++kind) {
    EXPECT_TRUE(commands.contains(kind)) << CommandName(kind) << " was never accepted";
  }
  for (uint32_t kind = 1; kind <= kEventKinds; ++kind)
    EXPECT_TRUE(events.contains(kind)) << KindName(kind) << " never happened";
}

}  // namespace
}  // namespace escalon

#include "common/simulation/virtual_desk.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <queue>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "common/domain/recent_openings.h"
#include "common/simulation/work_ledger.h"

namespace escalon::simulation {
namespace {

constexpr std::string_view kUnnamed = "somebody";

/// A case with what is still to be done on it.
struct Seat {
  std::unique_ptr<VirtualCase> c;
  size_t next_deed = 0;
  std::string owner;  ///< whose work it counts as
  std::shared_ptr<const Facts> facts;
  uint64_t ticket = 0;  ///< of its turn; earlier ones are void
};

/// What one case owes to another (protocol.md rule 17).
struct Duty {
  uint32_t from;
  OpenCrossCase open;
};

/// When a case is looked at next. The earlier comes first, of equal ones the case opened first.
struct Turn {
  InstantMs at;
  uint32_t index;
  uint64_t ticket;
  bool operator<(const Turn& other) const { return std::tie(other.at, other.index) < std::tie(at, index); }
};

class Desk {
 public:
  Desk(const Policy& policy, const Roster& roster, uint64_t seed, const std::vector<HistoricCase>& history,
       const VirtualDesk::Listener& listener)
      : roster_(roster),
        history_(history),
        listener_(listener),
        world_{policy, roster, ledger_, seed, policy.storms ? &openings_ : nullptr} {}

  DeskRun Run(InstantMs until) {
    seats_.resize(history_.size());
    std::vector<uint32_t> order(history_.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [this](uint32_t a, uint32_t b) { return history_[a].opened_at < history_[b].opened_at; });
    if (world_.openings != nullptr || LoadPlaysAPart()) {
      SideBySide(order, until);
    } else {
      OneByOne(order, until);
    }
    return std::move(run_);
  }

 private:
  /// Whether anything is decided by the work that people have: who is chosen of several, and who has no room left.
  bool LoadPlaysAPart() const {
    for (const Person& person : roster_.document().people) {
      if (person.capacity > 0) return true;
    }
    for (const Path& path : world_.policy.paths) {
      for (const PathTrack* track : {&path.functional, &path.hierarchical}) {
        for (const PathStep& step : track->steps) {
          if (step.assign == AssignMode::kPush) return true;
        }
        for (const Trigger& trigger : track->triggers) {
          if (trigger.owns) return true;
        }
      }
    }
    return std::any_of(history_.begin(), history_.end(), [](const HistoricCase& past) {
      return std::any_of(past.deeds.begin(), past.deeds.end(), [](const Deed& deed) {
        return deed.kind == DeedKind::kEscalate || deed.kind == DeedKind::kDeEscalate;
      });
    });
  }

  /// In the order of instants over all cases. A case costs a seat only while it is there.
  void SideBySide(const std::vector<uint32_t>& order, InstantMs until) {
    size_t next = 0;
    while (next < order.size() || !turns_.empty()) {
      const InstantMs opens = next < order.size() ? history_[order[next]].opened_at : kNever;
      if (!turns_.empty() && turns_.top().at <= opens) {
        const Turn turn = turns_.top();
        if (turn.at > until) break;
        turns_.pop();
        Step(turn, std::min(until, opens));
      } else {
        if (opens > until) break;
        Open(order[next++]);
      }
    }
    for (uint32_t index = 0; index < seats_.size(); ++index) Leave(index);
  }

  /// The same to everybody, and twice as fast: a case stays in the processor's cache.
  void OneByOne(const std::vector<uint32_t>& order, InstantMs until) {
    for (const uint32_t index : order) {
      if (history_[index].opened_at > until) return;
      Open(index);
      while (!turns_.empty()) {
        const Turn turn = turns_.top();
        turns_.pop();
        if (turn.at <= until) Step(turn, until);
      }
      Leave(index);
    }
  }

  void Leave(uint32_t index) {
    Seat& seat = seats_[index];
    if (seat.c == nullptr) return;
    if (!IsEnded(seat.c->now_is().state)) ++run_.still_open;
    seat.c.reset();
  }

  void Open(uint32_t index) {
    const HistoricCase& past = history_[index];
    Seat& seat = seats_[index];
    seat.c = std::make_unique<VirtualCase>(world_, index + 1);
    seat.c->Listen([this, index](const Case& after, const EventBatch& batch) { Hear(index, after, batch); });
    OpenCase open;
    open.facts = past.facts;
    ++run_.cases;
    if (const Status opened = seat.c->OpenAt(past.opened_at, std::move(open)); !opened.ok()) {
      if (!seat.c->opened()) {
        ++run_.unopened;
        seat.c.reset();
        return;
      }
    }
    CarryDuties(index, past.opened_at);
    Queue(index);
  }

  void Hear(uint32_t index, const Case& after, const EventBatch& batch) {
    ++run_.decisions;
    if (world_.openings != nullptr) HearOfOthers(index, after);
    const std::string& owner = IsOpen(after.state) ? after.owner.person : nobody_;
    if (owner != seats_[index].owner) {
      ledger_.Move(seats_[index].owner, owner, batch.at);
      seats_[index].owner = owner;
    }
    listener_(index, after, batch);
  }

  void HearOfOthers(uint32_t index, const Case& after) {
    Seat& seat = seats_[index];
    openings_.Changed(seat.facts.get(), after);
    if (seat.facts == nullptr) by_id_.emplace(after.id, index);
    seat.facts = after.facts;
    for (const OpenCrossCase& open : after.cross_case) {
      if (open.version == after.version) duties_.push_back({index, open});
    }
  }

  /// What was taken on at this instant, and what follows from it. `acting` is queued by whoever lets it act.
  void CarryDuties(uint32_t acting, InstantMs at) {
    if (duties_.empty()) return;
    const Actor routing = ServiceOf(world_.policy.tenant, "routing");
    std::vector<uint32_t> asked;
    for (; !duties_.empty(); duties_.pop_front()) {
      const Duty duty = duties_.front();
      const CrossCaseIntended& intent = duty.open.intent;
      VirtualCase& from = *seats_[duty.from].c;
      std::string refusal = "the case has ended";
      const auto other = by_id_.find(intent.other);
      if (other != by_id_.end() && seats_[other->second].c != nullptr) {
        const AbsorbCrossCase ask{from.now_is().id, intent.action, intent.relation};
        const Result<OutcomeKind> done = seats_[other->second].c->ApplyAt(at, ask, routing);
        refusal = done.ok() ? std::string() : done.error().message;
        asked.push_back(other->second);
      }
      (void)from.ApplyAt(at, RecordCrossCase{duty.open.version, intent.index, !refusal.empty(), refusal}, routing);
    }
    for (const uint32_t index : asked) {
      if (index != acting && seats_[index].c != nullptr) Queue(index);
    }
  }

  InstantMs NextAt(uint32_t index) const {
    const Seat& seat = seats_[index];
    const std::vector<Deed>& deeds = history_[index].deeds;
    const InstantMs deed = seat.next_deed < deeds.size() ? deeds[seat.next_deed].at : kNever;
    const InstantMs due = IsEnded(seat.c->now_is().state) ? kNever : seat.c->next_due_at();
    return std::min(deed, due);
  }

  void Queue(uint32_t index) {
    const InstantMs at = NextAt(index);
    if (at == kNever) {
      if (IsEnded(seats_[index].c->now_is().state)) seats_[index].c.reset();
      return;
    }
    turns_.push({std::max(at, seats_[index].c->now()), index, ++seats_[index].ticket});
  }

  void Step(const Turn& turn, InstantMs until) {
    Seat& seat = seats_[turn.index];
    if (seat.c == nullptr || turn.ticket != seat.ticket) return;
    const std::vector<Deed>& deeds = history_[turn.index].deeds;
    // While nobody else is due.
    for (InstantMs at = turn.at; at <= until; at = NextAt(turn.index)) {
      if (!turns_.empty() && turns_.top().at < at) break;
      if (seat.next_deed < deeds.size() && deeds[seat.next_deed].at <= at) {
        Do(*seat.c, deeds[seat.next_deed], history_[turn.index]);
        ++seat.next_deed;
      } else {
        ++run_.alarms;
        if (!seat.c->RunUntil(at).ok()) {
          ++run_.endless;
          return;
        }
      }
      CarryDuties(turn.index, at);
    }
    Queue(turn.index);
  }

  /// Whom the history names, if they are there; else somebody of whoever was told.
  std::string SomebodyOf(const Case& c, const std::string& named, InstantMs at) const {
    if (!named.empty() && roster_.IsPresent(named, at)) return named;
    for (const std::string& person : c.functional.people) {
      if (roster_.IsPresent(person, at)) return person;
    }
    if (!c.owner.person.empty()) return c.owner.person;
    for (const std::string* team : {&c.functional.team, &c.owner.team}) {
      for (const escalon::Person* member : roster_.PeopleOf(*team)) {
        if (roster_.IsPresent(member->id, at)) return member->id;
      }
    }
    return std::string(kUnnamed);
  }

  void Do(VirtualCase& c, const Deed& deed, const HistoricCase& past) {
    DeedCount& count = run_.deeds[static_cast<size_t>(deed.kind)];
    const Case& now_is = c.now_is();
    if (IsSo(now_is, deed)) {
      ++count.needless;
      return;
    }
    if (deed.kind == DeedKind::kAssign && !Knows(deed)) {
      ++count.unknown;
      return;
    }
    const std::string& tenant = world_.policy.tenant;
    Actor actor;
    if (deed.kind == DeedKind::kMessage || deed.kind == DeedKind::kConfirm || deed.kind == DeedKind::kRate) {
      actor = RequesterOf(tenant, past.facts.requester.subject);
    } else if (deed.kind == DeedKind::kClose) {
      actor = SourceOf(tenant, past.facts.source);
    } else {
      actor = ManagerOf(tenant, SomebodyOf(now_is, deed.person, deed.at));
    }
    const Result<OutcomeKind> outcome = c.ApplyAt(deed.at, CommandOf(deed), actor);
    if (!outcome.ok()) {
      ++count.refused;
      if (count.first_refusal.empty()) count.first_refusal = past.facts.external_ref + ": " + outcome.error().message;
    } else if (*outcome == OutcomeKind::kUnchanged) {
      ++count.needless;
    } else {
      ++count.done;
    }
  }

  bool Knows(const Deed& deed) const {
    return roster_.team(deed.team) != nullptr || roster_.person(deed.person) != nullptr;
  }

  static bool IsSo(const Case& c, const Deed& deed) {
    switch (deed.kind) {
      case DeedKind::kAcknowledge:
        return !c.acknowledged_by.empty();
      case DeedKind::kResume:
        return c.state != CaseState::kPending;
      case DeedKind::kPause:
        return c.state == CaseState::kPending && c.pending.reason == deed.text;
      case DeedKind::kResolve:
        return !IsOpen(c.state);
      case DeedKind::kReopen:
        return IsOpen(c.state);
      case DeedKind::kClose:
      case DeedKind::kCancel:
        return IsEnded(c.state);
      default:
        return false;
    }
  }

  CommandBody CommandOf(const Deed& deed) const {
    switch (deed.kind) {
      case DeedKind::kAcknowledge:
        return Acknowledge{Track::kFunctional, "history", ""};
      case DeedKind::kStartWork:
        return StartWork{};
      case DeedKind::kAssign:
        return Assign{roster_.team(deed.team) != nullptr ? deed.team : std::string(),
                      roster_.person(deed.person) != nullptr ? deed.person : std::string(), "as in the history"};
      case DeedKind::kPause:
        return Pause{deed.text, 0, ""};
      case DeedKind::kResume:
        return Resume{"as in the history"};
      case DeedKind::kReply:
        return AddNote{Visibility::kPublic, "reply", false};
      case DeedKind::kNote:
        return AddNote{Visibility::kInternal, "note", false};
      case DeedKind::kMessage:
        return AddNote{Visibility::kPublic, "message", true};
      case DeedKind::kAttempt:
        return LogAttempt{"as in the history", false};
      case DeedKind::kEscalate:
        return Escalate{Track::kFunctional, deed.text, EscalationReason::kManual, "as in the history", false};
      case DeedKind::kDeEscalate:
        return DeEscalate{Track::kFunctional, deed.text, "as in the history", 0};
      case DeedKind::kFacts:
        return FactsOf(deed);
      case DeedKind::kPriority:
        return SetPriority{deed.priority, false, "as in the history"};
      case DeedKind::kResolve:
        return Resolve{ResolutionCause::kFixed, ""};
      case DeedKind::kConfirm:
        return ConfirmResolution{};
      case DeedKind::kReopen:
        return Reopen{"as in the history"};
      case DeedKind::kClose:
        return SourceEnded{false, "closed in the history"};
      case DeedKind::kCancel:
        return Cancel{CancelCause::kWithdrawn, {}, "as in the history"};
      case DeedKind::kRate:
        return Rate{"resolution", "", deed.score, ""};
    }
    return StartWork{};
  }

  static CommandBody FactsOf(const Deed& deed) {
    ChangeFacts change;
    change.facts.impact = deed.impact;
    change.facts.urgency = deed.urgency;
    change.facts.category = deed.text;
    change.fields = {"impact", "urgency", "category"};
    return change;
  }

  const Roster& roster_;
  const std::vector<HistoricCase>& history_;
  const VirtualDesk::Listener& listener_;
  WorkLedger ledger_;
  RecentOpenings openings_;
  const VirtualWorld world_;
  std::vector<Seat> seats_;
  std::priority_queue<Turn> turns_;
  std::unordered_map<CaseId, uint32_t> by_id_;  ///< where the policy has storms
  std::deque<Duty> duties_;
  DeskRun run_;
  const std::string nobody_;
};

}  // namespace

DeskRun VirtualDesk::Run(const std::vector<HistoricCase>& history, InstantMs until, const Listener& listener) const {
  return Desk(policy_, roster_, seed_, history, listener).Run(until == kNever ? EndOf(history) : until);
}

InstantMs EndOf(const std::vector<HistoricCase>& history) {
  InstantMs end = 0;
  for (const HistoricCase& one : history) {
    end = std::max(end, one.opened_at);
    if (!one.deeds.empty()) end = std::max(end, one.deeds.back().at);
  }
  return end;
}

}  // namespace escalon::simulation

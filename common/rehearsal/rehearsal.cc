#include "common/rehearsal/rehearsal.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/rehearsal/acts.h"
#include "common/rehearsal/expectation.h"
#include "common/simulation/virtual_case.h"

namespace escalon::rehearsal {
namespace {

using simulation::VirtualCase;
using simulation::VirtualWorld;

constexpr size_t kLongestTitle = 200;
/// A test is an example, no load: a path that repeats every minute for a year is stopped here.
constexpr size_t kMostHappenings = 20'000;

/// One test on its way through virtual time.
class Rehearsal {
 public:
  Rehearsal(const VirtualWorld& world, const PolicyTest& test, uint64_t number)
      : world_(world), test_(test), case_(world, number), until_(test.opened_at + test.watched) {
    case_.Listen([this](const Case& after, const EventBatch& batch) {
      simulation::AddHappenings(after, batch, &outcome_.happened);
      for (const ClockRun& clock : after.clocks) due_[clock.name] = clock.paused() ? kNever : clock.due_at;
    });
  }

  Outcome Run() {
    outcome_.name = test_.name;
    outcome_.place = test_.place;
    outcome_.line = test_.line;
    outcome_.opened_at = test_.opened_at;
    if (const Status opened = Open(); !opened.ok()) {
      Missed(test_.place, test_.line, "the case opens", opened.error().message);
      return std::move(outcome_);
    }
    Play();
    const Seen seen{test_.opened_at, until_, outcome_.happened, due_, world_.roster};
    for (const TestExpectation& e : test_.expected) {
      if (IsAboutTheState(e.what)) continue;
      if (std::optional<Miss> miss = JudgeHappenings(e, seen)) outcome_.misses.push_back(std::move(*miss));
    }
    std::stable_sort(outcome_.misses.begin(), outcome_.misses.end(),
                     [](const Miss& a, const Miss& b) { return a.line < b.line; });
    return std::move(outcome_);
  }

 private:
  Status Open() {
    OpenCase open;
    open.facts = test_.facts;
    open.imported = test_.imported;
    if (open.facts.title.empty()) open.facts.title = test_.name.substr(0, kLongestTitle);
    if (open.facts.requester.subject.empty() && !open.facts.proactive) open.facts.requester.subject = kRequester;
    return case_.OpenAt(test_.opened_at, std::move(open));
  }

  /// Acts and looks at the state, in order of time; at one instant the acts come first.
  void Play() {
    // Who names no moment means how it stands after all that was done.
    const InstantMs settled = test_.opened_at + (test_.acts.empty() ? 0 : test_.acts.back().after);
    std::vector<const TestExpectation*> looks;
    for (const TestExpectation& e : test_.expected) {
      if (IsAboutTheState(e.what)) looks.push_back(&e);
    }
    std::stable_sort(looks.begin(), looks.end(), [settled](const TestExpectation* a, const TestExpectation* b) {
      return LooksAt(*a, settled) < LooksAt(*b, settled);
    });
    auto act = test_.acts.begin();
    for (const TestExpectation* look : looks) {
      const InstantMs at = LooksAt(*look, settled);
      for (; act != test_.acts.end() && test_.opened_at + act->after <= at; ++act) Do(*act);
      GoOnUntil(at);
      if (std::optional<Miss> miss = JudgeState(*look, case_.now_is(), test_.opened_at)) {
        outcome_.misses.push_back(std::move(*miss));
      }
    }
    for (; act != test_.acts.end(); ++act) Do(*act);
    GoOnUntil(until_);
  }

  void GoOnUntil(InstantMs at) {
    for (InstantMs next = std::min(at, case_.now() + kDayMs); !stuck_; next = std::min(at, next + kDayMs)) {
      const Status run = case_.RunUntil(next);
      if (!run.ok()) Stuck(run.error().message);
      if (outcome_.happened.size() > kMostHappenings) {
        Stuck("more than " + std::to_string(kMostHappenings) + " things happened until " + FormatInstant(next) +
              "; watch a shorter time with `watch`");
      }
      if (next >= at) return;
    }
  }

  void Stuck(const std::string& why) {
    stuck_ = true;
    Missed(test_.place, test_.line, "the case goes on", why);
  }

  void Do(const TestAct& act) {
    const InstantMs at = test_.opened_at + act.after;
    // What was due before happens first, so that the actor is chosen as the case stands then.
    GoOnUntil(at - 1);
    const Result<Actor> actor = ActorFor(act.by, world_, case_.now_is(), at);
    if (!actor) {
      Missed(act.at, act.line, "the act is done", actor.error().message);
      return;
    }
    const Result<OutcomeKind> done = case_.ApplyAt(at, act.body, *actor);
    if (done.ok() != act.refused) return;
    const std::string what = std::string(CommandName(KindOf(act.body))) + " by " + actor->subject;
    Missed(act.at, act.line, what + (act.refused ? " is refused" : " is accepted"),
           act.refused ? "it was accepted" : "refused: " + done.error().message);
  }

  void Missed(const std::string& place, int line, std::string expected, std::string happened) {
    outcome_.misses.push_back({place, line, std::move(expected), std::move(happened)});
  }

  const VirtualWorld& world_;
  const PolicyTest& test_;
  VirtualCase case_;
  const InstantMs until_;
  std::map<std::string, InstantMs> due_;
  bool stuck_ = false;
  Outcome outcome_;
};

}  // namespace

std::vector<Outcome> Rehearse(const Policy& policy, const Roster& roster, std::span<const PolicyTest> tests) {
  const simulation::NoLoad load;
  const VirtualWorld world{policy, roster, load, 1};
  std::vector<Outcome> outcomes;
  outcomes.reserve(tests.size());
  for (const PolicyTest& test : tests) outcomes.push_back(Rehearsal(world, test, outcomes.size() + 1).Run());
  return outcomes;
}

}  // namespace escalon::rehearsal

#include "common/calc/path_walk.h"

#include <utility>

#include "common/domain/clock_arithmetic.h"

namespace escalon::calc {
namespace {

/// Steps that tell nobody count too, and so do the names told: a query is a line, its answer should be one.
constexpr size_t kMostMoves = 1'000'000;
constexpr size_t kMostBytesTold = size_t{64} << 20;

class Walker {
 public:
  explicit Walker(const WalkQuestion& question) : question_(question) {}

  WalkAnswer Walk() {
    EnterPath(*question_.path, question_.start);
    for (const WalkEvent& event : question_.events) {
      if (event.at > question_.until || answer_.state == WalkState::kResolved) break;
      // An event at the very instant of a move comes first.
      MoveWhile([&event](InstantMs next) { return next < event.at; });
      if (answer_.fault != WalkFault::kNone) break;
      Apply(event);
    }
    MoveWhile([this](InstantMs next) { return next != kNever && next <= question_.until; });
    answer_.step = static_cast<int>(step_) + 1;
    answer_.pass = pass_;
    answer_.path = path_;
    answer_.next_at = NextMove();
    if (answer_.state != WalkState::kResolved) {
      answer_.state = acknowledged_                 ? WalkState::kAcknowledged
                      : phase_ == Phase::kExhausted ? WalkState::kExhausted
                                                    : WalkState::kRunning;
    }
    return std::move(answer_);
  }

 private:
  enum class Phase : uint8_t {
    kHeld,       ///< reached outside hours: told at `due_`
    kWaiting,    ///< told: the next step at `due_`
    kExhausted,  ///< nothing more
  };

  const WalkStep& Step() const { return path_->steps[step_]; }
  bool LastPass() const { return path_->repeat != WalkPath::kForever && pass_ > path_->repeat; }

  InstantMs NextMove() const {
    if (answer_.state == WalkState::kResolved) return kNever;
    if (acknowledged_) return lease_end_;
    return phase_ == Phase::kExhausted ? kNever : due_;
  }

  template <typename While>
  void MoveWhile(const While& wanted) {
    for (InstantMs next = NextMove(); answer_.fault == WalkFault::kNone && wanted(next); next = NextMove()) Move(next);
  }

  void Move(InstantMs at) {
    if (acknowledged_) {  // the lease ran out
      acknowledged_ = false;
      if (told_) ++attempt_;
      Reach(at);
    } else if (phase_ == Phase::kHeld) {
      Tell(at);
    } else {
      GoOn(at);
    }
  }

  void EnterPath(const WalkPath& path, InstantMs at) {
    path_ = &path;
    pass_ = 1;
    pass_takes_time_ = false;
    EnterStep(0, at);
  }

  void EnterStep(size_t step, InstantMs at) {
    step_ = step;
    attempt_ = 1;
    told_ = false;
    Reach(at);
  }

  /// The step of now is there to be told, held or skipped.
  void Reach(InstantMs at) {
    answer_.exhausted_at = kNever;
    while (Skips(at)) {
      if (!Advance(at)) return;
    }
  }

  /// True when the step costs no time at all and nobody stays on it.
  bool Skips(InstantMs at) {
    if (!Spend()) return false;
    const WalkStep& step = Step();
    if (step.targets.empty() && step.on_empty == OnEmpty::kSkip) return true;
    if (step.calendar != nullptr && !step.calendar->IsOpen(at)) {
      const InstantMs opening = step.skip_outside_hours ? kNever : step.calendar->NextOpening(at);
      if (opening == kNever) return true;
      phase_ = Phase::kHeld;
      due_ = opening;
      pass_takes_time_ = true;
      return false;
    }
    Tell(at);
    return false;
  }

  void Tell(InstantMs at) {
    const WalkStep& step = Step();
    const std::vector<std::string>& targets = step.targets.empty() ? path_->fallback : step.targets;
    if (!step.targets.empty() || step.on_empty == OnEmpty::kFallBack)
      Notify({at, static_cast<int>(step_) + 1, pass_, attempt_, &targets});
    told_ = true;
    phase_ = Phase::kWaiting;
    due_ = at;
    if (step.wait == 0) return;
    pass_takes_time_ = true;
    due_ = AddBusiness(step.calendar.get(), at, step.wait);
    if (due_ == kNever) answer_.fault = WalkFault::kOutOfReach;
  }

  /// From the step of now to the next one.
  void GoOn(InstantMs at) {
    if (Advance(at)) Reach(at);
  }

  /// Makes the next step the one of now; false when the path ran out instead.
  bool Advance(InstantMs at) {
    if (step_ + 1 < path_->steps.size()) {
      ++step_;
    } else if (LastPass() || !pass_takes_time_) {
      Exhaust(at);
      return false;
    } else {
      ++pass_;
      pass_takes_time_ = false;
      step_ = 0;
    }
    attempt_ = 1;
    told_ = false;
    return true;
  }

  void Exhaust(InstantMs at) {
    phase_ = Phase::kExhausted;
    answer_.exhausted_at = at;
    if (!path_->catch_all.empty()) Notify({at, std::nullopt, pass_, 1, &path_->catch_all});
  }

  void Apply(const WalkEvent& event) {
    switch (event.act) {
      case WalkAct::kAcknowledged:
        acknowledged_ = true;
        lease_end_ = path_->lease ? event.at + *path_->lease : kNever;
        return;
      case WalkAct::kEscalated:
        if (!event.to_step && phase_ == Phase::kExhausted) return;
        acknowledged_ = false;
        if (event.to_step) return EnterStep(static_cast<size_t>(*event.to_step) - 1, event.at);
        return GoOn(event.at);
      case WalkAct::kPathChanged:
        acknowledged_ = false;
        return EnterPath(*event.path, event.at);
      case WalkAct::kResolved:
        answer_.state = WalkState::kResolved;
        return;
    }
  }

  void Notify(WalkNotification notification) {
    for (const std::string& name : *notification.targets) bytes_told_ += name.size() + 1;
    if (answer_.notifications.size() == kMostNotifications || bytes_told_ > kMostBytesTold) {
      answer_.fault = WalkFault::kTooMuch;
    } else {
      answer_.notifications.push_back(notification);
    }
  }

  bool Spend() {
    if (++moves_ <= kMostMoves) return true;
    answer_.fault = WalkFault::kTooMuch;
    return false;
  }

  const WalkQuestion& question_;
  WalkAnswer answer_;
  const WalkPath* path_ = nullptr;
  size_t step_ = 0;
  int pass_ = 1, attempt_ = 1;
  Phase phase_ = Phase::kWaiting;
  InstantMs due_ = 0;
  bool told_ = false;             ///< in this visit of the step
  bool pass_takes_time_ = false;  ///< this pass, by itself
  bool acknowledged_ = false;
  InstantMs lease_end_ = kNever;
  size_t moves_ = 0, bytes_told_ = 0;
};

}  // namespace

WalkAnswer WalkThePath(const WalkQuestion& question) { return Walker(question).Walk(); }

}  // namespace escalon::calc

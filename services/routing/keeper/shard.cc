#include "services/routing/keeper/shard.h"

#include <algorithm>

#include "common/core/random.h"
#include "common/domain/clock_command.h"

namespace escalon::routing {
namespace {

constexpr DurationMs kReleasePendingMs = 2 * kSecondMs;  ///< rule 16
constexpr size_t kMostRescued = 500;                     ///< per sweep
constexpr DurationMs kSoonMs = kMinuteMs;                ///< cases due within it are woken beforehand, a few a sweep
constexpr size_t kWokenASweep = 30;
constexpr int kRescueAnyway = 5;  ///< times as late as what is rescued in quiet times

}  // namespace

const char* NameOf(Shard::State state) {
  switch (state) {
    case Shard::State::kIdle:
      return "idle";
    case Shard::State::kLoading:
      return "loading";
    case Shard::State::kFolding:
      return "folding";
    case Shard::State::kFencing:
      return "fencing";
    case Shard::State::kRecovering:
      return "recovering";
    case Shard::State::kServing:
      return "serving";
    case Shard::State::kDraining:
      return "draining";
    case Shard::State::kClosed:
      return "closed";
  }
  return "?";
}

Shard::Shard(int number, ShardParts parts)
    : number_(number),
      parts_(std::move(parts)),
      logger_(parts_.logger.With({{"shard", number}})),
      table_(parts_.on_moved) {}

Shard::~Shard() {
  parts_.loop.Cancel(retake_timer_);
  parts_.loop.Cancel(release_timer_);
}

void Shard::Want() {
  if (wanted_) return;
  wanted_ = true;
  if (state_ == State::kIdle) TakeOver();
}

void Shard::Release(std::function<void()> released) {
  wanted_ = false;
  parts_.loop.Cancel(retake_timer_);
  if (state_ != State::kServing && state_ != State::kDraining) {
    EndOwnership("released");
    return released();
  }
  if (released_) {  // taken away, suggested and taken away again while it drains
    released = [first = std::move(released_), second = std::move(released)] {
      first();
      second();
    };
  }
  state_ = State::kDraining;
  released_ = std::move(released);
  EndOfTurn();
  parts_.loop.Cancel(release_timer_);
  release_timer_ = parts_.loop.After(kReleasePendingMs, [this] {
    release_timer_ = 0;
    if (state_ == State::kDraining) EndOwnership("released before everything was acknowledged");
  });
  MaybeReleased();
}

void Shard::MaybeReleased() {
  if (state_ != State::kDraining || !pending_.empty()) return;
  if (!parts_.view.Settled(number_)) {
    parts_.loop.After(10, [this] { MaybeReleased(); });
    return;
  }
  parts_.loop.Cancel(release_timer_);
  release_timer_ = 0;
  EndOwnership("released");
}

void Shard::Lose(const std::string& why) {
  wanted_ = false;
  parts_.loop.Cancel(retake_timer_);
  EndOwnership(why);
}

void Shard::OnProducerGone(const Error& why) {
  if (state_ == State::kFencing) return Retake(why.message);
  if (owns()) EndOwnership(why.message);
}

DurationMs Shard::oldest_pending_ms() const {
  if (pending_.empty()) return 0;
  return std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.Steady() - pending_.front().handed).count();
}

std::optional<std::shared_ptr<const Case>> Shard::Read(const CaseId& id) const {
  if (state_ != State::kServing) return std::nullopt;
  const CaseTable::Entry* entry = table_.Find(id);
  return entry != nullptr ? entry->counted : nullptr;
}

void Shard::Sweep() {
  if (state_ != State::kServing) return;
  const auto now_steady = parts_.clock.Steady();
  const InstantMs now = parts_.clock.WallMs();
  for (Pending& pending : pending_) {
    if (now_steady - pending.handed < std::chrono::milliseconds(parts_.options.unknown_after_ms)) break;
    // The record may still land and count: only the callers are told now.
    for (auto& [answer, outcome] : pending.answers) {
      if (!answer) continue;
      parts_.metrics.commands_unknown->Increment();
      parts_.metrics.answered_unknown->Increment();
      answer(Unknown("no acknowledgement for " + FormatDuration(parts_.options.unknown_after_ms)));
    }
    pending.answers.clear();
  }
  table_.ExpireKeys(now);
  table_.WakeDue(now + static_cast<DurationMs>(static_cast<double>(kSoonMs) * parts_.clock.Factor()), kWokenASweep);
  Rescue(now, now_steady);
  CommitAttached();
}

void Shard::Rescue(InstantMs now, std::chrono::steady_clock::time_point now_steady) {
  if (QueueIsFull() || LogIsSlow()) {
    able_since_ = now_steady;
    return;
  }
  // Who was refused, or found nobody, asks again by itself: that is worth waiting for, though not for ever.
  const auto after = std::chrono::milliseconds(parts_.options.rescue_after_ms);
  const auto patience = now_steady - able_since_ >= after ? after : kRescueAnyway * after;
  const auto late = static_cast<DurationMs>(static_cast<double>(patience.count()) * parts_.clock.Factor());
  for (const std::shared_ptr<const Case>& c : table_.Due(now - late, kMostRescued)) {
    const CaseTable::Entry* entry = table_.Find(c->id);
    if (entry == nullptr || entry->decided != c) continue;  // something is under way already
    for (const ClockRun& clock : c->clocks) {
      if (clock.next_alarm_at() > now - late) continue;
      Execute(ClockDueCommand(*c, clock, "routing"),
              [&rescued = parts_.metrics.rescued](const Result<ports::Answered>& answered) {
                if (answered.ok() && answered->outcome != OutcomeKind::kUnchanged) rescued->Increment();
              });
      break;
    }
  }
}

}  // namespace escalon::routing

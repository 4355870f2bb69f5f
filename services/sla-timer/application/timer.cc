#include "services/sla-timer/application/timer.h"

#include <algorithm>

#include "common/domain/clock_command.h"
#include "common/runtime/system_clock.h"
#include "common/wire/events_codec.h"
#include "common/wire/snapshot_codec.h"

namespace escalon::slatimer {
namespace {

constexpr int kPage = 500;
constexpr DurationMs kAgainMs = 200;  ///< real time, when an owner was not to be reached
constexpr DurationMs kRescanAheadMs = kMinuteMs;
constexpr DurationMs kLongestSleepMs = 5 * kSecondMs;  ///< a wall clock that steps is noticed

/// Kinds of events that move clocks: of the envelope, so that other records need not be decoded.
bool MovesClocks(const std::vector<uint32_t>& kinds) {
  static const uint32_t kFirst = KindOf(Event(ClockArmed{})), kLast = KindOf(Event(Breached{})),
                        kEnd = KindOf(Event(Retired{}));
  return std::any_of(kinds.begin(), kinds.end(),
                     [](uint32_t kind) { return (kind >= kFirst && kind <= kLast) || kind == kEnd; });
}

}  // namespace

Timer::Timer(TimerOptions options, const Clock& clock, ports::CommandGate& gate, runtime::Logger logger,
             runtime::Metrics& metrics, runtime::Health& health)
    : options_(std::move(options)),
      clock_(clock),
      gate_(gate),
      logger_(std::move(logger)),
      health_(health),
      armed_(metrics.AddGauge("escalon_timer_armed", "Clocks on the wheel.")),
      overdue_(metrics.AddGauge("escalon_timer_overdue", "Clocks that are due and wait to be sent.")),
      shards_(metrics.AddGauge("escalon_timer_shards", "Shards that this instance follows.")),
      fired_(metrics.AddCounter("escalon_timer_fired_total", "Questions sent to owners because a clock was due.")),
      refused_(metrics.AddCounter("escalon_timer_refused_total",
                                  "Questions that the owner answered with: nothing to do, or not yet.")),
      retried_(
          metrics.AddCounter("escalon_timer_retried_total", "Questions repeated because no owner was to be reached.")),
      rescanned_(metrics.AddCounter("escalon_timer_rescanned_total",
                                    "Cases looked up in the view's due set besides the log.")),
      poison_(metrics.AddCounter("escalon_timer_poison_total", "Records of the case log that could not be read.")),
      late_(metrics.AddHistogram("escalon_timer_lateness_seconds", "From a clock's instant to its question being sent.",
                                 runtime::kLatenessBuckets)),
      handled_(metrics.AddHistogram("escalon_timer_handled_seconds", "From a clock's instant to the owner's answer.",
                                    runtime::kLatenessBuckets)),
      thread_("timer", clock),
      loop_(thread_.loop()),
      redis_(loop_, options_.redis, logger_),
      queries_(redis_, options_.generation, options_.shards),
      book_(clock.WallMs()) {
  health_.Require("clocks", "waiting for an assignment");
}

Timer::~Timer() { Stop(); }

Status Timer::Start() {
  redis_.Start();
  loop_.OnTurnEnd([this] { Arm(); });
  loop_.After(options_.rescan_ms, [this] { Rescan(); });
  thread_.Start();
  auto follower = log::Follower::Open(options_.follower, this, &clock_);
  if (!follower.ok()) return follower.error();
  follower_ = std::move(*follower);
  follower_->Start();
  return {};
}

void Timer::Stop() {
  if (follower_ != nullptr) follower_->Stop();
  thread_.Stop();
  follower_.reset();
}

void Timer::OnAssigned(int shard, const log::FollowerStart&) {
  loop_.Post([this, shard] {
    assigned_.insert(shard);
    shards_->Set(static_cast<double>(assigned_.size()));
    Warm(shard, {INT64_MIN, {}});
    TellHealth();
  });
}

void Timer::OnRevoked(int shard, bool) {
  loop_.Post([this, shard] {
    assigned_.erase(shard);
    warm_.erase(shard);
    book_.Drop(shard);
    shards_->Set(static_cast<double>(assigned_.size()));
    TellHealth();
  });
}

void Timer::OnRecord(int shard, int64_t offset, InstantMs, const log::Record& record) {
  batch_ends_[shard] = offset;
  if (record.head.type != log::RecordType::kEvents || !MovesClocks(record.head.kinds)) return;
  Result<EventBatch> batch = wire::DecodeBatch(record.body);
  if (!batch.ok()) {
    // The owner quarantines such a case; its clocks rest until it is mended.
    poison_->Increment();
    return;
  }
  batch_.push_back({shard, record.head.case_id, record.head.tenant, std::move(batch->events)});
}

void Timer::OnBatchEnd() {
  if (!batch_.empty()) {
    loop_.Post([this, batch = std::make_unique<std::vector<Read>>(std::move(batch_))] {
      for (const Read& read : *batch) {
        if (!assigned_.contains(read.shard)) continue;
        for (const Event& event : read.events) book_.Apply(read.shard, read.id, read.tenant, event);
      }
      Look();
    });
    batch_ = {};
  }
  // The wheel is a cache: after a restart the view has what was read before, so nothing has to be waited for.
  for (const auto& [shard, offset] : batch_ends_) follower_->MarkDone(shard, offset);
  batch_ends_.clear();
}

void Timer::OnPoison(int shard, int64_t offset, std::string_view, const Error& reason) {
  poison_->Increment();
  logger_.Error("a record of the case log cannot be read",
                {{"shard", shard}, {"offset", offset}, runtime::ErrorField(reason)});
}

void Timer::OnAlarm(int shard, const Error& reason) {
  logger_.Error("case log", {{"shard", shard}, runtime::ErrorField(reason)});
}

void Timer::WarmRetry(int shard, view::Cursor from) {
  loop_.After(kAgainMs, [this, shard, from = std::move(from)] {
    if (assigned_.contains(shard)) Warm(shard, from);
  });
}

void Timer::Warm(int shard, view::Cursor from) {
  queries_.List(shard, "due", from, kPage, false, [this, shard, from](Result<std::vector<view::Listed>> page) {
    if (!assigned_.contains(shard)) return;
    if (!page.ok()) return WarmRetry(shard, from);
    for (const view::Listed& listed : *page) {
      const Result<Case> c = wire::DecodeCase(listed.snapshot);
      if (c.ok()) book_.Put(shard, *c);
    }
    const bool last = page->size() < kPage;
    const bool beyond = !page->empty() && page->back().score > clock_.WallMs() + options_.warm_horizon_ms;
    if (last || beyond) {
      warm_.insert(shard);
      TellHealth();
    }
    Look();
    if (!last) Warm(shard, {page->back().score, ToHex(page->back().id.AsBytes())});
  });
}

void Timer::Rescan() {
  const InstantMs until = clock_.WallMs() + kRescanAheadMs;
  if (redis_.connected()) {
    for (const int shard : warm_) RescanShard(shard, {INT64_MIN, {}}, until);
  }
  loop_.After(options_.rescan_ms, [this] { Rescan(); });
}

void Timer::RescanShard(int shard, view::Cursor from, InstantMs until) {
  queries_.List(shard, "due", from, kPage, false, [this, shard, until](Result<std::vector<view::Listed>> page) {
    if (!page.ok() || !assigned_.contains(shard)) return;
    for (const view::Listed& listed : *page) {
      if (listed.score > until) break;
      rescanned_->Increment();
      const Result<Case> c = wire::DecodeCase(listed.snapshot);
      if (c.ok()) book_.Put(shard, *c);
    }
    Look();
    if (page->size() == kPage && page->back().score <= until) {
      RescanShard(shard, {page->back().score, ToHex(page->back().id.AsBytes())}, until);
    }
  });
}

void Timer::Look() {
  std::vector<DueClock> due;
  book_.TakeDue(clock_.WallMs(), &due);
  for (DueClock& clock : due) queue_.Push(std::move(clock));
  Send();
}

void Timer::Send() {
  while (in_flight_ < options_.most_in_flight) {
    std::optional<DueClock> clock = queue_.Pop();
    if (!clock) break;
    ++in_flight_;
    ++fired_count_;
    fired_->Increment();
    const InstantMs now = clock_.WallMs();
    const double late_s = static_cast<double>(now - clock->at) / (1000 * clock_.Factor());
    late_->Observe(late_s);
    recent_late_[recent_count_++ % recent_late_.size()] = late_s * 1000;
    Command command =
        ClockDueCommand(clock->case_id, clock->tenant, clock->clock, clock->generation, clock->at, "sla-timer");
    gate_.Execute(std::move(command), [this, clock = *clock, now](const Result<ports::Answered>& answered) {
      loop_.Post([this, clock, now, answered] { Answered(clock, now, answered); });
    });
  }
}

void Timer::Answered(const DueClock& clock, InstantMs, const Result<ports::Answered>& answered) {
  --in_flight_;
  if (answered.ok()) {
    handled_->Observe(static_cast<double>(clock_.WallMs() - clock.at) / (1000 * clock_.Factor()));
    if (answered->outcome == OutcomeKind::kUnchanged) {
      ++refused_count_;
      refused_->Increment();
      book_.Settled(clock);
    }
  } else if (answered.error().code == ErrorCode::kNotYet) {
    refused_->Increment();
    book_.Again(clock, clock_.WallMs() + std::max<DurationMs>(1, answered.error().retry_after_ms));
  } else if (Retryable(answered.error().code) || answered.error().code == ErrorCode::kDeadlineExceeded) {
    retried_->Increment();
    book_.Again(clock, clock_.WallMs() + static_cast<DurationMs>(static_cast<double>(kAgainMs) * clock_.Factor()) + 1);
  } else {
    ++refused_count_;
    refused_->Increment();
    logger_.Limited(
        alarm_limit_, runtime::LogLevel::kWarn, "an owner refused to look at a clock",
        {{"case", clock.case_id.ToString()}, {"clock", clock.clock}, runtime::ErrorField(answered.error())});
    book_.Settled(clock);
  }
  Send();
}

void Timer::Arm() {
  armed_->Set(static_cast<double>(book_.size()));
  overdue_->Set(static_cast<double>(queue_.size()));
  const InstantMs look = book_.NextLook();
  if (look == look_at_ && look_timer_ != 0) return;
  loop_.Cancel(look_timer_);
  look_timer_ = 0;
  look_at_ = look;
  if (look == kNever) return;
  const auto longest = std::chrono::milliseconds(kLongestSleepMs);
  const auto wait = std::min<std::chrono::nanoseconds>(runtime::SteadyWait(clock_, look - clock_.WallMs()), longest);
  look_timer_ =
      loop_.At(clock_.Steady() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(wait), [this] {
        look_timer_ = 0;
        look_at_ = kNever;
        Look();
      });
}

void Timer::TellHealth() {
  const bool warm = std::includes(warm_.begin(), warm_.end(), assigned_.begin(), assigned_.end());
  health_.Set("clocks", warm,
              warm ? std::to_string(assigned_.size()) + " shards" : "reading armed clocks from the live view");
}

void Timer::Stats(std::function<void(TimerStats)> done) {
  const bool posted = loop_.Post([this, done] {
    TimerStats out;
    out.armed = book_.size();
    out.fired = fired_count_;
    out.refused = refused_count_;
    const std::vector<DueClock> next = book_.List({}, 1);
    if (!next.empty()) out.next_at = next.front().at;
    out.warm = std::includes(warm_.begin(), warm_.end(), assigned_.begin(), assigned_.end());
    std::vector<double> late(recent_late_.begin(),
                             recent_late_.begin() + static_cast<long>(std::min(recent_count_, recent_late_.size())));
    std::sort(late.begin(), late.end());
    if (!late.empty()) {
      out.late_p50_ms = late[late.size() / 2];
      out.late_p99_ms = late[late.size() * 99 / 100];
      out.late_max_ms = late.back();
    }
    done(out);
  });
  if (!posted) done({});
}

void Timer::List(ClockBook::Filter filter, size_t limit, std::function<void(std::vector<DueClock>)> done) {
  const bool posted = loop_.Post([this, filter = std::make_unique<ClockBook::Filter>(std::move(filter)), limit, done] {
    done(book_.List(*filter, limit));
  });
  if (!posted) done({});
}

}  // namespace escalon::slatimer

#include "tests/load/feed.h"

#include <algorithm>
#include <utility>

#include "tests/load/acts.h"

namespace escalon::load {
namespace {

namespace cs = ::escalon::cases::v1;
namespace sb = ::escalon::submission::v1;

constexpr DurationMs kAgainMs = 700;  ///< an act that nobody can do yet
constexpr int kMostPostponed = 40;
constexpr int kMostInOneGo = 64;  ///< between two looks at the answers
constexpr DurationMs kEtaAheadMs = 2 * kHourMs;
constexpr const char* kReader = "screen";

}  // namespace

Feed::Feed(FeedOptions options, FeedParts parts)
    : options_(std::move(options)), parts_(parts), random_(options_.seed ^ 0x5eed) {}

int64_t Feed::MicrosSince(SteadyTime from) const {
  return std::chrono::duration_cast<std::chrono::microseconds>(Now() - from).count();
}

void Feed::Run(SteadyTime end, const std::atomic<bool>& stop) {
  if (started_ == SteadyTime{}) started_ = Now();
  const auto due_at = [this](uint64_t n) {
    return started_ + std::chrono::nanoseconds(static_cast<int64_t>(static_cast<double>(n) * 1e9 / options_.rate));
  };
  while (!stop.load(std::memory_order_relaxed)) {
    const SteadyTime now = Now();
    if (now >= end) return;
    for (int i = 0; i < kMostInOneGo && due_at(due_) <= now && parts_.door.in_flight() < options_.most_in_flight; ++i) {
      SendDue(due_at(due_));
      ++due_;
    }
    ActDue();
    SteadyTime next = std::min(end, due_at(due_));
    if (!acts_.empty()) next = std::min(next, acts_.top().at);
    const int64_t wait = std::chrono::duration_cast<std::chrono::microseconds>(next - Now()).count();
    parts_.door.Poll(std::clamp<int64_t>(wait, 0, 50'000));
  }
}

bool Feed::Drain(DurationMs limit_ms) {
  draining_ = true;
  FlushBatch();
  const SteadyTime until = Now() + std::chrono::milliseconds(limit_ms);
  while (parts_.door.in_flight() > 0 && Now() < until) parts_.door.Poll(20'000);
  return parts_.door.in_flight() == 0;
}

void Feed::SendDue(SteadyTime due_at) {
  bool more = true;
  while (more) {
    Arrival arrival = parts_.generator.Next(parts_.case_clock.WallMs());
    more = arrival.at_once;
    SendOne(std::move(arrival), due_at);
  }
}

void Feed::SendOne(Arrival arrival, SteadyTime due_at) {
  sb::Submission& s = arrival.submission;
  const std::string source = s.source();
  const std::string* key = parts_.staff.KeyOf(source);
  const size_t call = parts_.history.Submitted(source, s.idempotency_key());
  parts_.tally.Submitted();
  Door::Done done = OnSubmitted(call, source, std::move(arrival.plan), due_at);
  if (options_.batch <= 1) return parts_.door.Submit(std::move(s), *key, std::move(done));
  if (!batch_.empty() && batch_source_ != source) FlushBatch();
  batch_source_ = source;
  batch_.push_back(std::move(s));
  batch_done_.push_back(std::move(done));
  if (static_cast<int>(batch_.size()) >= options_.batch) FlushBatch();
}

void Feed::FlushBatch() {
  if (batch_.empty()) return;
  parts_.door.SubmitMany(std::exchange(batch_, {}), *parts_.staff.KeyOf(batch_source_), std::exchange(batch_done_, {}));
}

Door::Done Feed::OnSubmitted(size_t call, const std::string& source, std::vector<PlannedAct> plan, SteadyTime due_at) {
  return [this, call, source, plan = std::move(plan), due_at](const Heard& heard) mutable {
    parts_.history.Answer(call, heard.outcome, heard.case_id, heard.version);
    parts_.tally.SubmissionHeard(heard, MicrosSince(due_at));
    if (heard.outcome != CallOutcome::kOpened || plan.empty() || draining_) return;
    Schedule(std::make_shared<LiveCase>(LiveCase{heard.case_id, heard.version, std::move(source), std::move(plan)}));
  };
}

void Feed::Schedule(const Live& live) {
  if (live->next >= live->plan.size()) return;
  acts_.push({Now() + std::chrono::milliseconds(live->plan[live->next].after_ms), live});
}

void Feed::Postpone(const Live& live) {
  if (draining_ || ++live->postponed > kMostPostponed) return;
  acts_.push({Now() + std::chrono::milliseconds(kAgainMs), live});
}

void Feed::Next(const Live& live) {
  ++live->next;
  live->postponed = 0;
  Schedule(live);
}

void Feed::ActDue() {
  const SteadyTime now = Now();
  for (int i = 0; i < kMostInOneGo && !acts_.empty() && acts_.top().at <= now; ++i) {
    const Live live = acts_.top().live;
    acts_.pop();
    Begin(live, live->plan[live->next].act);
  }
}

void Feed::Begin(const Live& live, Act act) {
  const std::string* key = parts_.staff.KeyOf(kReader);
  parts_.door.Get(live->id, live->version, *key, [this, live, act](const Result<cs::PublicCase>& c) {
    if (!c.ok()) return Postpone(live);
    ActOn(live, act, *c);
  });
}

void Feed::ActOn(const Live& live, Act act, const cs::PublicCase& c) {
  const InstantMs now = parts_.case_clock.WallMs();
  live->version = std::max<uint64_t>(live->version, c.version());
  if (IsOfSource(act)) return Give(live, act, live->source, CommandOf(act, {}, now, random_()));
  if (!FitsState(act, c)) return Next(live);
  std::string who = act == Act::kAcknowledge ? parts_.staff.Answerer(c, now) : Staff::Worker(c);
  std::string colleague;
  if (act == Act::kAnswerHandover) {
    const cs::PublicHandover& offer = c.handovers(0);
    who = offer.to_person().empty() ? std::string() : offer.to_person();
  } else if (act == Act::kOfferHandover) {
    colleague = parts_.staff.Colleague(c, now, random_());
    if (colleague.empty()) return Next(live);
  }
  if (parts_.staff.KeyOf(who) == nullptr) return Postpone(live);
  Give(live, act, who, CommandOf(act, colleague, now + kEtaAheadMs, random_()));
}

void Feed::Give(const Live& live, Act act, const std::string& subject, cs::Command command) {
  command.set_command_id("act-" + options_.run + "-" + std::to_string(++commands_));
  const size_t call = parts_.history.Commanded(command.command_id(), live->id);
  parts_.tally.Commanded();
  const SteadyTime asked_at = Now();
  parts_.door.Execute(live->id, std::move(command), *parts_.staff.KeyOf(subject),
                      [this, live, act, call, asked_at](const Heard& heard) {
                        parts_.history.Answer(call, heard.outcome, heard.case_id, heard.version);
                        parts_.tally.CommandHeard(NameOf(act), heard, MicrosSince(asked_at));
                        live->version = std::max(live->version, heard.version);
                        Next(live);
                      });
}

}  // namespace escalon::load

#include "common/log/ownership_group.h"

#include <chrono>
#include <set>
#include <thread>

#include "common/core/mutex.h"
#include "common/log/group_member.h"
#include "common/log/rejoin_pause.h"

namespace escalon::log {

struct OwnershipGroup::Impl {
  Impl(OwnershipConfig c, Events e, const Clock& k) : config(std::move(c)), events(std::move(e)), clock(k) {}
  ~Impl() { Leave(); }

  Status JoinGroup() {
    fatal = false;
    GroupMember::Events on;
    on.on_assigned = [this](const std::vector<int>& shards) {
      if (events.on_assigned) events.on_assigned(shards);
    };
    on.on_revoked = [this](const std::vector<int>& shards, bool lost) { Revoked(shards, lost); };
    on.on_fatal = [this](const Error& e) {
      fatal = true;
      if (events.on_fatal) events.on_fatal(e);
    };
    on.on_trouble = events.on_trouble;
    member.reset();  // an earlier one leaves first
    Result<std::unique_ptr<GroupMember>> joined = GroupMember::Join(
        config.kafka, {config.topic, config.group, config.instance, config.session_timeout_ms}, std::move(on), &wakeup);
    if (!joined) return joined.error();
    member = std::move(joined).value();
    rejoin_pause.Joined(clock.Steady());
    return {};
  }

  Status Open() {
    if (Status s = JoinGroup(); !s) return s;
    thread = std::thread([this] { Run(); });
    return {};
  }

  void Run() {
    while (true) {
      {
        const MutexLock lock(mutex);
        if (stopping) break;
      }
      // Not for ever: librdkafka counts the calls against max.poll.interval.ms.
      wakeup.Wait(60'000);
      if (member) member->Serve();
      if (fatal) JoinAgain();
    }
    if (member) member->Leave();
  }

  void JoinAgain() {
    const std::chrono::milliseconds pause = rejoin_pause.Ended(clock.Steady());
    {
      MutexLock lock(mutex);
      if (released.WaitFor(lock, pause, [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) { return stopping; })) return;
    }
    const Status joined = JoinGroup();
    if (joined) return;
    fatal = true;
    if (events.on_trouble) events.on_trouble(joined.error());
    wakeup.Signal();
  }

  void Revoked(const std::vector<int>& shards, bool lost) {
    {
      const MutexLock lock(mutex);
      if (!lost) waiting_for.insert(shards.begin(), shards.end());
    }
    if (events.on_revoked) events.on_revoked(shards, lost);
    MutexLock lock(mutex);
    released.WaitFor(lock, std::chrono::milliseconds(config.release_timeout_ms),
                     [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) { return waiting_for.empty(); });
    waiting_for.clear();
  }

  void Leave() {
    {
      const MutexLock lock(mutex);
      stopping = true;
    }
    released.NotifyAll();
    wakeup.Signal();
    if (thread.joinable()) thread.join();
  }

  const OwnershipConfig config;
  const Events events;
  const Clock& clock;
  Wakeup wakeup;
  std::unique_ptr<GroupMember> member;
  std::thread thread;
  bool fatal = false;        // of the group's thread
  RejoinPause rejoin_pause;  // of the group's thread

  Mutex mutex;
  ConditionVariable released;
  std::set<int> waiting_for ABSL_GUARDED_BY(mutex);
  bool stopping ABSL_GUARDED_BY(mutex) = false;
};

OwnershipGroup::OwnershipGroup(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
OwnershipGroup::~OwnershipGroup() = default;

Result<std::unique_ptr<OwnershipGroup>> OwnershipGroup::Start(OwnershipConfig config, Events events,
                                                              const Clock& clock) {
  auto impl = std::make_unique<Impl>(std::move(config), std::move(events), clock);
  if (Status s = impl->Open(); !s) return s.error();
  return std::unique_ptr<OwnershipGroup>(new OwnershipGroup(std::move(impl)));
}

void OwnershipGroup::Released(int shard) {
  {
    const MutexLock lock(impl_->mutex);
    impl_->waiting_for.erase(shard);
  }
  impl_->released.NotifyAll();
}

void OwnershipGroup::Leave() { impl_->Leave(); }

}  // namespace escalon::log

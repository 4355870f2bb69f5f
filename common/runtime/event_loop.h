#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/core/clock.h"
#include "common/core/instant.h"
#include "common/core/mutex.h"
#include "common/runtime/move_function.h"

namespace escalon::runtime {

/// One thread that owns state and is told things: posted tasks, ready descriptors, timers. It works in turns: wait,
/// descriptors, every task posted so far, every due timer, then the end-of-turn hooks, where owners flush what the turn
/// gathered in one batch. Tasks run in the order posted (per posting thread); what a turn posts runs in the next.
///
/// Only Post, Stop and InLoopThread may be called from other threads. Everything else: in the loop's thread, or before
/// Run. Tasks and hooks must not throw nor block. A post costs a short lock, and one write when the loop was idle.
class EventLoop {
 public:
  using TimerId = uint64_t;  ///< never 0
  using HookId = uint64_t;
  using IoHandler = std::function<void(uint32_t ready)>;
  enum : uint32_t { kReadable = 1, kWritable = 2 };

  /// Only `clock.Steady()` is used. Ends the process with a message if the kernel has no descriptors left.
  explicit EventLoop(const Clock& clock);
  /// Destroys what has not run without running it.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Returns when Stop was called and everything posted before it has run, with a last end of turn.
  void Run();
  /// One turn of what is posted and due, without waiting and without descriptors, in place of Run: for tests that move
  /// the clock themselves. Whether anything ran.
  bool RunReady();
  /// Idempotent. Tasks posted later are refused.
  void Stop();
  /// Whether it was taken: false only after Stop; `task` is then destroyed without running, in the calling thread.
  bool Post(Task task);
  bool InLoopThread() const { return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

  /// Never early; late by what the thread is busy with. Steady time: see SteadyWait for a development clock.
  TimerId At(std::chrono::steady_clock::time_point when, Task task);
  TimerId After(DurationMs steady_ms, Task task);
  /// Whether it was still waiting; safe with ids that have fired, and with 0.
  bool Cancel(TimerId id);

  /// Level-triggered. Errors and hang-ups are reported as both readable and writable. `fd` stays the caller's; Unwatch
  /// before closing it. A handler may Watch and Unwatch, itself too. `events` 0 keeps the entry silent.
  void Watch(int fd, uint32_t events, IoHandler handler);
  void SetEvents(int fd, uint32_t events);
  void Unwatch(int fd);

  /// Runs at the end of every turn in which something ran, in the order added.
  HookId OnTurnEnd(std::function<void()> hook);
  void RemoveTurnEnd(HookId id);

 private:
  struct Watched {
    uint32_t events;
    uint32_t generation;
    std::shared_ptr<IoHandler> handler;  ///< shared: a handler may remove itself while it runs
  };
  struct TimerEntry {
    std::chrono::steady_clock::time_point when;
    uint64_t id;
    bool operator>(const TimerEntry& other) const { return when != other.when ? when > other.when : id > other.id; }
  };
  struct Hook {
    HookId id;
    std::function<void()> run;
    bool removed = false;
  };

  void Wake();
  void Wait();
  void WaitKernel(bool busy);
  bool RunIo();
  bool RunPosted();
  bool RunTimers();
  void RunHooks();
  void Register(int fd, uint32_t old_events, const Watched& watched);
  void DropCancelledTimers();

  const Clock& clock_;
  int epoll_ = -1;
  int wake_ = -1;
  std::atomic<std::thread::id> thread_{};

  Mutex mutex_;
  std::vector<Task> posted_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool asleep_ ABSL_GUARDED_BY(mutex_) = false;  ///< the loop waits, or is about to, and must be woken

  std::vector<Task> running_;  ///< swapped with posted_, so that both keep their capacity
  std::unordered_map<int, Watched> watched_;
  std::vector<std::pair<uint64_t, uint32_t>> ready_;  ///< epoll key, events
  uint32_t next_generation_ = 1;
  bool precise_wait_ = true;  ///< epoll_pwait2 works here

  std::vector<TimerEntry> timers_;  ///< a heap, soonest first; ids without a task are cancelled
  std::vector<TimerId> due_;        ///< of this turn
  std::unordered_map<TimerId, Task> timer_tasks_;
  TimerId next_timer_ = 1;
  std::vector<std::unique_ptr<Hook>> hooks_;  ///< pointers: a hook may add another while it runs
  HookId next_hook_ = 1;
};

/// A loop with its own named thread. Make it, use `loop()` before Start to set things up, Start, and Stop in the end.
class LoopThread {
 public:
  LoopThread(std::string name, const Clock& clock);
  ~LoopThread();  ///< stops
  EventLoop& loop() { return loop_; }
  void Start();
  /// Runs what was posted before, then joins. Idempotent; not from the loop's thread.
  void Stop();

 private:
  const std::string name_;
  EventLoop loop_;
  std::thread thread_;
};

}  // namespace escalon::runtime

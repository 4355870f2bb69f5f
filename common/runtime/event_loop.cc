#include "common/runtime/event_loop.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <system_error>

#include "common/runtime/fault.h"

namespace escalon::runtime {
namespace {

constexpr uint64_t kWakeKey = UINT64_MAX;

uint64_t KeyOf(int fd, uint32_t generation) {
  return static_cast<uint64_t>(generation) << 32 | static_cast<uint32_t>(fd);
}

uint32_t ToEpoll(uint32_t events) {
  return ((events & EventLoop::kReadable) != 0 ? uint32_t{EPOLLIN} : 0) |
         ((events & EventLoop::kWritable) != 0 ? uint32_t{EPOLLOUT} : 0);
}

uint32_t FromEpoll(uint32_t events) {
  const bool broken = (events & (EPOLLERR | EPOLLHUP)) != 0;
  return (broken || (events & EPOLLIN) != 0 ? uint32_t{EventLoop::kReadable} : 0) |
         (broken || (events & EPOLLOUT) != 0 ? uint32_t{EventLoop::kWritable} : 0);
}

}  // namespace

EventLoop::EventLoop(const Clock& clock)
    : clock_(clock), epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWakeKey;
  if (epoll_ < 0 || wake_ < 0 || epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) != 0)
    ProgramFault("no file descriptor left for an event loop");
}

EventLoop::~EventLoop() {
  close(wake_);
  close(epoll_);
}

void EventLoop::Run() {
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  for (bool stopping = false; !stopping;) {
    Wait();
    {
      const MutexLock lock(mutex_);
      asleep_ = false;
      stopping = stopping_;  // from here on nothing more is posted: this turn is the last one
      running_.swap(posted_);
    }
    bool ran = RunIo();
    ran = RunPosted() || ran;
    ran = RunTimers() || ran;
    if (ran || stopping) RunHooks();
  }
  thread_.store(std::thread::id(), std::memory_order_relaxed);
}

bool EventLoop::RunReady() {
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  {
    const MutexLock lock(mutex_);
    running_.swap(posted_);
  }
  bool ran = RunPosted();
  ran = RunTimers() || ran;
  if (ran) RunHooks();
  return ran;
}

void EventLoop::Stop() {
  {
    const MutexLock lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  Wake();
}

bool EventLoop::Post(Task task) {
  bool wake;
  {
    const MutexLock lock(mutex_);
    if (stopping_) return false;
    posted_.push_back(std::move(task));
    wake = std::exchange(asleep_, false);
  }
  if (wake) Wake();
  return true;
}

void EventLoop::Wake() {
  const uint64_t one = 1;
  // Fails only with EAGAIN, when it is full of wake-ups already.
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

void EventLoop::Wait() {
  bool busy;
  {
    const MutexLock lock(mutex_);
    busy = !posted_.empty() || stopping_;
    asleep_ = !busy;
  }
  ready_.clear();
  WaitKernel(busy);
}

void EventLoop::WaitKernel(bool busy) {
  std::array<epoll_event, 64> events;
  const int room = static_cast<int>(events.size());
  int count;
  std::chrono::nanoseconds timeout{-1};
  if (busy) {
    timeout = std::chrono::nanoseconds{0};
  } else if (!timers_.empty()) {
    timeout = std::max(std::chrono::nanoseconds{0}, std::chrono::nanoseconds(timers_.front().when - clock_.Steady()));
  }
  if (timeout.count() <= 0) {
    count = epoll_wait(epoll_, events.data(), room, timeout.count() < 0 ? -1 : 0);
  } else {
    count = -1;
    if (precise_wait_) {
      const timespec spec{static_cast<time_t>(timeout.count() / 1'000'000'000),
                          static_cast<long>(timeout.count() % 1'000'000'000)};
      count = epoll_pwait2(epoll_, events.data(), room, &spec, nullptr);
      precise_wait_ = count >= 0 || errno == EINTR;  // kernels before 5.11 lack it
    }
    if (count < 0 && !precise_wait_) {
      const int64_t ms = std::min<int64_t>((timeout.count() + 999'999) / 1'000'000, 3'600'000);
      count = epoll_wait(epoll_, events.data(), room, static_cast<int>(ms));
    }
  }
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    if (event.data.u64 == kWakeKey) {
      uint64_t ignored;
      [[maybe_unused]] const ssize_t got = read(wake_, &ignored, sizeof ignored);
    } else {
      ready_.emplace_back(event.data.u64, event.events);
    }
  }
}

bool EventLoop::RunIo() {
  for (const auto& [key, events] : ready_) {
    const auto found = watched_.find(static_cast<int>(key & UINT32_MAX));
    // Gone, or another descriptor of the same number, since the kernel reported it.
    if (found == watched_.end() || found->second.generation != key >> 32) continue;
    const std::shared_ptr<IoHandler> handler = found->second.handler;
    (*handler)(FromEpoll(events));
  }
  return !ready_.empty();
}

bool EventLoop::RunPosted() {
  if (running_.empty()) return false;
  for (Task& task : running_) {
    task();
    task = nullptr;  // what it owns goes now, not at the end of the batch
  }
  running_.clear();
  return true;
}

EventLoop::TimerId EventLoop::At(std::chrono::steady_clock::time_point when, Task task) {
  const TimerId id = next_timer_++;
  timer_tasks_.emplace(id, std::move(task));
  timers_.push_back({when, id});
  std::push_heap(timers_.begin(), timers_.end(), std::greater<>());
  return id;
}

EventLoop::TimerId EventLoop::After(DurationMs steady_ms, Task task) {
  constexpr DurationMs kMost = 10 * 366 * kDayMs;  // so that kNever does not overflow
  return At(clock_.Steady() + std::chrono::milliseconds(std::min(steady_ms, kMost)), std::move(task));
}

bool EventLoop::Cancel(TimerId id) {
  if (timer_tasks_.erase(id) == 0) return false;
  DropCancelledTimers();
  return true;
}

void EventLoop::DropCancelledTimers() {
  if (timers_.size() < 64 || timers_.size() < 2 * timer_tasks_.size()) return;
  std::erase_if(timers_, [this](const TimerEntry& entry) { return !timer_tasks_.contains(entry.id); });
  std::make_heap(timers_.begin(), timers_.end(), std::greater<>());
}

bool EventLoop::RunTimers() {
  if (timers_.empty()) return false;
  const auto now = clock_.Steady();
  while (!timers_.empty() && timers_.front().when <= now) {
    due_.push_back(timers_.front().id);
    std::pop_heap(timers_.begin(), timers_.end(), std::greater<>());
    timers_.pop_back();
  }
  bool ran = false;
  for (const TimerId id : due_) {
    const auto found = timer_tasks_.find(id);
    if (found == timer_tasks_.end()) continue;  // cancelled, maybe by the one before
    Task task = std::move(found->second);
    timer_tasks_.erase(found);
    task();
    ran = true;
  }
  due_.clear();
  return ran;
}

void EventLoop::Register(int fd, uint32_t old_events, const Watched& watched) {
  epoll_event event{};
  event.events = ToEpoll(watched.events);
  event.data.u64 = KeyOf(fd, watched.generation);
  // A silent entry leaves the set: the kernel would report hang-ups even with an empty mask.
  const int op = watched.events == 0 ? EPOLL_CTL_DEL : old_events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (watched.events == 0 && old_events == 0) return;
  if (epoll_ctl(epoll_, op, fd, &event) != 0 && op != EPOLL_CTL_DEL)
    ProgramFault(std::string("a descriptor cannot be watched: ") + std::generic_category().message(errno));
}

void EventLoop::Watch(int fd, uint32_t events, IoHandler handler) {
  const auto [entry, added] =
      watched_.emplace(fd, Watched{events, next_generation_++, std::make_shared<IoHandler>(std::move(handler))});
  if (!added) ProgramFault("a descriptor is watched twice");
  Register(fd, 0, entry->second);
}

void EventLoop::SetEvents(int fd, uint32_t events) {
  const auto found = watched_.find(fd);
  if (found == watched_.end() || found->second.events == events) return;
  const uint32_t old_events = std::exchange(found->second.events, events);
  Register(fd, old_events, found->second);
}

void EventLoop::Unwatch(int fd) {
  SetEvents(fd, 0);
  watched_.erase(fd);
}

EventLoop::HookId EventLoop::OnTurnEnd(std::function<void()> hook) {
  hooks_.push_back(std::make_unique<Hook>(Hook{next_hook_, std::move(hook)}));
  return next_hook_++;
}

void EventLoop::RemoveTurnEnd(HookId id) {
  for (const auto& hook : hooks_)
    if (hook->id == id) hook->removed = true;
}

void EventLoop::RunHooks() {
  const size_t count = hooks_.size();
  for (size_t i = 0; i < count; ++i)
    if (!hooks_[i]->removed) hooks_[i]->run();
  std::erase_if(hooks_, [](const auto& hook) { return hook->removed; });
}

LoopThread::LoopThread(std::string name, const Clock& clock) : name_(std::move(name)), loop_(clock) {}

LoopThread::~LoopThread() { Stop(); }

void LoopThread::Start() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
    loop_.Run();
  });
}

void LoopThread::Stop() {
  loop_.Stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace escalon::runtime

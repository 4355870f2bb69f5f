#include "common/runtime/shutdown.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include "common/runtime/fault.h"

namespace escalon::runtime {

void ShutdownRequest::Request(std::string reason, bool failed) {
  std::vector<std::function<void()>> callbacks;
  {
    const MutexLock lock(mutex_);
    failed_ = failed_ || failed;
    if (requested_) return;
    requested_ = true;
    reason_ = std::move(reason);
    callbacks.swap(callbacks_);
  }
  changed_.NotifyAll();
  for (const auto& callback : callbacks) callback();
}

bool ShutdownRequest::requested() const {
  const MutexLock lock(mutex_);
  return requested_;
}

bool ShutdownRequest::failed() const {
  const MutexLock lock(mutex_);
  return failed_;
}

std::string ShutdownRequest::reason() const {
  const MutexLock lock(mutex_);
  return reason_;
}

void ShutdownRequest::Wait() const {
  MutexLock lock(mutex_);
  changed_.Wait(lock, [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return requested_; });
}

bool ShutdownRequest::WaitFor(DurationMs limit_ms) const {
  MutexLock lock(mutex_);
  return changed_.WaitFor(lock, std::chrono::milliseconds(limit_ms),
                          [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return requested_; });
}

void ShutdownRequest::OnRequest(std::function<void()> callback) {
  {
    const MutexLock lock(mutex_);
    if (!requested_) {
      callbacks_.push_back(std::move(callback));
      return;
    }
  }
  callback();
}

SignalListener::SignalListener(ShutdownRequest& request) : request_(request) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal_fd_ = signalfd(-1, &set, SFD_CLOEXEC);
  end_fd_ = eventfd(0, EFD_CLOEXEC);
  if (signal_fd_ < 0 || end_fd_ < 0) ProgramFault("no file descriptor left for the signal listener");
  thread_ = std::thread([this] { Listen(); });
}

SignalListener::~SignalListener() {
  const uint64_t one = 1;
  if (write(end_fd_, &one, sizeof one) < 0) ProgramFault("the signal listener cannot be ended");
  thread_.join();
  close(signal_fd_);
  close(end_fd_);
}

void SignalListener::Listen() {
  pthread_setname_np(pthread_self(), "signals");
  std::array<pollfd, 2> waits{{{signal_fd_, POLLIN, 0}, {end_fd_, POLLIN, 0}}};
  bool second = false;
  while (true) {
    if (poll(waits.data(), waits.size(), -1) < 0) continue;
    if ((waits[1].revents & POLLIN) != 0) return;
    signalfd_siginfo info{};
    if (read(signal_fd_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) continue;
    const int signal = static_cast<int>(info.ssi_signo);
    if (second) std::_Exit(128 + signal);
    second = true;
    request_.Request(signal == SIGTERM ? "SIGTERM" : "SIGINT");
  }
}

}  // namespace escalon::runtime

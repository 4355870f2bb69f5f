#include "common/log/wakeup.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cstdint>

namespace escalon::log {

Deadline::Deadline(int timeout_ms) : fd_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) {
  itimerspec when{};
  when.it_value.tv_sec = timeout_ms / 1000;
  // A time of 0 would disarm it.
  when.it_value.tv_nsec = timeout_ms > 0 ? timeout_ms % 1000 * 1'000'000L : 1;
  timerfd_settime(fd_, 0, &when, nullptr);
}

Deadline::~Deadline() { close(fd_); }

bool Deadline::Passed() const {
  pollfd look{fd_, POLLIN, 0};
  return poll(&look, 1, 0) > 0;
}

Wakeup::Wakeup() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
Wakeup::~Wakeup() { close(fd_); }

void Wakeup::Signal() {
  const uint64_t one = 1;
  // It can only fail when the counter is full, and then the descriptor is readable anyway.
  [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof one);
}

void Wakeup::Clear() {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t taken = read(fd_, &count, sizeof count);
}

void Wakeup::Wait(int timeout_ms) {
  pollfd wait{fd_, POLLIN, 0};
  poll(&wait, 1, timeout_ms);
  Clear();
}

bool Wakeup::Wait(const Deadline& deadline) {
  pollfd wait[] = {{fd_, POLLIN, 0}, {deadline.fd(), POLLIN, 0}};
  poll(wait, 2, -1);
  Clear();
  return (wait[1].revents & POLLIN) == 0;
}

}  // namespace escalon::log

#pragma once

namespace escalon::log {

/// The end of a blocking call's patience: a timer descriptor, so that nobody here reads a clock.
class Deadline {
 public:
  explicit Deadline(int timeout_ms);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  bool Passed() const;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

/// An eventfd that a thread waits on and librdkafka's queues and other threads signal. Thread-safe.
class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  int fd() const { return fd_; }
  void Signal();
  /// Forgets the signals so far; call before looking for what they announced.
  void Clear();
  /// Until signalled or `timeout_ms` (-1: for ever), then Clear.
  void Wait(int timeout_ms);
  /// Until signalled or the deadline, then Clear. False: the deadline has passed.
  bool Wait(const Deadline& deadline);

 private:
  const int fd_;
};

}  // namespace escalon::log

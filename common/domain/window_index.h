#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "common/core/instant.h"
#include "common/core/mutex.h"

namespace escalon {

/// A half-open stretch of time, [from, to).
struct Stretch {
  InstantMs from = 0;
  InstantMs to = 0;
  auto operator<=>(const Stretch&) const = default;
};

/// Sorted open stretches with running sums, in pages of 366 days that are built when they are first touched and then
/// stay. Reading a built page takes no lock. Thread-safe. Covers the years 1668–2671; outside it nothing is open.
class WindowIndex {
 public:
  static constexpr DurationMs kHorizonMs = 3660 * kDayMs;

  /// Appends the open stretches that may touch [from, to), by start; they may overlap, touch and reach outside. Called
  /// under a lock.
  using Source = std::function<void(InstantMs from, InstantMs to, std::vector<Stretch>* out)>;
  /// `forever_open_from`: from this instant on it never closes (kNever: it does).
  WindowIndex(Source source, InstantMs forever_open_from);
  ~WindowIndex();
  WindowIndex(const WindowIndex&) = delete;
  WindowIndex& operator=(const WindowIndex&) = delete;

  bool IsOpen(InstantMs at) const;
  InstantMs NextOpening(InstantMs at) const;
  InstantMs NextClosing(InstantMs at) const;
  InstantMs PreviousClosing(InstantMs at) const;
  DurationMs Elapsed(InstantMs from, InstantMs to) const;
  InstantMs Add(InstantMs from, DurationMs span) const;
  InstantMs Subtract(InstantMs from, DurationMs span) const;
  std::vector<Stretch> Segments(InstantMs from, InstantMs to, size_t most) const;
  void Warm(InstantMs from, InstantMs to) const;

 private:
  struct Page;
  static constexpr DurationMs kPageMs = 366 * kDayMs;
  static constexpr int kFirstPage = -301;
  static constexpr int kPages = 1001;
  static constexpr InstantMs kFirstMs = kFirstPage * kPageMs;
  static constexpr InstantMs kLastMs = (kFirstPage + kPages) * kPageMs;

  static bool Covered(InstantMs at) { return at >= kFirstMs && at < kLastMs; }
  static int PageOf(InstantMs at) { return static_cast<int>((at - kFirstMs) / kPageMs); }
  static InstantMs PageStart(int page) { return kFirstMs + page * kPageMs; }
  const Page& At(int page) const;
  const Page& Build(int page) const;

  Source source_;
  InstantMs forever_open_from_;
  mutable Mutex building_;
  mutable std::unique_ptr<std::atomic<const Page*>[]> pages_;
};

}  // namespace escalon

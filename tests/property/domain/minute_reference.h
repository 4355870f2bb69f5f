#pragma once

#include <vector>

#include "common/domain/calendar.h"

namespace escalon::test {

/// Opening hours decided minute by minute over a span, from the local clock alone: a window [s, e) is open at t when
/// the local clock has already reached s and will still be (again) before e. That is DESIGN §7.4 without a word about
/// gaps or repeated hours. Good for whole-minute offsets, that is for the years since 1972.
class MinuteReference {
 public:
  MinuteReference(const CalendarSpec& spec, InstantMs from, InstantMs to);

  InstantMs from() const { return from_; }
  size_t size() const { return open_.size(); }
  InstantMs At(size_t minute) const { return from_ + static_cast<InstantMs>(minute) * kMinuteMs; }
  bool open(size_t minute) const { return open_[minute] != 0; }
  bool working_day(LocalDate date) const;

 private:
  void OpenWindow(const std::vector<int64_t>& reached, const std::vector<int64_t>& ahead, int64_t start, int64_t end,
                  LocalDate date);

  InstantMs from_;
  std::vector<char> open_;
  std::set<LocalDate> working_days_;
};

}  // namespace escalon::test

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "tests/load/door.h"
#include "tests/load/histogram.h"
#include "tests/load/history.h"

namespace escalon::load {

/// Running numbers of what was asked and heard, for the screen and the summary. Thread-safe.
class Tally {
 public:
  struct Numbers {
    uint64_t submitted = 0, commanded = 0;
    std::array<uint64_t, kCallOutcomes> submissions{}, commands{};  ///< by CallOutcome
    Histogram accept;                                               ///< from when it was due to its answer
    Histogram command;
    std::map<std::string, uint64_t> rejections;  ///< by what was asked and the reason
    uint64_t answered_submissions() const { return submissions[1] + submissions[2]; }
  };

  void Submitted() {
    Change([](Numbers& n) { ++n.submitted; });
  }
  void Commanded() {
    Change([](Numbers& n) { ++n.commanded; });
  }
  void SubmissionHeard(const Heard& heard, int64_t took_us) {
    Change([&](Numbers& n) {
      ++n.submissions[static_cast<size_t>(heard.outcome)];
      n.accept.Add(took_us);
      if (heard.outcome == CallOutcome::kRejected || heard.outcome == CallOutcome::kUnknown)
        ++n.rejections[Reason("submit", heard)];
    });
  }
  void CommandHeard(const char* what, const Heard& heard, int64_t took_us) {
    Change([&](Numbers& n) {
      ++n.commands[static_cast<size_t>(heard.outcome)];
      n.command.Add(took_us);
      if (heard.outcome == CallOutcome::kRejected || heard.outcome == CallOutcome::kUnknown)
        ++n.rejections[Reason(what, heard)];
    });
  }
  Numbers Get() const {
    const std::lock_guard lock(mutex_);
    return numbers_;
  }

 private:
  template <typename F>
  void Change(F&& change) {
    const std::lock_guard lock(mutex_);
    change(numbers_);
  }
  /// Short enough to be few: without ids and instants.
  static std::string Reason(const char* what, const Heard& heard) {
    std::string text = heard.error.message.substr(0, heard.error.message.find_first_of("0123456789;"));
    return std::string(what) + (heard.outcome == CallOutcome::kUnknown ? ", unknown: " : ", refused: ") +
           text.substr(0, 80);
  }

  mutable std::mutex mutex_;
  Numbers numbers_;
};

}  // namespace escalon::load

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/vocabulary.h"

namespace escalon::load {

/// What the screen shows. A value, filled by Dashboard.
struct ScreenModel {
  std::string title;  ///< what runs, in words
  double running_s = 0;
  InstantMs case_time = 0;
  double factor = 1;

  std::map<std::string, uint64_t> by_state;
  std::map<std::string, uint64_t> open_by_level;
  uint64_t escalations = 0;

  struct Rates {
    double submitted = 0, accepted = 0, commands = 0, records = 0, told = 0;  ///< per second
  } rates;
  double accept_p50_ms = 0, accept_p99_ms = 0, accept_max_ms = 0;
  uint64_t submitted = 0, opened = 0, attached = 0, commands = 0, refused = 0, unknown = 0, in_flight = 0;

  uint64_t armed = 0, fired = 0;
  double late_p50_ms = 0, late_p99_ms = 0, late_max_ms = 0;
  struct NextClock {
    InstantMs at = 0;
    std::string clock, case_id;
  };
  std::vector<NextClock> next_clocks;

  std::map<std::string, uint64_t> notified;    ///< by outcome
  std::map<std::string, uint64_t> by_channel;  ///< delivered
  uint64_t sink_received = 0, links_used = 0, mails = 0;

  /// Things that must be 0, by name.
  std::vector<std::pair<std::string, uint64_t>> invariants;
  std::vector<std::string> notes;  ///< troubles of the moment, the commonest refusals
  std::vector<std::string> to_try;
};

/// Lines of at most `width` columns, without line ends. Pure.
std::vector<std::string> RenderScreen(const ScreenModel& model, int width);
/// The same in one line, for logs. Pure.
std::string RenderLine(const ScreenModel& model);

/// A terminal that shows the screen again and again in place; elsewhere a line now and then. One thread.
class Terminal {
 public:
  explicit Terminal(int fd);
  ~Terminal();
  bool is_terminal() const { return terminal_; }
  void Show(const ScreenModel& model);

 private:
  const int fd_;
  const bool terminal_;
  bool shown_ = false;
};

}  // namespace escalon::load

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/core/result.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"

namespace escalon::runtime {

/// Files that a running process takes up again when they change (by time of change, size or inode, so a mounted secret
/// that is swapped by a link counts too). A change that is refused, or a file that is gone for a moment, leaves in
/// force what was read before, and is tried again at each look.
///
/// Add before Start; functions run on the watch's own thread.
class FileWatch {
 public:
  static constexpr DurationMs kLookEveryMs = 2 * kSecondMs;

  FileWatch(const Clock& machine_clock, Logger log, Metrics& metrics);
  ~FileWatch();  ///< stops
  /// `name` as metrics and logs have it: `credentials`. The file as it is now counts as read.
  void Add(const std::string& name, std::string path, std::function<Status()> reload);
  void Start();
  void Stop();
  /// One look at every file; what the thread does every kLookEveryMs.
  void Look();

 private:
  /// What tells one content of a file from the next; all 0 when it cannot be asked.
  struct Mark {
    int64_t changed_ns = 0, size = 0;
    uint64_t inode = 0;
    bool operator==(const Mark&) const = default;
  };
  struct File {
    std::string name, path;
    std::function<Status()> reload;
    Mark read;
    CounterRef done, refused;
    GaugeRef stale;
  };
  static Mark MarkOf(const std::string& path);
  void Again();

  Logger log_;
  Metrics& metrics_;
  std::vector<File> files_;
  LoopThread thread_;
};

}  // namespace escalon::runtime

#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "services/intake/listing/case_filter.h"
#include "services/intake/listing/case_lister.h"
#include "services/intake/watch/case_tail.h"

namespace escalon::intake {

/// One change as a watcher is told of it.
struct WatchedChange {
  std::shared_ptr<const Case> c;
  std::vector<std::string> kinds;  ///< empty: the case was there already
  std::string actor;
  InstantMs at = 0;
};

/// Who watches. Called on the loop's thread; must not block.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void OnChange(const WatchedChange& change) = 0;
  /// Changes may have been missed.
  virtual void OnGap() = 0;
  /// The door closes: nothing more comes.
  virtual void OnEnd() = 0;
};

struct WatchQuestion {
  std::string tenant;
  CaseFilter filter;
  std::unordered_set<CaseId> ids;  ///< empty: all
  bool include_present = false;
  std::function<bool(const Case&)> visible;
};

/// Tells watchers of changes: the log says which case changed, the live view how it stands then. Costs nothing while
/// nobody watches.
class WatchHub {
 public:
  WatchHub(log::ShardSourceConfig source, LiveView& view, runtime::Logger log);

  /// Any thread. False: the loop has ended.
  bool Add(std::shared_ptr<Watcher> watcher, WatchQuestion question);
  /// Any thread.
  void Remove(const Watcher* watcher);
  /// Any thread: every watcher is ended and no new one is taken.
  void End();

 private:
  struct Entry {
    std::shared_ptr<Watcher> watcher;
    WatchQuestion question;
  };
  /// Changes of one shard whose cases the view is asked for.
  struct Reading {
    int shard = 0;
    std::vector<CountedChange> changes;
    int tries = 0;
  };
  void OnChanges(std::vector<CountedChange>&& changes);
  void Read(std::shared_ptr<Reading> reading);
  void Tell(const CountedChange& change, const std::shared_ptr<const Case>& c);
  void TellPresent(const std::shared_ptr<Watcher>& watcher, std::optional<PagePlace> from);
  void Gap();
  const Entry* Find(const Watcher* watcher) const;
  static bool Wants(const WatchQuestion& question, const CountedChange& change);

  LiveView& view_;
  CaseLister lister_;
  CaseTail tail_;
  std::list<Entry> watchers_;
  size_t reading_ = 0;  ///< changes whose cases are being read
  bool ended_ = false;
};

}  // namespace escalon::intake

#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/domain/case.h"
#include "common/view/keys.h"

namespace escalon::view {

/// Gathers what one script does to a shard, one operation a key (scripts.h): many cases in one index are one ZADD.
class Operations {
 public:
  Operations(const ShardKeys& keys, int history, DurationMs keep_history_ms)
      : keys_(keys), history_(history), keep_history_ms_(keep_history_ms) {}

  /// `before` is the case as the view has it; nullptr: not there.
  void Put(const Case* before, const Case& after, std::string snapshot, const std::vector<std::string>& history);
  void PutKey(const Bytes16& fingerprint, std::string_view value, InstantMs expires_at);
  /// The views refer to this object.
  void AppendTo(std::vector<std::string_view>* keys, std::vector<std::string_view>* arguments);

 private:
  struct Members {
    std::vector<std::pair<std::string, std::string>> add;  ///< score, member
    std::vector<std::string> remove;
  };
  struct Single {
    std::string key;
    std::vector<std::string> words;
  };
  void Add(const std::string& key, InstantMs score, const std::string& member);
  void Remove(const std::string& key, const std::string& member);

  const ShardKeys& keys_;
  const int history_;
  const DurationMs keep_history_ms_;
  std::map<std::string, Members> sets_;
  std::set<std::string> hours_;
  std::vector<std::string> new_names_;
  std::deque<Single> singles_;
  std::deque<std::string> numbers_;
};

}  // namespace escalon::view

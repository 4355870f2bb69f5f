#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "common/domain/case.h"
#include "common/view/keys.h"

namespace escalon::view {

/// Gathers what one script does to a shard, one operation a key (scripts.h): many cases in one index are one ZADD.
class Operations {
 public:
  /// `known_names`: index keys that `names` has already; those new in this script are added when it is written
  /// (NewNames).
  Operations(const ShardKeys& keys, int history, DurationMs keep_history_ms,
             const std::unordered_set<std::string>& known_names)
      : keys_(keys), history_(history), keep_history_ms_(keep_history_ms), known_names_(known_names) {}

  /// `before` is the case as the view has it; nullptr: not there.
  /// `begins_history`: what the view has of its history is forgotten first.
  void Put(const Case* before, const Case& after, std::string snapshot, const std::vector<std::string>& history,
           bool begins_history = false);
  void PutKey(const Bytes16& fingerprint, std::string_view value, InstantMs expires_at);
  /// After AppendTo: what `names` has once the script was written.
  const std::vector<std::string>& NewNames() const { return new_names_; }
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
  const std::unordered_set<std::string>& known_names_;
  std::map<std::string, std::vector<std::string>> hashes_;     ///< by key: field, value, field, value, …
  std::map<std::string, std::vector<std::string>> forgotten_;  ///< by key: field and the value that it must still have
  std::set<std::string> hours_;
  std::vector<std::string> new_names_;
  std::deque<Single> singles_;
  std::deque<std::string> numbers_;
};

}  // namespace escalon::view

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/vocabulary.h"

namespace escalon::notification {

/// More than `most` messages to one person within `window` become one.
struct BundlePolicy {
  size_t informs = 5;
  DurationMs inform_window_ms = kMinuteMs;
  size_t pages = 10;  ///< pages are bundled, never dropped (DESIGN §6 "Storms")
  DurationMs page_window_ms = 10 * kSecondMs;
  size_t most_in_bundle = 100;
};

/// Which messages wait to go together. Only counts and lists: what they are is the dispatcher's. One thread.
class Bundler {
 public:
  explicit Bundler(const BundlePolicy& policy) : policy_(policy) {}

  /// A message for `person` (with the tenant) begins at `now`. True: it has to wait for its bundle; keep it until
  /// TakeDue gives it.
  bool Wants(const std::string& person, IntentPurpose purpose, InstantMs now);
  void Add(const std::string& person, IntentPurpose purpose, uint64_t delivery, InstantMs now);
  /// Bundles that are over, each a list of deliveries in the order added.
  std::vector<std::vector<uint64_t>> TakeDue(InstantMs now);
  /// The wall clock was set back by so much: what waits by it comes as much sooner.
  void SetBack(DurationMs by);
  InstantMs next_due() const { return due_.empty() ? kNever : due_.begin()->first; }

 private:
  struct Key {
    std::string person;
    IntentPurpose purpose;
    auto operator<=>(const Key&) const = default;
  };
  struct Line {
    std::deque<InstantMs> recent;  ///< messages within the window
    std::vector<uint64_t> held;
    InstantMs due_at = 0;  ///< of `held`
  };
  DurationMs Window(IntentPurpose purpose) const {
    return purpose == IntentPurpose::kPage ? policy_.page_window_ms : policy_.inform_window_ms;
  }
  void Prune(InstantMs now);

  const BundlePolicy policy_;
  std::map<Key, Line> lines_;
  std::multimap<InstantMs, Key> due_;
  InstantMs pruned_at_ = 0;
};

}  // namespace escalon::notification

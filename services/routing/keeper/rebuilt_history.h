#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "services/routing/keeper/ports.h"

namespace escalon::routing {

/// The last batches of every live case, gathered from the log for a view that has to be written whole. As many of each
/// as the view keeps, the newest ones, without a hole: a reader counts versions back from the end.
class RebuiltHistory {
 public:
  void Add(const CaseId& id, std::string bytes) {
    std::deque<std::string>& batches = cases_[id];
    batches.push_back(std::move(bytes));
    if (batches.size() > kMost) batches.pop_front();
  }
  void Forget(const CaseId& id) { cases_.erase(id); }
  void Clear() { cases_.clear(); }
  /// Oldest first for each case; appends to `out` and leaves nothing here.
  void MoveTo(std::vector<HistoryItem>* out) {
    for (auto& [id, batches] : cases_) {
      for (std::string& bytes : batches) out->push_back({id, std::move(bytes)});
    }
    cases_.clear();
  }

 private:
  static constexpr size_t kMost = 200;
  std::unordered_map<CaseId, std::deque<std::string>> cases_;
};

}  // namespace escalon::routing

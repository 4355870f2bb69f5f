#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/core/ids.h"
#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/kpi/case_story.h"

namespace escalon::escalonctl {

/// The stories of many cases, from the batches of a case log in the order of versions. Pure; one thread.
class StoryBook {
 public:
  /// One version of a case, as it counts. A case of which an earlier version is missing is left aside.
  void Take(const CaseId& id, const std::string& tenant, uint64_t version, const EventBatch& batch);
  /// A version that cannot be read: its case is left aside.
  void Leave(const CaseId& id);

  /// Of all cases that are known from their opening on, by their opening.
  std::vector<const kpi::CaseStory*> Stories() const;
  uint64_t left_aside() const;
  /// Of the newest batch.
  InstantMs last_at() const { return last_at_; }

 private:
  struct Entry {
    Case c;
    kpi::CaseStory story;
    bool aside = false;
  };
  std::unordered_map<CaseId, Entry> cases_;
  InstantMs last_at_ = 0;
};

}  // namespace escalon::escalonctl

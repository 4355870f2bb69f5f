#include "services/escalonctl/report/story_book.h"

#include <algorithm>
#include <tuple>

namespace escalon::escalonctl {

void StoryBook::Take(const CaseId& id, const std::string& tenant, uint64_t version, const EventBatch& batch) {
  Entry& entry = cases_[id];
  if (entry.aside) return;
  if (version != entry.c.version + 1) {
    entry.aside = true;
    return;
  }
  entry.c.id = id;
  entry.c.tenant = tenant;
  Evolve(entry.c, batch);
  entry.story.Take(entry.c, batch);
  last_at_ = std::max(last_at_, batch.at);
}

void StoryBook::Leave(const CaseId& id) { cases_[id].aside = true; }

std::vector<const kpi::CaseStory*> StoryBook::Stories() const {
  std::vector<const kpi::CaseStory*> out;
  for (const auto& [id, entry] : cases_) {
    if (!entry.aside) out.push_back(&entry.story);
  }
  std::sort(out.begin(), out.end(), [](const kpi::CaseStory* a, const kpi::CaseStory* b) {
    return std::tie(a->opened_at, a->id) < std::tie(b->opened_at, b->id);
  });
  return out;
}

uint64_t StoryBook::left_aside() const {
  return static_cast<uint64_t>(
      std::count_if(cases_.begin(), cases_.end(), [](const auto& one) { return one.second.aside; }));
}

}  // namespace escalon::escalonctl

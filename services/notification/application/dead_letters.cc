#include "services/notification/application/dead_letters.h"

namespace escalon::notification {

void DeadLetters::Add(DeadLetter letter) {
  Remove(letter.id);
  const std::string id = letter.id;
  const auto placed = by_id_.emplace(id, std::move(letter)).first;
  by_time_[{placed->second.last.at, id}] = &placed->second;
  if (by_id_.size() > kMost) Remove(by_time_.begin()->first.second);
}

const DeadLetter* DeadLetters::Find(const std::string& tenant, const std::string& id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || (!tenant.empty() && found->second.last.tenant != tenant)) return nullptr;
  return &found->second;
}

void DeadLetters::Remove(const std::string& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  by_time_.erase({found->second.last.at, found->first});
  by_id_.erase(found);
}

void DeadLetters::Drop(int shard) {
  for (auto it = by_id_.begin(); it != by_id_.end();) {
    const auto here = it++;
    if (here->second.shard != shard) continue;
    by_time_.erase({here->second.last.at, here->first});
    by_id_.erase(here);
  }
}

std::vector<DeadLetter> DeadLetters::List(const std::string& tenant, const CaseId& case_id, InstantMs before_at,
                                          const std::string& before_id, size_t limit) const {
  std::vector<DeadLetter> out;
  auto it = before_id.empty() ? by_time_.end() : by_time_.lower_bound({before_at, before_id});
  while (it != by_time_.begin() && out.size() < limit) {
    --it;
    const DeadLetter& letter = *it->second;
    if (!tenant.empty() && letter.last.tenant != tenant) continue;
    if (!case_id.empty() && letter.last.case_id != case_id) continue;
    out.push_back(letter);
  }
  return out;
}

}  // namespace escalon::notification

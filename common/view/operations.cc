#include "common/view/operations.h"

#include <algorithm>

#include "common/core/digest.h"

namespace escalon::view {
namespace {

constexpr DurationMs kKeepKeys =
    100 * kHourMs;  ///< keys live 72 h from their first use; counted anew at each write of their hour

}  // namespace

void Operations::Add(const std::string& key, InstantMs score, const std::string& member) {
  sets_[key].add.emplace_back(std::to_string(score), member);
}

void Operations::Remove(const std::string& key, const std::string& member) { sets_[key].remove.push_back(member); }

void Operations::Put(const Case* before, const Case& after, std::string snapshot,
                     const std::vector<std::string>& history, bool begins_history) {
  const std::string id = HexOf(after.id);
  const std::string case_key = keys_.of_case(after.id);
  const std::vector<IndexEntry> old_entries = before != nullptr ? IndexesOf(*before) : std::vector<IndexEntry>{};
  const std::vector<IndexEntry> new_entries = after.retired ? std::vector<IndexEntry>{} : IndexesOf(after);
  for (const IndexEntry& entry : old_entries) {
    const bool stays =
        std::any_of(new_entries.begin(), new_entries.end(), [&](const IndexEntry& n) { return n.key == entry.key; });
    if (stays) continue;
    if (entry.unique) {
      std::vector<std::string>& pairs = forgotten_[keys_.unique()];
      pairs.push_back(entry.key);
      pairs.push_back(id);
    } else {
      Remove(keys_.tag() + entry.key, id);
    }
  }
  for (const IndexEntry& entry : new_entries) {
    if (std::find(old_entries.begin(), old_entries.end(), entry) != old_entries.end()) continue;
    if (entry.unique) {
      std::vector<std::string>& pairs = hashes_[keys_.unique()];
      pairs.push_back(entry.key);
      pairs.push_back(id);
      continue;
    }
    Add(keys_.tag() + entry.key, entry.score >= 9.2e18 ? kNever : static_cast<InstantMs>(entry.score), id);
    if (!known_names_.contains(entry.key)) new_names_.push_back(entry.key);
  }
  if (begins_history) singles_.push_back({keys_.history(after.id), {"D"}});
  if (!history.empty()) {
    Single append{keys_.history(after.id), {"R", std::to_string(history_), std::to_string(history.size())}};
    append.words.insert(append.words.end(), history.begin(), history.end());
    singles_.push_back(std::move(append));
  }
  const InstantMs due = after.retired ? kNever : after.next_due_at(),
                  was_due = before != nullptr ? before->next_due_at() : kNever;
  if (due != was_due || before == nullptr) {
    if (due == kNever) {
      if (before != nullptr) Remove(keys_.due(), id);
    } else {
      Add(keys_.due(), due, id);
    }
  }
  if (after.retired) {
    Remove(keys_.all(), id);
    singles_.push_back({case_key, {"D"}});
    singles_.push_back({keys_.history(after.id), {"E", std::to_string(keep_history_ms_ / kSecondMs)}});
    return;
  }
  if (before == nullptr) Add(keys_.all(), after.opened_at, id);
  singles_.push_back({case_key, {"S", std::move(snapshot)}});
}

void Operations::PutKey(const Bytes16& fingerprint, std::string_view value, InstantMs expires_at) {
  const std::string hour = keys_.keys_of_hour(expires_at);
  hours_.insert(hour);
  std::vector<std::string>& pairs = hashes_[hour];
  pairs.emplace_back(reinterpret_cast<const char*>(fingerprint.data()), fingerprint.size());
  pairs.emplace_back(value);
}

void Operations::AppendTo(std::vector<std::string_view>* keys, std::vector<std::string_view>* arguments) {
  if (!new_names_.empty()) {
    std::sort(new_names_.begin(), new_names_.end());
    new_names_.erase(std::unique(new_names_.begin(), new_names_.end()), new_names_.end());
    Single add{keys_.names(), {"A", std::to_string(new_names_.size())}};
    add.words.insert(add.words.end(), new_names_.begin(), new_names_.end());
    singles_.push_back(std::move(add));
  }
  for (const auto& [key, members] : sets_) {
    if (!members.remove.empty()) {
      keys->push_back(key);
      numbers_.push_back(std::to_string(members.remove.size()));
      arguments->insert(arguments->end(), {"z", numbers_.back()});
      for (const std::string& member : members.remove) arguments->push_back(member);
    }
    if (!members.add.empty()) {
      keys->push_back(key);
      numbers_.push_back(std::to_string(members.add.size()));
      arguments->insert(arguments->end(), {"Z", numbers_.back()});
      for (const auto& [score, member] : members.add) {
        arguments->push_back(score);
        arguments->push_back(member);
      }
    }
  }
  const auto append_pairs = [&](const std::string& key, std::string_view operation,
                                const std::vector<std::string>& pairs) {
    keys->push_back(key);
    numbers_.push_back(std::to_string(pairs.size() / 2));
    arguments->insert(arguments->end(), {operation, numbers_.back()});
    for (const std::string& word : pairs) arguments->push_back(word);
  };
  for (const auto& [key, pairs] : forgotten_) append_pairs(key, "h", pairs);
  for (const auto& [key, pairs] : hashes_) append_pairs(key, "H", pairs);
  for (const std::string& hour : hours_) singles_.push_back({hour, {"E", std::to_string(kKeepKeys / kSecondMs)}});
  for (const Single& single : singles_) {
    keys->push_back(single.key);
    for (const std::string& word : single.words) arguments->push_back(word);
  }
}

}  // namespace escalon::view

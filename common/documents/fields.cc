#include "common/documents/fields.h"

namespace escalon::documents {

Fields::Fields(const Value& map) : map_(map) {
  if (!map.is_map()) map.Fault("must be a map of keys and values, such as {id: x}");
}

Fields::~Fields() {
  if (!readable()) return;
  if (KeyCensus* census = map_.report->census()) {
    std::set<std::string>& keys = census->keys[map_.path];
    for (const std::string& key : asked_) {
      if (!refused_.contains(key)) keys.insert(key);
    }
  }
  for (const Node::Entry& entry : map_.node->entries) {
    if (entry.key.starts_with("x-")) continue;
    const Value value = map_.At(entry);
    if (const std::string trap = QuotingTrap(entry.key, entry.quoted); !trap.empty()) {
      value.report->Add(value.path, trap, entry.line);
    }
    if (asked_.contains(entry.key) || names_.contains(entry.key)) continue;
    const std::vector<std::string> known(asked_.begin(), asked_.end());
    value.report->Add(value.path, "unknown key" + DidYouMean(entry.key, known), entry.line);
  }
}

std::optional<Value> Fields::Take(std::string_view key) {
  asked_.emplace(key);
  if (!readable()) return std::nullopt;
  for (const Node::Entry& entry : map_.node->entries) {
    if (entry.key == key) return map_.At(entry);
  }
  return std::nullopt;
}

std::optional<Value> Fields::Take(std::string_view key, std::string_view other_word) {
  std::optional<Value> first = Take(key);
  std::optional<Value> second = Take(other_word);
  if (first && second) {
    second->Fault("says the same as \"" + std::string(key) + "\"; keep one of the two");
  }
  return first ? first : second;
}

void Fields::Missing(std::string_view key) {
  if (!readable()) return;
  const std::string path = map_.path.empty() ? std::string(key) : map_.path + "." + std::string(key);
  map_.report->Add(path, "is missing; add it", map_.node->line);
}

void Fields::Elsewhere(std::string_view key, std::string_view where) {
  refused_.emplace(key);
  if (const std::optional<Value> value = Take(key)) {
    value->Fault("is not set here; remove the key: " + std::string(where));
  }
}

std::vector<Value> Fields::TakeRest(std::vector<std::string>* names) {
  std::vector<Value> rest;
  if (!readable()) return rest;
  for (const Node::Entry& entry : map_.node->entries) {
    if (entry.key.starts_with("x-") || asked_.contains(entry.key) || !names_.insert(entry.key).second) continue;
    rest.push_back(map_.At(entry));
    names->push_back(entry.key);
  }
  return rest;
}

}  // namespace escalon::documents

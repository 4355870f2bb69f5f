#include "common/domain/storms.h"

namespace escalon {
namespace {

const std::string* LabelOf(const Facts& facts, std::string_view name) {
  const auto found = facts.labels.find(std::string(name));
  return found == facts.labels.end() || found->second.empty() ? nullptr : &found->second;
}

}  // namespace

std::string_view Name(StormLink link) { return link == StormLink::kService ? "same_service" : "same_key"; }

std::string LinkKeyOf(StormLink link, const Facts& facts) {
  if (link == StormLink::kService) return facts.service.empty() ? std::string() : "service " + facts.service;
  const std::string* key = LabelOf(facts, kAlertKeyLabel);
  if (key == nullptr) key = LabelOf(facts, kAlertNameLabel);
  return key == nullptr ? std::string() : "key " + facts.source + " " + *key;
}

std::vector<std::string> LinkKeysOf(const Facts& facts) {
  std::vector<std::string> keys;
  for (const StormLink link : {StormLink::kService, StormLink::kKey}) {
    std::string key = LinkKeyOf(link, facts);
    if (!key.empty()) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace escalon

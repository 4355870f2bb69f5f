#include "common/domain/condition_overlap.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>

namespace escalon {
namespace {

/// For each field, the values of which a case must have one to meet the condition. A field that is not here is free.
using Wanted = std::map<std::string, std::set<std::string>>;

std::set<std::string> Common(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::set<std::string> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(common, common.end()));
  return common;
}

Wanted WantedBy(const Condition& condition);

Wanted WantedByAll(const std::vector<Condition>& parts) {
  Wanted all;
  for (const Condition& part : parts) {
    for (auto& [field, values] : WantedBy(part)) {
      const auto it = all.find(field);
      if (it == all.end()) {
        all.emplace(field, values);
      } else {
        it->second = Common(it->second, values);
      }
    }
  }
  return all;
}

/// Only what every alternative constrains is constrained.
Wanted WantedByAny(const std::vector<Condition>& parts) {
  if (parts.empty()) return {};
  Wanted any = WantedBy(parts.front());
  for (size_t i = 1; i < parts.size(); ++i) {
    Wanted other = WantedBy(parts[i]);
    std::erase_if(any, [&other](const auto& entry) { return !other.contains(entry.first); });
    for (auto& [field, values] : any) values.insert(other[field].begin(), other[field].end());
  }
  return any;
}

Wanted WantedBy(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::kAll:
      return WantedByAll(condition.parts);
    case Condition::Kind::kAny:
      return WantedByAny(condition.parts);
    case Condition::Kind::kAlways:
    case Condition::Kind::kNot:
    case Condition::Kind::kWeighs:
      return {};
    case Condition::Kind::kCompare:
      break;
  }
  const bool names_values = condition.op == Condition::Op::kIs || condition.op == Condition::Op::kIn;
  if (!names_values || IsListField(condition.field)) return {};
  return {{condition.field, {condition.values.begin(), condition.values.end()}}};
}

}  // namespace

bool MayOverlap(const Condition& a, const Condition& b) {
  const Wanted wanted_a = WantedBy(a);
  const Wanted wanted_b = WantedBy(b);
  return std::none_of(wanted_a.begin(), wanted_a.end(), [&wanted_b](const auto& entry) {
    const auto it = wanted_b.find(entry.first);
    return it != wanted_b.end() && Common(entry.second, it->second).empty();
  });
}

}  // namespace escalon

#include "common/explanation/difference.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "common/explanation/statement.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

using ByKey = std::map<std::string_view, const Statement*>;

ByKey Keyed(const std::vector<Statement>& statements) {
  ByKey by_key;
  for (const Statement& statement : statements) by_key.emplace(statement.key, &statement);
  return by_key;
}

/// A difference before priorities are gathered.
struct Found {
  const Statement* statement;
  std::string what;
  std::vector<Priority> priorities;
};

std::string Change(const Statement* before, const Statement* after) {
  const std::string was = before != nullptr ? before->value : "";
  const std::string is = after != nullptr ? after->value : "";
  const std::string& subject = (after != nullptr ? after : before)->subject;
  if (was.empty()) return "new: " + subject + " " + is;
  if (is.empty()) return "no longer: " + subject + " " + was;
  return subject + " " + is + " instead of " + was;
}

/// Says nothing of its own: the part to which it belongs came or went as a whole.
bool Follows(const Statement& statement, const ByKey& other) {
  return !statement.parent.empty() && !other.contains(statement.parent);
}

void Add(const Statement& of, std::string what, std::vector<Found>* out) {
  const auto same = std::find_if(out->begin(), out->end(), [&](const Found& found) {
    return !found.priorities.empty() && of.priority != Priority::kUnset && found.what == what &&
           found.statement->which == of.which;
  });
  if (same != out->end()) {
    same->priorities.push_back(of.priority);
    return;
  }
  Found& found = out->emplace_back(Found{&of, std::move(what), {}});
  if (of.priority != Priority::kUnset) found.priorities.push_back(of.priority);
}

std::string Which(const Found& found) {
  if (found.priorities.empty() || found.priorities.size() == kPriorities.size()) return found.statement->which;
  std::vector<std::string> names;
  for (const Priority priority : found.priorities) names.emplace_back(Name(priority));
  return found.statement->which + ", at " + Listed(names);
}

}  // namespace

std::vector<Difference> Differences(const Policy& before, const Policy& after) {
  const std::vector<Statement> was = StatementsOf(before), is = StatementsOf(after);
  const ByKey was_by_key = Keyed(was), is_by_key = Keyed(is);
  std::vector<Found> found;
  for (const Statement& statement : is) {
    const auto old = was_by_key.find(statement.key);
    const Statement* earlier = old != was_by_key.end() ? old->second : nullptr;
    if (Follows(statement, was_by_key)) continue;
    if ((earlier != nullptr ? earlier->value : "") == statement.value) continue;
    Add(statement, Change(earlier, &statement), &found);
  }
  for (const Statement& statement : was) {
    if (is_by_key.contains(statement.key) || Follows(statement, is_by_key) || statement.value.empty()) continue;
    Add(statement, Change(&statement, nullptr), &found);
  }
  std::vector<Difference> differences;
  for (Found& one : found) differences.push_back({Which(one), std::move(one.what)});
  return differences;
}

}  // namespace escalon::explanation

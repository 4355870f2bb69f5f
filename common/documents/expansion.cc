#include "common/documents/expansion.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "common/documents/header_section.h"
#include "common/documents/yaml_tree.h"
#include "common/documents/yaml_writer.h"
#include "common/domain/civil.h"
#include "common/domain/vocabulary.h"

namespace escalon {
namespace documents {
namespace {

using Change = std::function<void(Node*)>;

Node Text(std::string text, bool quoted = false) {
  Node node;
  node.kind = Node::Kind::kText;
  node.text = std::move(text);
  node.quoted = quoted;
  return node;
}

Node List(std::vector<Node> items) {
  Node node;
  node.kind = Node::Kind::kList;
  node.items = std::move(items);
  return node;
}

Node Map(std::vector<Node::Entry> entries) {
  Node node;
  node.kind = Node::Kind::kMap;
  node.entries = std::move(entries);
  return node;
}

bool IsMap(const Node& node) { return node.kind == Node::Kind::kMap; }
bool IsText(const Node& node) { return node.kind == Node::Kind::kText; }

Node* Find(Node* map, std::string_view key) {
  if (!IsMap(*map)) return nullptr;
  for (Node::Entry& entry : map->entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

/// `key` is written `word` from now on.
void Rename(Node* map, std::string_view key, std::string_view word) {
  if (!IsMap(*map)) return;
  for (Node::Entry& entry : map->entries) {
    if (entry.key == key) entry.key = word;
  }
}

void At(Node* map, std::string_view key, const Change& change) {
  if (Node* below = Find(map, key)) change(below);
}

void Each(Node* map_or_list, const Change& change) {
  for (Node& item : map_or_list->items) change(&item);
  for (Node::Entry& entry : map_or_list->entries) {
    if (!entry.key.starts_with("x-")) change(&entry.value);
  }
}

void AsList(Node* node) {
  if (node->kind != Node::Kind::kList) *node = List({*node});
}

void EachInList(Node* node, const Change& change) {
  AsList(node);
  Each(node, change);
}

bool NamesPriorities(const Node& node) {
  return IsMap(node) && std::any_of(node.entries.begin(), node.entries.end(), [](const Node::Entry& entry) {
           return entry.key == "default" || ParsePriority(entry.key).has_value();
         });
}

void PerPriority(Node* node, const Change& change) {
  std::vector<Node::Entry> entries;
  const Node* otherwise = NamesPriorities(*node) ? Find(node, "default") : node;
  for (const Priority priority : {Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4}) {
    const Node* own = NamesPriorities(*node) ? Find(node, Name(priority)) : nullptr;
    if (own == nullptr) own = otherwise;
    if (own == nullptr) continue;
    Node value = *own;
    change(&value);
    entries.push_back({std::string(Name(priority)), 0, false, std::move(value)});
  }
  *node = Map(std::move(entries));
}

void AsItIs(Node*) {}

/// `1bd` as {days: 1}
void Target(Node* node) {
  if (!IsText(*node) || !node->text.ends_with("bd")) return;
  *node = Map({{"days", 0, false, Text(node->text.substr(0, node->text.size() - 2))}});
}

/// `75%` as {percent: 75}
void Warning(Node* node) {
  if (!IsText(*node) || !node->text.ends_with('%')) return;
  *node = Map({{"percent", 0, false, Text(node->text.substr(0, node->text.size() - 1))}});
}

/// `500 EUR` as {amount: 500 EUR}
void Penalty(Node* node) {
  if (IsText(*node)) *node = Map({{"amount", 0, false, *node}});
}

void ClockWord(Node* node) {
  if (node->text == "acknowledged_by_human") node->text = "acknowledged";
  if (node->text == "public_reply_by_person") node->text = "public_reply";
}

/// `09:00-17:00` as ["09:00", "17:00"]
void Window(Node* node) {
  const size_t dash = IsText(*node) ? node->text.find('-') : std::string::npos;
  if (dash == std::string::npos) return;
  *node = List({Text(node->text.substr(0, dash), true), Text(node->text.substr(dash + 1), true)});
}

void Windows(Node* node) { EachInList(node, Window); }

void Weekly(Node* node) {
  if (!IsMap(*node)) return;
  std::vector<Node::Entry> days;
  for (Node::Entry& entry : node->entries) {
    const size_t dash = entry.key.find('-');
    const std::optional<int> first = ParseWeekday(std::string_view(entry.key).substr(0, dash));
    const std::optional<int> last =
        dash == std::string::npos ? first : ParseWeekday(std::string_view(entry.key).substr(dash + 1));
    if (!first || !last) {
      days.push_back(std::move(entry));
      continue;
    }
    Windows(&entry.value);
    for (int day = *first;; day = (day + 1) % 7) {
      days.push_back({std::string(kWeekdayNames[static_cast<size_t>(day)]), 0, false, entry.value});
      if (day == *last) break;
    }
  }
  node->entries = std::move(days);
}

void Calendar(Node* node) {
  Rename(node, "zone", "timezone");
  Rename(node, "hours", "weekly");
  At(node, "weekly", Weekly);
  At(node, "overrides", [](Node* overrides) { Each(overrides, Windows); });
}

void StepTarget(Node* node) {
  Rename(node, "skill", "skills");
  At(node, "skills", [](Node* skills) {
    if (!IsText(*skills) || skills->text != "case.skills") AsList(skills);
  });
}

void Level(Node* node) {
  Rename(node, "target", "response");
  At(node, "response", Target);
  At(node, "resolution", Target);
  At(node, "people", StepTarget);
}

void Clock(Node* node) {
  Rename(node, "warn", "warnings");
  At(node, "warnings", [](Node* warnings) { EachInList(warnings, Warning); });
  At(node, "penalty", [](Node* penalties) { EachInList(penalties, Penalty); });
  At(node, "calendar", [](Node* calendar) { PerPriority(calendar, AsItIs); });
  At(node, "target", [](Node* target) { PerPriority(target, Target); });
  At(node, "start_on", [](Node* words) { EachInList(words, ClockWord); });
  At(node, "stop_on", [](Node* words) { EachInList(words, ClockWord); });
}

void Step(Node* node) {
  Rename(node, "via", "channels");
  At(node, "to", StepTarget);
  At(node, "channels", AsList);
  At(node, "wait", [](Node* wait) { PerPriority(wait, Target); });
  At(node, "calendar", [](Node* calendar) { PerPriority(calendar, AsItIs); });
}

void Track(Node* node) {
  if (!IsMap(*node)) return;
  Rename(node, "if_empty", "on_empty");
  if (Node* ack = Find(node, "ack"); ack != nullptr && IsMap(*ack)) {
    if (const Node* lease = Find(ack, "lease")) {
      node->entries.push_back({"acknowledgement_lease", 0, false, *lease});
    }
    std::erase_if(node->entries, [](const Node::Entry& entry) { return entry.key == "ack"; });
  }
  At(node, "acknowledgement_lease", [](Node* lease) { PerPriority(lease, AsItIs); });
  At(node, "on_empty", [](Node* empty) { PerPriority(empty, AsItIs); });
  At(node, "enter_at", [](Node* level) { PerPriority(level, AsItIs); });
  At(node, "stop_on", AsList);
  At(node, "steps", [](Node* steps) { EachInList(steps, Step); });
  At(node, "triggers",
     [](Node* triggers) { EachInList(triggers, [](Node* trigger) { At(trigger, "to", StepTarget); }); });
}

void CatchAll(Node* node) {
  if (IsText(*node)) *node = Map({{"team", 0, false, *node}});
}

void Path(Node* node) {
  At(node, "functional", Track);
  At(node, "hierarchical", Track);
  At(node, "catch_all", CatchAll);
}

void Communication(Node* node) {
  Rename(node, "via", "channels");
  At(node, "channels", AsList);
  At(node, "on", AsList);
  At(node, "to", AsList);
}

/// What each clock says of its pauses, as one table reason × clock.
void PauseStops(Node* root) {
  Node* clocks = Find(root, "clocks");
  if (clocks == nullptr) return;
  Node* known = Find(root, "pause_stops");
  Node table = known != nullptr ? *known : Map({});
  if (!IsMap(table)) return;
  Each(&table, AsList);
  for (Node::Entry& clock : clocks->entries) {
    const Node* when = Find(&clock.value, "pause_when");
    if (when == nullptr) continue;
    Node pending = *when;
    At(&pending, "pending", [&](Node* reasons) {
      EachInList(reasons, [&](Node* reason) {
        if (Find(&table, reason->text) == nullptr) table.entries.push_back({reason->text, 0, false, List({})});
        Find(&table, reason->text)->items.push_back(Text(clock.key));
      });
    });
    std::erase_if(clock.value.entries, [](const Node::Entry& entry) { return entry.key == "pause_when"; });
  }
  if (known != nullptr) {
    *known = std::move(table);
  } else if (!table.entries.empty()) {
    const auto at = std::find_if(root->entries.begin(), root->entries.end(),
                                 [](const Node::Entry& entry) { return entry.key == "clocks"; });
    root->entries.insert(at, {"pause_stops", 0, false, std::move(table)});
  }
}

void Expand(Node* root) {
  At(root, "holidays", [](Node* sets) { Each(sets, AsList); });
  At(root, "calendars", [](Node* calendars) { Each(calendars, Calendar); });
  At(root, "levels", [](Node* levels) { Each(levels, Level); });
  At(root, "clocks", [](Node* clocks) { Each(clocks, Clock); });
  PauseStops(root);
  At(root, "paths", [](Node* paths) { Each(paths, Path); });
  At(root, "catch_all", CatchAll);
  At(root, "approvals", AsList);
  At(root, "handover",
     [](Node* handover) { At(handover, "accept_within", [](Node* within) { PerPriority(within, AsItIs); }); });
  At(root, "follow_the_sun", [](Node* sun) {
    At(sun, "order", [](Node* order) {
      EachInList(order, [](Node* region) {
        if (IsText(*region)) *region = Map({{"region", 0, false, *region}});
      });
    });
  });
  At(root, "major_escalation", [](Node* major) {
    At(major, "managers", StepTarget);
    At(major, "review_within", Target);
  });
  At(root, "after", [](Node* after) {
    At(after, "monitoring", [](Node* span) { PerPriority(span, AsItIs); });
    At(after, "review", [](Node* review) { At(review, "within", Target); });
  });
  At(root, "communication", [](Node* rules) { EachInList(rules, Communication); });
}

}  // namespace
}  // namespace documents

Result<std::string> ExpandPolicy(std::string_view text) {
  Result<documents::Node> root = documents::ReadYaml(text);
  if (!root) return root.error();
  if (Status kind = documents::CheckKind(*root, "Policy"); !kind) return kind.error();
  documents::Expand(&*root);
  return documents::WriteYaml(*root);
}

}  // namespace escalon

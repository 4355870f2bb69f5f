#include "common/domain/condition.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "absl/strings/str_join.h"

namespace escalon {
namespace {

using Values = std::vector<std::string>;

/// What values a field can have.
enum class Shape { kText, kList, kFlag, kNumber, kGrade, kPriority, kState };

struct Field {
  Shape shape;
  std::string_view name;
  std::string_view meaning;
  void (*read)(const Case& c, Values* out);
};

void AddText(const std::string& text, Values* out) {
  if (!text.empty()) out->push_back(text);
}
void AddFlag(bool flag, Values* out) { out->emplace_back(flag ? "true" : "false"); }
void AddNumber(uint64_t number, Values* out) { out->push_back(std::to_string(number)); }

/// An unset grade or priority has no value, so that `exists` and `ge` say what they mean.
template <typename E>
void AddUnlessUnset(E value, Values* out) {
  if (value != E::kUnset) out->emplace_back(Name(value));
}

constexpr std::string_view kLabelPrefix = "labels.";

constexpr auto
    kFields =
        std::
            to_array<Field>(
                {
                    {Shape::kText, "kind", "incident, request, complaint, …",
                     [](const Case& c, Values* out) { AddText(c.facts->kind, out); }},
                    {Shape::kText, "service", "the affected service",
                     [](const Case& c, Values* out) { AddText(c.facts->service, out); }},
                    {Shape::kText, "category", "as given, or as triage set it",
                     [](const Case& c, Values* out) { AddText(c.category, out); }},
                    {Shape::kText, "region", "of the requester",
                     [](const Case& c, Values* out) { AddText(c.facts->region, out); }},
                    {Shape::kText, "residency", "where personal data must stay",
                     [](const Case& c, Values* out) { AddText(c.facts->residency, out); }},
                    {Shape::kText, "customer", "customer or department id",
                     [](const Case& c, Values* out) { AddText(c.facts->customer, out); }},
                    {Shape::kText, "contract", "id of the contract",
                     [](const Case& c, Values* out) { AddText(c.facts->contract, out); }},
                    {Shape::kText, "source", "who submitted it",
                     [](const Case& c, Values* out) { AddText(c.facts->source, out); }},
                    {Shape::kGrade, "impact", "high, medium, low",
                     [](const Case& c, Values* out) { AddUnlessUnset(c.facts->impact, out); }},
                    {Shape::kGrade, "urgency", "high, medium, low",
                     [](const Case& c, Values* out) { AddUnlessUnset(c.facts->urgency, out); }},
                    {Shape::kGrade, "risk", "high, medium, low",
                     [](const Case& c, Values* out) { AddUnlessUnset(c.facts->risk, out); }},
                    {Shape::kGrade, "business_value", "of the service: high, medium, low",
                     [](const Case& c, Values* out) { AddUnlessUnset(c.facts->business_value, out); }},
                    {Shape::kGrade, "complexity", "as triage judged it: high, medium, low",
                     [](const Case& c, Values* out) { AddUnlessUnset(c.complexity, out); }},
                    {Shape::kFlag, "proactive", "true: a sensor or rule saw it first",
                     [](const Case& c, Values* out) { AddFlag(c.facts->proactive, out); }},
                    {Shape::kFlag, "restricted", "true: need-to-know only",
                     [](const Case& c, Values* out) { AddFlag(c.facts->restricted, out); }},
                    {Shape::kFlag, "imported", "true: taken over from another system",
                     [](const Case& c, Values* out) { AddFlag(c.imported, out); }},
                    {Shape::kList, "tags", "list", [](const Case& c, Values* out) { *out = c.facts->tags; }},
                    {Shape::kList, "skills", "list: needed for it",
                     [](const Case& c, Values* out) { *out = c.skills; }},
                    {Shape::kFlag, "requester.vip", "true or false",
                     [](const Case& c, Values* out) { AddFlag(c.facts->requester.vip, out); }},
                    {Shape::kText, "requester.language", "BCP 47",
                     [](const Case& c, Values* out) { AddText(c.facts->requester.language, out); }},
                    {Shape::kFlag, "reporter.vip", "true or false",
                     [](const Case& c, Values* out) { AddFlag(c.facts->reporter.vip, out); }},
                    {Shape::kText, "reporter.language", "BCP 47",
                     [](const Case& c, Values* out) { AddText(c.facts->reporter.language, out); }},
                    {Shape::kPriority, "priority", "P1 … P4",
                     [](const Case& c, Values* out) { AddUnlessUnset(c.priority, out); }},
                    {Shape::kState, "state", "new, triaged, assigned, …",
                     [](const Case& c, Values* out) { out->emplace_back(Name(c.state)); }},
                    {Shape::kText, "level", "of the functional track",
                     [](const Case& c, Values* out) { AddText(c.functional.level, out); }},
                    {Shape::kText, "management_level", "of the hierarchical track",
                     [](const Case& c, Values* out) { AddText(c.hierarchical.level, out); }},
                    {Shape::kText, "owner.team", "team that owns it",
                     [](const Case& c, Values* out) { AddText(c.owner.team, out); }},
                    {Shape::kText, "owner.person", "person who owns it",
                     [](const Case& c, Values* out) { AddText(c.owner.person, out); }},
                    {Shape::kFlag, "acknowledged", "true: somebody is on it",
                     [](const Case& c, Values* out) { AddFlag(!c.acknowledged_by.empty(), out); }},
                    {Shape::kFlag, "major", "true: a major escalation is open",
                     [](const Case& c, Values* out) { AddFlag(c.open_major() != nullptr, out); }},
                    {Shape::kText, "pending_reason", "what it waits for",
                     [](const Case& c, Values* out) { AddText(c.pending.reason, out); }},
                    {Shape::kList, "breaches", "list: promises broken so far, by clock",
                     [](const Case& c, Values* out) {
                       for (const auto& [clock, at] : c.breaches) out->push_back(clock);
                     }},
                    {Shape::kText, "path", "the path it is on",
                     [](const Case& c, Values* out) { AddText(c.path, out); }},
                    {Shape::kNumber, "reports", "number: how often the source reported it",
                     [](const Case& c, Values* out) { AddNumber(c.reports, out); }},
                    {Shape::kNumber, "escalations", "number so far",
                     [](const Case& c, Values* out) { AddNumber(c.escalations, out); }},
                    {Shape::kNumber, "re_escalations", "number: recurrences in monitoring",
                     [](const Case& c, Values* out) { AddNumber(c.re_escalations, out); }},
                    {Shape::kNumber, "reassignments", "number so far",
                     [](const Case& c, Values* out) { AddNumber(c.reassignments, out); }},
                    {Shape::kNumber, "reopens", "number so far",
                     [](const Case& c, Values* out) { AddNumber(c.reopens, out); }},
                    {Shape::kNumber, "attempts_failed", "number: logged attempts that did not work",
                     [](const Case& c, Values* out) { AddNumber(c.attempts_failed, out); }},
                    {Shape::kNumber, "handovers_declined", "number so far",
                     [](const Case& c, Values* out) { AddNumber(c.handovers_declined, out); }},
                });

const Field* FindField(std::string_view name) {
  const auto it =
      std::find_if(kFields.begin(), kFields.end(), [name](const Field& field) { return field.name == name; });
  return it != kFields.end() ? &*it : nullptr;
}

bool Contains(const Values& values, const std::string& wanted) {
  return std::find(values.begin(), values.end(), wanted) != values.end();
}

/// The greater the more: numbers as they are, P1 above P4, high above low. None for other text.
std::optional<int64_t> RankOf(std::string_view text) {
  int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault == std::errc() && end == text.data() + text.size()) return number;
  if (const auto priority = ParsePriority(text); priority && *priority != Priority::kUnset) {
    return 5 - static_cast<int64_t>(*priority);
  }
  if (const auto grade = ParseGrade(text); grade && *grade != Grade::kUnset) return 4 - static_cast<int64_t>(*grade);
  return std::nullopt;
}

bool Compares(const Condition& condition, const Values& actual) {
  const Values& wanted = condition.values;
  switch (condition.op) {
    case Condition::Op::kIs:
    case Condition::Op::kIn:
    case Condition::Op::kHasAny:
      return std::any_of(wanted.begin(), wanted.end(),
                         [&](const std::string& value) { return Contains(actual, value); });
    case Condition::Op::kHasAll:
      return std::all_of(wanted.begin(), wanted.end(),
                         [&](const std::string& value) { return Contains(actual, value); });
    case Condition::Op::kExists: {
      const bool should_exist = wanted.empty() || wanted.front() != "false";
      return actual.empty() != should_exist;
    }
    case Condition::Op::kGe:
    case Condition::Op::kLe: {
      if (wanted.empty() || actual.empty()) return false;
      const auto have = RankOf(actual.front());
      const auto bound = RankOf(wanted.front());
      if (!have || !bound) return false;
      return condition.op == Condition::Op::kGe ? *have >= *bound : *have <= *bound;
    }
  }
  return false;
}

}  // namespace

bool IsConditionField(std::string_view field) {
  return FindField(field) != nullptr || (field.starts_with(kLabelPrefix) && field.size() > kLabelPrefix.size());
}

bool IsAlwaysSaid(std::string_view field) {
  const Field* known = FindField(field);
  return known != nullptr &&
         (known->shape == Shape::kFlag || known->shape == Shape::kNumber || known->shape == Shape::kState);
}

bool IsListField(std::string_view field) {
  const Field* known = FindField(field);
  return known != nullptr && known->shape == Shape::kList;
}

bool IsCountable(std::string_view field) {
  const Field* known = FindField(field);
  return known != nullptr ? known->shape == Shape::kNumber : field.starts_with(kLabelPrefix);
}

bool IsConditionValue(std::string_view field, std::string_view value) {
  const Field* known = FindField(field);
  switch (known != nullptr ? known->shape : Shape::kText) {
    case Shape::kText:
    case Shape::kList:
      return true;
    case Shape::kFlag:
      return value == "true" || value == "false";
    case Shape::kNumber:
      return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    case Shape::kGrade:
      return ParseGrade(value).value_or(Grade::kUnset) != Grade::kUnset;
    case Shape::kPriority:
      return ParsePriority(value).value_or(Priority::kUnset) != Priority::kUnset;
    case Shape::kState:
      return ParseCaseState(value).has_value();
  }
  return true;
}

std::vector<std::string> ConditionFields() {
  std::vector<std::string> fields;
  for (const Field& field : kFields) fields.push_back(std::string(field.name) + ": " + std::string(field.meaning));
  fields.emplace_back("labels.<key>: a free key of the source");
  return fields;
}

std::vector<std::string> FieldValues(const Case& c, std::string_view field) {
  Values values;
  if (const Field* known = FindField(field)) {
    known->read(c, &values);
  } else if (field.starts_with(kLabelPrefix)) {
    const auto it = c.facts->labels.find(std::string(field.substr(kLabelPrefix.size())));
    if (it != c.facts->labels.end()) AddText(it->second, &values);
  }
  return values;
}

bool Holds(const Condition& condition, const Case& c, std::vector<std::pair<std::string, std::string>>* saw) {
  const auto holds = [&](const Condition& part) { return Holds(part, c, saw); };
  switch (condition.kind) {
    case Condition::Kind::kAlways:
      return true;
    case Condition::Kind::kAll:
      return std::all_of(condition.parts.begin(), condition.parts.end(), holds);
    case Condition::Kind::kAny:
      return std::any_of(condition.parts.begin(), condition.parts.end(), holds);
    case Condition::Kind::kNot:
      return std::none_of(condition.parts.begin(), condition.parts.end(), holds);
    case Condition::Kind::kWeighs: {
      const int weight = WeightOf(condition.factors, c, saw);
      if (saw != nullptr) {
        saw->emplace_back("weight", std::to_string(weight) + " of " + std::to_string(condition.at_least));
      }
      return weight >= condition.at_least;
    }
    case Condition::Kind::kCompare:
      break;
  }
  const Values actual = FieldValues(c, condition.field);
  if (saw != nullptr) saw->emplace_back(condition.field, absl::StrJoin(actual, ","));
  return Compares(condition, actual);
}

}  // namespace escalon

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/domain/weighing.h"

namespace escalon {

/// A structured condition of a policy (DESIGN §8): readable in a review, checkable by machine, never code.
struct Condition {
  enum class Kind { kAlways, kAll, kAny, kNot, kCompare, kWeighs };
  /// is: equal · in: one of · has_any / has_all: on lists · ge / le: on numbers and priorities (P1 is the greatest) ·
  /// exists
  enum class Op { kIs, kIn, kHasAny, kHasAll, kGe, kLe, kExists };
  Kind kind = Kind::kAlways;
  std::vector<Condition> parts;  ///< of all, any, not
  std::string field;             ///< kind, priority, tags, requester.vip, labels.<key>, escalations, …
  Op op = Op::kIs;
  std::vector<std::string> values;
  std::vector<WeighedFactor> factors;  ///< of weighs: several facts at once …
  int at_least = 0;                    ///< … that must count so much together
  bool operator==(const Condition&) const = default;
};

/// What a condition looks at, by field name. An unknown field is a finding of validation, not of evaluation.
bool IsConditionField(std::string_view field);
/// It has a value in every case: flags, counts, the state.
bool IsAlwaysSaid(std::string_view field);
/// It can have several values: tags, skills, breaches.
bool IsListField(std::string_view field);
/// Its values can be counted: numbers, and labels, which are free.
bool IsCountable(std::string_view field);
/// Whether the field can ever have that value: `priority` P1 … P4, `proactive` true or false, …
bool IsConditionValue(std::string_view field, std::string_view value);
/// All fields with a word on each, for messages and docs.
std::vector<std::string> ConditionFields();
/// The value(s) of a field as text; lists give several.
std::vector<std::string> FieldValues(const Case& c, std::string_view field);
/// `saw` (optional) collects the fields read and their values, for the decision trace.
bool Holds(const Condition& condition, const Case& c, std::vector<std::pair<std::string, std::string>>* saw = nullptr);

}  // namespace escalon

#include "common/documents/condition_section.h"

#include <array>
#include <utility>

#include "common/documents/fields.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

constexpr std::array<std::pair<std::string_view, Condition::Op>, 7> kOperators{{
    {"is", Condition::Op::kIs},
    {"in", Condition::Op::kIn},
    {"has_any", Condition::Op::kHasAny},
    {"has_all", Condition::Op::kHasAll},
    {"ge", Condition::Op::kGe},
    {"le", Condition::Op::kLe},
    {"exists", Condition::Op::kExists},
}};

constexpr std::array<std::pair<std::string_view, Condition::Kind>, 3> kGroups{{
    {"all", Condition::Kind::kAll},
    {"any", Condition::Kind::kAny},
    {"not", Condition::Kind::kNot},
}};

constexpr const char* kForms = "must be {field: …, is: …}, {all: […]}, {any: […]}, {not: …} or {weighs: {…}}";

void ReadCompare(Fields* fields, const Value& field, Condition* out) {
  out->kind = Condition::Kind::kCompare;
  ReadName(field, &out->field);
  int operators = 0;
  for (const auto& [word, op] : kOperators) {
    const auto value = fields->Take(word);
    if (!value) continue;
    ++operators;
    out->op = op;
    ReadTexts(*value, &out->values);
  }
  if (operators != 1) {
    fields->map().Fault("needs exactly one of is, in, has_any, has_all, ge, le, exists beside the field");
  }
}

bool ReadPointsByValue(const Value& value, std::map<std::string, int>* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> rest = fields.TakeRest(&names);
  bool fine = fields.readable();
  for (size_t i = 0; i < rest.size(); ++i) fine &= ReadPoints(rest[i], &(*out)[names[i]]);
  if (fine && rest.empty()) value.Fault("names no value; write {high: 30, medium: 10}");
  return fine;
}

bool ReadFactor(const Value& value, WeighedFactor* out) {
  Fields fields(value);
  WeighedFactor factor;
  fields.Need("field", &factor.field, ReadName);
  const bool has_points = fields.Read("points", &factor.points, ReadPointsByValue);
  const bool has_each = fields.Read("each", &factor.each, ReadPoints);
  fields.Read("per", &factor.per, ReadCount);
  fields.Read("most", &factor.most, ReadPoints);
  const bool has_missing = fields.Read("missing", &factor.missing, ReadPoints);
  if (!fields.readable()) return false;
  if (has_points == has_each) value.Fault("needs either `points`, for its values, or `each`, for a number");
  if (has_each && factor.each == 0) value.Fault("counts nothing; give `each` some points");
  if (factor.per < 1) value.Fault("`per` must be 1 or more");
  if (!has_missing && IsConditionField(factor.field) && !IsAlwaysSaid(factor.field)) {
    value.Fault("does not say what a case counts that has no \"" + factor.field + "\"; add `missing`, if only 0");
  }
  *out = std::move(factor);
  return true;
}

void ReadWeighing(const Value& value, Condition* out) {
  out->kind = Condition::Kind::kWeighs;
  Fields fields(value);
  fields.Need("at_least", &out->at_least, ReadCount);
  fields.Need("factors", &out->factors,
              [](const Value& v, std::vector<WeighedFactor>* factors) { ReadList(v, factors, ReadFactor); });
}

}  // namespace

bool ReadCondition(const Value& value, Condition* out) {
  if (!value.is_map()) {
    value.Fault(kForms);
    return false;
  }
  Condition condition;
  Fields fields(value);
  int forms = 0;
  for (const auto& [word, kind] : kGroups) {
    const auto parts = fields.Take(word);
    if (!parts) continue;
    ++forms;
    condition.kind = kind;
    ReadList(*parts, &condition.parts, ReadCondition);
  }
  const auto weighing = fields.Take("weighs");
  if (weighing) ++forms;
  const auto field = fields.Take("field");
  if (field) ++forms;
  if (forms != 1) {
    for (const auto& [word, op] : kOperators) fields.Take(word);
    value.Fault(kForms);
    return false;
  }
  if (field) ReadCompare(&fields, *field, &condition);
  if (weighing) ReadWeighing(*weighing, &condition);
  *out = std::move(condition);
  return true;
}

}  // namespace escalon::documents

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

constexpr const char* kForms = "must be {field: …, is: …}, {all: […]}, {any: […]} or {not: …}";

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
  const auto field = fields.Take("field");
  if (field) ++forms;
  if (forms != 1) {
    for (const auto& [word, op] : kOperators) fields.Take(word);
    value.Fault(kForms);
    return false;
  }
  if (field) ReadCompare(&fields, *field, &condition);
  *out = std::move(condition);
  return true;
}

}  // namespace escalon::documents

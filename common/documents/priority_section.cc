#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

/// [P1, P2, P3] for urgency high, medium, low; or {high: P1, medium: P2, low: P3}.
void ReadRow(const Value& value, std::array<Priority, 3>* out) {
  if (value.is_map()) {
    Fields fields(value);
    for (size_t i = 0; i < 3; ++i) fields.Read(Name(static_cast<Grade>(i + 1)), &(*out)[i], ReadPriority);
    return;
  }
  if (!value.is_list() || value.node->items.size() != 3) {
    value.Fault("must give three priorities, for urgency high, medium and low: [P1, P2, P3]");
    return;
  }
  for (size_t i = 0; i < 3; ++i) ReadPriority(value.At(i), &(*out)[i]);
}

void ReadMatrix(const Value& value, std::array<std::array<Priority, 3>, 3>* out) {
  Fields fields(value);
  for (size_t i = 0; i < 3; ++i) fields.Read(Name(static_cast<Grade>(i + 1)), &(*out)[i], ReadRow);
}

bool ReadModifier(const Value& value, PriorityModifier* out) {
  Fields fields(value);
  fields.Need("id", &out->id, ReadName);
  fields.Need("when", &out->when, ReadCondition);
  fields.Read("impact", &out->impact_steps, ReadSteps);
  fields.Read("urgency", &out->urgency_steps, ReadSteps);
  return fields.readable();
}

bool ReadFloor(const Value& value, PriorityFloor* out) {
  Fields fields(value);
  fields.Need("id", &out->id, ReadName);
  fields.Need("when", &out->when, ReadCondition);
  fields.Need("at_least", &out->at_least, ReadPriority);
  return fields.readable();
}

void ReadDefaults(const Value& value, Policy* out) {
  Fields fields(value);
  fields.Read("impact", &out->default_impact, ReadGrade);
  fields.Read("urgency", &out->default_urgency, ReadGrade);
}

}  // namespace

void ReadPriorities(const Value& value, Policy* out) {
  Fields fields(value);
  fields.Need("matrix", &out->matrix, ReadMatrix);
  if (const auto modifiers = fields.Take("modifiers")) ReadList(*modifiers, &out->modifiers, ReadModifier);
  if (const auto floors = fields.Take("floors")) ReadList(*floors, &out->floors, ReadFloor);
  if (const auto defaults = fields.Take("defaults")) ReadDefaults(*defaults, out);
  if (const auto manual = fields.Take("manual"); manual && !(manual->is_text() && manual->node->text == "sticky")) {
    manual->Fault("must be sticky: a priority that a person set stays until it is released");
  }
}

}  // namespace escalon::documents

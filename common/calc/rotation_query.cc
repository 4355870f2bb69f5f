#include <utility>

#include "common/calc/queries.h"
#include "common/calc/rotation_value.h"
#include "common/calc/values.h"

namespace escalon::calc {
namespace {

Json Names(const std::vector<std::string>& names) {
  Json out = Json::Array();
  for (const std::string& name : names) out.items.emplace_back(name);
  return out;
}

Json ShiftOf(const Rotation& rotation, const std::optional<Shift>& shift, const AnswerForm& form) {
  if (!shift) return {};
  Json out = form.Span(shift->start, shift->end);
  out.Set("turn", shift->turn)
      .Set("index", shift->index < 0 ? Json() : Json(shift->index))
      .Set("on_call", Names(rotation.PeopleOf(*shift)));
  return out;
}

}  // namespace

Json AskRotation(const Place& query, const AnswerForm& form) {
  const Fields fields(query, {"query", "id", "rotation", "at"});
  RotationSpec spec;
  const std::optional<Place> place = fields.Required("rotation");
  if (place) spec = ReadRotation(*place);
  const InstantMs at = RequiredInstant(fields, "at");
  if (*query.fault()) return {};
  const Result<Rotation> rotation = Rotation::Build(std::move(spec), place->path());
  if (!rotation) {
    AddFault(rotation.error(), query.fault());
    return {};
  }
  const std::optional<Shift> shift = rotation.value().ShiftAt(at);
  Json result = Json::Object();
  result.Set("on_call", shift ? Names(rotation.value().PeopleOf(*shift)) : Json::Array())
      .Set("shift", ShiftOf(rotation.value(), shift, form))
      .Set("next", ShiftOf(rotation.value(), rotation.value().NextShift(at), form));
  return result;
}

}  // namespace escalon::calc

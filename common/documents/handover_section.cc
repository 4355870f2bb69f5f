#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

/// {any: [summary, …], to_L3: [hypotheses_ruled_out, …]}
void ReadRequired(const Value& value, HandoverRule* out) {
  constexpr std::string_view kToLevel = "to_";
  Fields fields(value);
  fields.Read("any", &out->required, ReadNames);
  std::vector<std::string> names;
  const std::vector<Value> rest = fields.TakeRest(&names);
  for (size_t i = 0; i < rest.size(); ++i) {
    if (names[i].starts_with(kToLevel)) {
      ReadNames(rest[i], &out->required_to_level[names[i].substr(kToLevel.size())]);
    } else {
      rest[i].Fault("unknown key; write any, or to_ and a level such as to_L3");
    }
  }
}

void ReadEmergency(const Value& value, HandoverRule* out) {
  Fields fields(value);
  bool moves_at_once = true;
  if (const auto moves = fields.Take("moves_at_once"); moves && ReadFlag(*moves, &moves_at_once) && !moves_at_once) {
    moves->Fault("must be true: an emergency moves at once and asks for what is missing afterwards");
  }
  fields.Read("ask_for_missing_within", &out->supply_missing_within, ReadDuration);
}

}  // namespace

void ReadHandover(const Value& value, HandoverRule* out) {
  Fields fields(value);
  fields.Read("require", out, ReadRequired);
  fields.Read("accept_within", &out->accept_within,
              [](const Value& v, auto* within) { ReadEachPriority(v, within, ReadDuration); });
  fields.Read("emergency", out, ReadEmergency);
}

}  // namespace escalon::documents

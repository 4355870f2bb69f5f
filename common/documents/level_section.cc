#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

void ReadLevel(const Value& value, Level* level, Policy* out) {
  Fields fields(value);
  if (const auto response = fields.Take("response", "target")) ReadOptionalTarget(*response, &level->response);
  fields.Read("resolution", &level->resolution, ReadOptionalTarget);
  fields.Read("quality", &level->quality, ReadShare);
  fields.Read("authority", &level->authority, ReadText);
  fields.Read("issues", &level->issues, ReadText);
  fields.Read("resources", &level->resources, ReadText);
  fields.Read("decision_rights", &level->decision_rights, ReadText);
  if (const auto people = fields.Take("people")) ReadStepTarget(*people, &out->level_people[level->id]);
  fields.Read("may", &level->may, ReadGrants);
}

}  // namespace

void ReadLevels(const Value& value, Policy* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> levels = fields.TakeRest(&names);
  for (size_t i = 0; i < levels.size(); ++i) {
    Level level;
    level.id = names[i];
    ReadLevel(levels[i], &level, out);
    out->levels.push_back(std::move(level));
  }
}

bool ReadStepTarget(const Value& value, StepTarget* out) {
  Fields fields(value);
  fields.Read("team", &out->team, ReadName);
  fields.Read("person", &out->person, ReadName);
  fields.Read("role", &out->role, ReadName);
  fields.Read("schedule", &out->schedule, ReadName);
  if (const auto skills = fields.Take("skill", "skills")) {
    if (skills->is_text() && skills->node->text == "case.skills") {
      out->case_skills = true;
    } else {
      ReadNames(*skills, &out->skills);
    }
  }
  fields.Read("vendor", &out->vendor, ReadName);
  return fields.readable();
}

bool ReadCatchAll(const Value& value, std::string* team) {
  if (!value.is_map()) return ReadName(value, team);
  Fields fields(value);
  fields.Need("team", team, ReadName);
  return true;
}

bool ReadCalendarId(const Value& value, const Policy& policy, std::string* out) {
  if (!ReadName(value, out)) return false;
  if (*out == "always" && !policy.calendars.contains("always")) out->clear();
  return true;
}

}  // namespace escalon::documents

#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {

/// {scope: {field: priority, in: [P1, P2]}, order: [{region: emea, team: desk-dublin, calendar: dublin}, amer, …],
///  ask_before: 30m, spread: 30m, keep_limit: 1h}
void ReadFollowTheSun(const Value& value, const Policy& policy, FollowTheSun* out) {
  Fields fields(value);
  fields.Read("scope", &out->scope, ReadCondition);
  if (const auto except = fields.Take("except")) ReadCondition(*except, &out->except.emplace());
  const auto region = [&policy](const Value& item, SunRegion* one) {
    if (item.is_text()) return ReadName(item, &one->id);
    Fields of(item);
    of.Need("region", &one->id, ReadName);
    const bool has_team = of.Read("team", &one->team, ReadName);
    const auto calendar = of.Take("calendar");
    if (calendar) ReadCalendarId(*calendar, policy, &one->calendar);
    if (has_team && !calendar) of.Missing("calendar");
    if (calendar && !has_team) of.Missing("team");
    return of.readable();
  };
  fields.Need("order", &out->order, [&](const Value& v, auto* order) { ReadList(v, order, region); });
  fields.Read("ask_before", &out->ask_before, ReadDuration);
  fields.Read("spread", &out->spread, ReadDuration);
  fields.Read("keep_limit", &out->keep_limit, ReadDuration);
}

}  // namespace escalon::documents

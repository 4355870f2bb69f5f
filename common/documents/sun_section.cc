#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {

/// {scope: {field: priority, in: [P1, P2]}, order: [{region: emea, team: desk-dublin, calendar: dublin}, …]}
void ReadFollowTheSun(const Value& value, const Policy& policy, FollowTheSun* out) {
  Fields fields(value);
  fields.Read("scope", &out->scope, ReadCondition);
  if (const auto except = fields.Take("except")) ReadCondition(*except, &out->except.emplace());
  const auto region = [&policy](const Value& item, SunRegion* one) {
    Fields of(item);
    of.Need("region", &one->id, ReadName);
    of.Need("team", &one->team, ReadName);
    if (const auto calendar = of.Take("calendar")) {
      ReadCalendarId(*calendar, policy, &one->calendar);
    } else {
      of.Missing("calendar");
    }
    return of.readable();
  };
  fields.Need("order", &out->order, [&](const Value& v, auto* order) { ReadList(v, order, region); });
  fields.NotYet("ask_before", "requests for the package before the day ends");
  fields.NotYet("spread", "handovers spread over a time");
  fields.NotYet("keep_limit", "limits of what is kept beyond the day's end");
}

}  // namespace escalon::documents

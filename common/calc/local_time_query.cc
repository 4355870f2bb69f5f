#include <array>
#include <string_view>

#include "common/calc/queries.h"
#include "common/calc/values.h"
#include "common/domain/zone.h"

namespace escalon::calc {
namespace {

constexpr std::array<std::string_view, 2> kEdges{"start", "end"};
constexpr std::array<std::string_view, 3> kResolutions{"unique", "gap", "ambiguous"};

LocalTime ReadLocalTime(const Place& place) {
  const std::optional<LocalTime> local =
      place.is(Json::Kind::kString) ? ParseLocalTime(place.json().text) : std::nullopt;
  if (!local)
    place.Refuse("must be a local time without an offset, such as 2030-03-10T02:45 or 2030-03-10T02:45:30.250");
  return local.value_or(LocalTime());
}

}  // namespace

Json ResolveLocalTime(const Place& query, const AnswerForm& form) {
  const Fields fields(query, {"query", "id", "timezone", "local", "edge"});
  const std::string name = RequiredName(fields, "timezone");
  const std::optional<Place> place = fields.Required("local");
  const LocalTime local = place ? ReadLocalTime(*place) : LocalTime();
  const std::optional<Place> edge = fields.Optional("edge");
  const bool last = edge && ReadChoice(*edge, kEdges) == 1;
  if (*query.fault()) return {};
  const Result<Zone> zone = Zone::Load(name);
  if (!zone) {
    AddFault(zone.error(), query.fault());
    return {};
  }
  const ResolvedTime resolved = zone.value().Resolve(local);
  const InstantMs at = last ? resolved.last : resolved.first;
  Json result = Json::Object();
  result.Set("at", form.Instant(at))
      .Set("resolution", kResolutions[static_cast<size_t>(resolved.kind)])
      .Set("first", form.Instant(resolved.first))
      .Set("last", form.Instant(resolved.last))
      .Set("offset", zone.value().OffsetTextAt(at));
  return result;
}

}  // namespace escalon::calc

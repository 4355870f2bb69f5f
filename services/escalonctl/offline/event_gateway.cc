#include "services/escalonctl/offline/event_gateway.h"

#include <nlohmann/json.hpp>
#include <string>

#include "common/wire/events_codec.h"
#include "common/wire/json_codec.h"
#include "escalon/events/v1/events.pb.h"

namespace escalon::escalonctl {

nlohmann::json BatchJson(const EventBatch& batch) {
  nlohmann::json events = nlohmann::json::array();
  for (const Event& event : batch.events) {
    events::v1::Event message;
    wire::ToProto(event, &message);
    events.push_back(nlohmann::json::parse(wire::ToJson(message), nullptr, false));
  }
  nlohmann::json trace = nlohmann::json::array();
  for (const TraceLine& line : batch.trace) {
    nlohmann::json saw = nlohmann::json::array();
    for (const auto& [field, value] : line.saw) saw.push_back({{"key", field}, {"value", value}});
    trace.push_back({{"rule", line.rule}, {"outcome", line.outcome}, {"saw", std::move(saw)}});
  }
  nlohmann::json out{
      {"at", FormatInstant(batch.at)},
      {"actor",
       {{"subject", batch.actor.subject}, {"kind", std::string(Name(batch.actor.kind))}, {"roles", batch.actor.roles}}},
      {"outcome", std::string(Name(batch.outcome))},
      {"events", std::move(events)},
      {"trace", std::move(trace)}};
  if (batch.occurred_at != 0) out["occurred_at"] = FormatInstant(batch.occurred_at);
  return out;
}

}  // namespace escalon::escalonctl

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

Result<EventBatch> BatchFromJson(const nlohmann::json& json) {
  if (!json.is_object() || !json.contains("events") || !json["events"].is_array())
    return InvalidField("body.events", "missing: is this a line of `escalonctl dump`?");
  const Result<InstantMs> at = ParseInstant(json.value("at", std::string()));
  if (!at.ok()) return InvalidField("body.at", "must be RFC 3339");
  events::v1::EventBatch message;
  message.set_at_ms(*at);
  message.mutable_actor()->set_kind(common::v1::ACTOR_KIND_SERVICE);
  message.set_outcome(common::v1::OUTCOME_KIND_DONE);
  for (size_t i = 0; i < json["events"].size(); ++i) {
    const std::string place = "body.events[" + std::to_string(i) + "]";
    const Status read = wire::FromJson(json["events"][i].dump(), place, message.add_events(), wire::kMaxBodyBytes);
    if (!read.ok()) return read.error();
  }
  return wire::DecodeBatch(message.SerializeAsString());
}

}  // namespace escalon::escalonctl

#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/core/result.h"
#include "common/domain/event.h"

namespace escalon::escalonctl {

/// A batch as data: its events as protobuf's JSON of escalon.events.v1.Event, without their sealed bytes.
nlohmann::json BatchJson(const EventBatch& batch);

/// Back again, as far as it goes: without sealed bytes, the command and the trace. kInvalidArgument names the field.
Result<EventBatch> BatchFromJson(const nlohmann::json& json);

}  // namespace escalon::escalonctl

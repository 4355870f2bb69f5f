#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/domain/event.h"

namespace escalon::escalonctl {

/// A batch as data: its events as protobuf's JSON of escalon.events.v1.Event, without their sealed bytes.
nlohmann::json BatchJson(const EventBatch& batch);

}  // namespace escalon::escalonctl

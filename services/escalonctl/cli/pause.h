#pragma once

#include <chrono>
#include <future>

#include "common/core/instant.h"

namespace escalon::escalonctl {

/// Before something is asked again, in a program that has nothing else to do meanwhile.
inline void Pause(DurationMs span) { std::promise<void>().get_future().wait_for(std::chrono::milliseconds(span)); }

}  // namespace escalon::escalonctl

#pragma once

#include "common/core/clock.h"
#include "common/runtime/build_info.h"
#include "common/runtime/metrics.h"

namespace escalon::runtime {

/// Adds escalon_build_info and the usual process_* metrics (start time, memory, CPU seconds, open files, threads), read
/// from /proc at each scrape. `clock` is only read now; it must be the machine's.
void AddProcessMetrics(Metrics& metrics, const BuildInfo& build, const Clock& clock);

}  // namespace escalon::runtime

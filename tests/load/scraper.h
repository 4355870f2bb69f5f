#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/http/client.h"
#include "tests/load/exposition.h"

namespace escalon::load {

/// The /metrics pages of all services, by the service's name; those that do not answer in time are missing. Blocks.
std::map<std::string, Exposition> ScrapeAll(http::Client& client, const std::map<std::string, std::string>& urls,
                                            DurationMs timeout_ms);

/// Waits until notification has nothing queued or under way and has read nothing new for a while; what waits for its
/// time stays. Blocks.
void AwaitQuiet(http::Client& client, const std::map<std::string, std::string>& urls, DurationMs limit_ms);

/// A client that may reach this machine only: for sinks, metrics and links of a demonstration.
std::unique_ptr<http::Client> LoopbackClient(const Clock& clock, runtime::Logger log);

}  // namespace escalon::load

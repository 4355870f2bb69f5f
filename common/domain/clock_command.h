#pragma once

#include <string_view>

#include "common/domain/case.h"
#include "common/domain/command.h"

namespace escalon {

/// The command that says a clock may be due, with its deterministic id (protocol.md rule 6): whoever sends it,
/// sla-timer or the owner's own sweep, once or often, it has one effect. `sender` is the service's name.
Command ClockDueCommand(const Case& c, const ClockRun& clock, std::string_view sender);
Command ClockDueCommand(const CaseId& id, std::string_view tenant, std::string_view clock, uint32_t generation,
                        InstantMs alarm_at, std::string_view sender);

}  // namespace escalon

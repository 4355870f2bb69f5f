#pragma once

#include <string_view>

#include "common/core/result.h"
#include "common/domain/roster_types.h"

namespace escalon {

/// Reads a roster document (YAML, at most 1 MiB; words and forms: README.md, deploy/policies/) and judges it whole by
/// Roster::Build, so that building a roster from the result succeeds. On any fault `Error.fields` lists every one with
/// its path in the document
/// (`people.ana.manager`), its line, the reason and the remedy. Tenant and version are the caller's to set. Pure.
Result<RosterDocument> ParseRoster(std::string_view text);

}  // namespace escalon

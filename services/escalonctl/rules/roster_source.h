#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/domain/roster.h"
#include "services/escalonctl/cli/command.h"
#include "services/escalonctl/cli/session.h"

/// The roster that a command looks at: that in force, or a file.
namespace escalon::escalonctl {

/// --file
Option RosterFileOption();
/// Its text; none: said why, with `failed` as the exit code.
std::optional<std::string> RosterText(Session& session, const Arguments& arguments, ExitCode* failed);
/// Its people and plans, judged whole; none likewise.
std::shared_ptr<const Roster> RosterOf(Session& session, const Arguments& arguments, ExitCode* failed);
Result<std::shared_ptr<const Roster>> RosterInForce(Session& session);
Result<std::shared_ptr<const Roster>> BuildRoster(std::string_view yaml);

}  // namespace escalon::escalonctl

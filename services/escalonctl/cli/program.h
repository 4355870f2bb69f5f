#pragma once

#include <string>
#include <vector>

#include "services/escalonctl/cli/session.h"

namespace escalon::escalonctl {

/// A whole run: parse, configure, do. Returns the exit code.
int RunProgram(const std::vector<std::string>& words, const Surroundings& around);

/// The same with the process's own streams, environment, clock and network.
int RunMain(int argc, const char* const* argv);

}  // namespace escalon::escalonctl

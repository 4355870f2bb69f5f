#pragma once

#include <string>

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// Scripts that complete commands, options and the words that an option takes. They ask nobody anything.
std::string BashCompletion(const Catalogue& catalogue);
std::string ZshCompletion(const Catalogue& catalogue);

/// The command that prints them.
CommandSection ShellSection();

}  // namespace escalon::escalonctl

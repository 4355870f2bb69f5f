#pragma once

#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// What a command line asks for.
struct Parsed {
  enum class Kind : uint8_t { kRun, kHelp, kVersion };
  Kind kind = Kind::kRun;
  const CommandSpec* command = nullptr;  ///< of a run
  std::string path;                      ///< of a help: `handover`, empty: the overview
  Arguments arguments;
};

/// `words`: the command line without the program's name. kInvalidArgument says what is wrong with it. Instants come out
/// as RFC 3339, `now` being `clock`'s.
Result<Parsed> Parse(const Catalogue& catalogue, const std::vector<std::string>& words, const Clock& clock);

}  // namespace escalon::escalonctl

#pragma once

#include <string_view>

namespace escalon::runtime {

/// Ends the process with a message on stderr: for faults of the program itself (an undeclared option, a metric with two
/// types), which no caller could handle.
[[noreturn]] void ProgramFault(std::string_view message);

}  // namespace escalon::runtime

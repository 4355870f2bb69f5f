#include "common/runtime/fault.h"

#include <cstdio>
#include <cstdlib>

namespace escalon::runtime {

void ProgramFault(std::string_view message) {
  std::fprintf(stderr, "fault of the program: %.*s\n", static_cast<int>(message.size()), message.data());
  std::abort();
}

}  // namespace escalon::runtime

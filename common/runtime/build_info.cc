#include "common/runtime/build_info.h"

namespace escalon::runtime {

BuildInfo ThisBuild() {
  return {
    ESCALON_VERSION, ESCALON_COMMIT,
#if defined(__clang__)
        "clang " __clang_version__
#else
        "gcc " __VERSION__
#endif
  };
}

}  // namespace escalon::runtime

#pragma once

#include <string>

namespace escalon::runtime {

/// What this binary was built from.
struct BuildInfo {
  std::string version;   ///< of the product, `0.1.0`
  std::string commit;    ///< short hash at configure time, or `unknown`
  std::string compiler;  ///< `gcc 12.2.0`
};

BuildInfo ThisBuild();

}  // namespace escalon::runtime

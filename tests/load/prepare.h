#pragma once

#include <string>

#include "common/core/result.h"

namespace escalon::load {

struct PrepareOptions {
  std::string dir;  ///< exists
  std::string tenant;
  std::string roster;  ///< file to start from
  std::string sink;    ///< `http://host:port/`: where the webhooks go
  bool uncapped = false;
};

/// Makes a private installation's folder ready: secrets for the services, the sources and everybody of the roster, and
/// roster.yaml with the sink's address.
Status Prepare(const PrepareOptions& options);

}  // namespace escalon::load

#pragma once

#include <cstdint>

namespace escalon::test {

/// A loopback TCP port on which nobody listens, from below the range of outgoing connections; 0: none found.
uint16_t FreePort();

}  // namespace escalon::test

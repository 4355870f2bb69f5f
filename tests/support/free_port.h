#pragma once

#include <cstdint>

namespace escalon::test {

/// A loopback TCP port on which nobody listens, from below the range of outgoing connections, and never the same one
/// twice in a process; 0: none found. Thread-safe.
uint16_t FreePort();

}  // namespace escalon::test

#pragma once

#include <cstdint>

#include "common/core/ids.h"

namespace escalon {

/// 64 random bits from a per-thread generator that the system's entropy seeded: ids and jitter, not keys.
uint64_t RandomBits();
/// Random bytes of the operating system: keys, tokens, incarnations.
void SecureRandom(void* out, size_t size);
Bytes16 RandomBytes16();

}  // namespace escalon

#include "common/core/random.h"

#include <openssl/rand.h>

#include <cstdlib>
#include <random>

namespace escalon {

uint64_t RandomBits() {
  thread_local std::mt19937_64 generator = [] {
    uint64_t seed;
    SecureRandom(&seed, sizeof seed);
    return std::mt19937_64(seed);
  }();
  return generator();
}

void SecureRandom(void* out, size_t size) {
  // Without entropy no key or token is safe: nothing sensible can follow.
  if (RAND_bytes(static_cast<unsigned char*>(out), static_cast<int>(size)) != 1) std::abort();
}

Bytes16 RandomBytes16() {
  Bytes16 bytes;
  SecureRandom(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace escalon

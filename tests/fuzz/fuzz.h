#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// One try of a fuzz target: any bytes. libFuzzer calls it; in an ordinary build replay.cc does, with the seeds.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace escalon::fuzz {

inline std::string_view TextOf(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

/// What has to hold whatever the bytes are. Ends the process, which is how a fuzzer learns of a fault.
inline void Must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace escalon::fuzz

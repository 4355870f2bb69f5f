#include "common/history/unpack.h"

#include <lzma.h>

#include <algorithm>
#include <string_view>

namespace escalon::history {
namespace {

constexpr std::string_view kXzMagic{
    "\xfd"
    "7zXZ\0",
    6};
constexpr uint64_t kMostMemory = 256ull << 20;
constexpr size_t kFirstBytes = 1 << 20;

/// Ends the decoder with the scope.
struct Decoder {
  lzma_stream stream = LZMA_STREAM_INIT;
  ~Decoder() { lzma_end(&stream); }
};

}  // namespace

Result<std::string> Unpacked(std::string bytes, size_t most_bytes) {
  if (!bytes.starts_with(kXzMagic)) return bytes;
  Decoder decoder;
  if (lzma_stream_decoder(&decoder.stream, kMostMemory, LZMA_CONCATENATED) != LZMA_OK)
    return Error{ErrorCode::kInternal, "the xz decoder cannot be started"};
  decoder.stream.next_in = reinterpret_cast<const uint8_t*>(bytes.data());
  decoder.stream.avail_in = bytes.size();
  std::string out(std::min(most_bytes, std::max(kFirstBytes, bytes.size() * 8)), '\0');
  size_t filled = 0;
  for (;;) {
    decoder.stream.next_out = reinterpret_cast<uint8_t*>(out.data()) + filled;
    decoder.stream.avail_out = out.size() - filled;
    const lzma_ret read = lzma_code(&decoder.stream, LZMA_FINISH);
    filled = out.size() - decoder.stream.avail_out;
    if (read == LZMA_STREAM_END) break;
    if (read != LZMA_OK) return Error{ErrorCode::kInvalidArgument, "the .xz file is damaged or cut off"};
    if (decoder.stream.avail_out != 0) continue;
    if (out.size() >= most_bytes) {
      return Error{ErrorCode::kInvalidArgument,
                   "the .xz file holds more than " + std::to_string(most_bytes >> 20) + " MiB"};
    }
    out.resize(std::min(most_bytes, out.size() * 2));
  }
  out.resize(filled);
  return out;
}

}  // namespace escalon::history

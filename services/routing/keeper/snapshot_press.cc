#include "services/routing/keeper/snapshot_press.h"

#include <zstd.h>

#include <cassert>

namespace escalon::routing {
namespace {

constexpr size_t kDictionaryBytes = 32 << 10;
constexpr int kLevel = 3;
constexpr char kPlain = 'p', kPressed = 'z';  // the first byte says which

}  // namespace

void SnapshotPress::Free::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }
void SnapshotPress::Free::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }
void SnapshotPress::Free::operator()(ZSTD_CDict_s* dictionary) const { ZSTD_freeCDict(dictionary); }
void SnapshotPress::Free::operator()(ZSTD_DDict_s* dictionary) const { ZSTD_freeDDict(dictionary); }

SnapshotPress::SnapshotPress() = default;
SnapshotPress::~SnapshotPress() = default;
SnapshotPress::SnapshotPress(SnapshotPress&&) noexcept = default;
SnapshotPress& SnapshotPress::operator=(SnapshotPress&&) noexcept = default;

void SnapshotPress::Learn(std::string_view snapshot) {
  samples_.append(snapshot.substr(0, kDictionaryBytes - samples_.size()));
  if (samples_.size() < kDictionaryBytes) return;
  compressor_.reset(ZSTD_createCCtx());
  decompressor_.reset(ZSTD_createDCtx());
  packing_.reset(ZSTD_createCDict(samples_.data(), samples_.size(), kLevel));
  unpacking_.reset(ZSTD_createDDict(samples_.data(), samples_.size()));
  samples_ = {};
}

std::string SnapshotPress::Pack(std::string_view snapshot) {
  std::string out;
  if (packing_ != nullptr) {
    buffer_.resize(ZSTD_compressBound(snapshot.size()));
    const size_t size = ZSTD_compress_usingCDict(compressor_.get(), buffer_.data(), buffer_.size(), snapshot.data(),
                                                 snapshot.size(), packing_.get());
    if (ZSTD_isError(size) == 0 && size < snapshot.size()) {
      out.reserve(size + 1);
      out.push_back(kPressed);
      return out.append(buffer_, 0, size);
    }
  } else {
    Learn(snapshot);
  }
  out.reserve(snapshot.size() + 1);
  out.push_back(kPlain);
  return out.append(snapshot);
}

std::string SnapshotPress::Unpack(std::string_view packed) const {
  const char how = packed.front();
  packed.remove_prefix(1);
  if (how == kPlain) return std::string(packed);
  std::string out(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  [[maybe_unused]] const size_t size = ZSTD_decompress_usingDDict(decompressor_.get(), out.data(), out.size(),
                                                                  packed.data(), packed.size(), unpacking_.get());
  assert(size == out.size());  // its own bytes
  return out;
}

}  // namespace escalon::routing

#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;
struct ZSTD_CDict_s;
struct ZSTD_DDict_s;

namespace escalon::routing {

/// Makes the snapshots of resting cases small. The cases of a shard resemble one another (policies, teams, clocks), so
/// the first ones become the dictionary against which all later ones are compressed (Zstandard, RFC 8878). What it has
/// packed only itself can unpack. Loop thread only.
class SnapshotPress {
 public:
  SnapshotPress();
  ~SnapshotPress();
  SnapshotPress(SnapshotPress&&) noexcept;
  SnapshotPress& operator=(SnapshotPress&&) noexcept;

  std::string Pack(std::string_view snapshot);
  std::string Unpack(std::string_view packed) const;

 private:
  void Learn(std::string_view snapshot);

  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
    void operator()(ZSTD_DCtx_s* context) const;
    void operator()(ZSTD_CDict_s* dictionary) const;
    void operator()(ZSTD_DDict_s* dictionary) const;
  };
  std::string samples_;  ///< until there are enough of them
  std::string buffer_;   ///< kept for the next one
  std::unique_ptr<ZSTD_CCtx_s, Free> compressor_;
  std::unique_ptr<ZSTD_DCtx_s, Free> decompressor_;
  std::unique_ptr<ZSTD_CDict_s, Free> packing_;
  std::unique_ptr<ZSTD_DDict_s, Free> unpacking_;
};

}  // namespace escalon::routing

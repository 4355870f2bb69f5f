#pragma once

#include <array>
#include <cstdint>

namespace escalon::load {

/// Counts durations in microseconds, in buckets at most 1/64 wide: exact enough for percentiles, constant memory. One
/// thread.
class Histogram {
 public:
  void Add(int64_t us);
  void Merge(const Histogram& other);
  /// The smallest recorded duration that `share` (0..1) of all do not exceed, to the bucket's end; 0 when empty.
  int64_t At(double share) const;
  double AtMs(double share) const { return static_cast<double>(At(share)) / 1000; }
  /// How many were longer than `us`, to the bucket.
  uint64_t Above(int64_t us) const;
  uint64_t count() const { return count_; }
  int64_t max() const { return max_; }
  double MaxMs() const { return static_cast<double>(max_) / 1000; }

 private:
  static constexpr int kSubBits = 6;
  static constexpr int kSub = 1 << kSubBits;
  static constexpr int kBuckets = (64 - kSubBits) * kSub;
  static int BucketOf(uint64_t us);
  static int64_t EndOf(int bucket);

  std::array<uint64_t, kBuckets> counts_{};
  uint64_t count_ = 0;
  int64_t max_ = 0;
};

}  // namespace escalon::load

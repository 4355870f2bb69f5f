#include "tests/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace escalon::load {

int Histogram::BucketOf(uint64_t us) {
  if (us < kSub) return static_cast<int>(us);
  const int shift = std::bit_width(us) - 1 - kSubBits;
  return (shift + 1) * kSub + static_cast<int>((us >> shift) & (kSub - 1));
}

int64_t Histogram::EndOf(int bucket) {
  if (bucket < kSub) return bucket;
  const int shift = bucket / kSub - 1;
  return ((static_cast<int64_t>(kSub) + bucket % kSub + 1) << shift) - 1;
}

void Histogram::Add(int64_t us) {
  us = std::max<int64_t>(us, 0);
  ++counts_[static_cast<size_t>(BucketOf(static_cast<uint64_t>(us)))];
  ++count_;
  max_ = std::max(max_, us);
}

void Histogram::Merge(const Histogram& other) {
  for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

uint64_t Histogram::Above(int64_t us) const {
  uint64_t above = 0;
  for (int bucket = BucketOf(static_cast<uint64_t>(std::max<int64_t>(us, 0))) + 1; bucket < kBuckets; ++bucket) {
    above += counts_[static_cast<size_t>(bucket)];
  }
  return above;
}

int64_t Histogram::At(double share) const {
  if (count_ == 0) return 0;
  const auto wanted = std::max<uint64_t>(1, static_cast<uint64_t>(std::ceil(share * static_cast<double>(count_))));
  uint64_t seen = 0;
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    seen += counts_[static_cast<size_t>(bucket)];
    if (seen >= wanted) return std::min(EndOf(bucket), max_);
  }
  return max_;
}

}  // namespace escalon::load

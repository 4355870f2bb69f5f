#include "tests/load/histogram.h"

#include <gtest/gtest.h>

namespace escalon::load {
namespace {

TEST(Histogram, IsEmptyAtFirst) {
  const Histogram h;
  EXPECT_EQ(h.count(), 0u);
  EXPECT_EQ(h.At(0.99), 0);
  EXPECT_EQ(h.Above(0), 0u);
}

TEST(Histogram, TellsPercentilesToWithinASixtyFourth) {
  Histogram h;
  for (int64_t us = 1; us <= 100'000; ++us) h.Add(us);
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = share * 100'000;
    EXPECT_NEAR(static_cast<double>(h.At(share)), exact, exact / 64 + 1) << share;
  }
  EXPECT_EQ(h.At(1), 100'000);
  EXPECT_EQ(h.max(), 100'000);
}

TEST(Histogram, TakesTheExtremes) {
  Histogram h;
  h.Add(-5);
  h.Add(0);
  h.Add(INT64_MAX);
  EXPECT_EQ(h.At(0.5), 0);
  EXPECT_EQ(h.At(1), INT64_MAX);
  EXPECT_EQ(h.Above(1'000'000), 1u);
}

TEST(Histogram, MergesAsIfAllHadBeenAddedToOne) {
  Histogram one, other, all;
  for (int64_t us : {3, 70, 900, 12'345}) {
    one.Add(us);
    all.Add(us);
  }
  for (int64_t us : {1, 5'000'000}) {
    other.Add(us);
    all.Add(us);
  }
  one.Merge(other);
  EXPECT_EQ(one.count(), all.count());
  EXPECT_EQ(one.max(), all.max());
  for (const double share : {0.1, 0.5, 0.9, 1.0}) EXPECT_EQ(one.At(share), all.At(share));
}

}  // namespace
}  // namespace escalon::load

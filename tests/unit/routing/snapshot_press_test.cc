#include "services/routing/keeper/snapshot_press.h"

#include <gtest/gtest.h>

#include <random>

namespace escalon::routing {
namespace {

std::string Snapshot(uint64_t n) {
  std::string out;
  for (const char* name : {"acknowledgement", "response", "resolution", "update"})
    out += std::string(name) + " of case " + std::to_string(n) + " on calendar office-berlin for team first-line; ";
  return out;
}

TEST(SnapshotPress, GivesBackWhatItTookBeforeAndAfterItHasLearned) {
  SnapshotPress press;
  std::vector<std::string> packed;
  for (uint64_t n = 0; n < 1000; ++n) packed.push_back(press.Pack(Snapshot(n)));
  for (uint64_t n = 0; n < 1000; ++n) ASSERT_EQ(press.Unpack(packed[n]), Snapshot(n)) << n;
  EXPECT_LT(packed.back().size() * 4, Snapshot(999).size()) << "what resembles the first ones takes little";
}

TEST(SnapshotPress, WhatCannotBeMadeSmallerIsKeptAsItIs) {
  SnapshotPress press;
  for (uint64_t n = 0; n < 1000; ++n) press.Pack(Snapshot(n));
  std::mt19937_64 random(7);
  for (const size_t size : {size_t{0}, size_t{1}, size_t{100}, size_t{300'000}}) {
    std::string noise(size, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    const std::string packed = press.Pack(noise);
    EXPECT_LE(packed.size(), size + 1);
    EXPECT_EQ(press.Unpack(packed), noise);
  }
}

TEST(SnapshotPress, OneSnapshotLongerThanTheDictionaryTeachesItsBeginning) {
  SnapshotPress press;
  const std::string large(1 << 20, 'x');
  EXPECT_EQ(press.Unpack(press.Pack(large)), large);
  const std::string packed = press.Pack(large);
  EXPECT_LT(packed.size(), 1000u);
  EXPECT_EQ(press.Unpack(packed), large);
}

}  // namespace
}  // namespace escalon::routing

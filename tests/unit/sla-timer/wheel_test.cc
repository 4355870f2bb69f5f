#include "services/sla-timer/wheel/wheel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace escalon::slatimer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr InstantMs kStart = 1'800'000'000'000;

std::vector<uint32_t> Advance(Wheel& wheel, InstantMs now) {
  std::vector<uint32_t> due;
  wheel.Advance(now, &due);
  return due;
}

TEST(Wheel, fires_at_the_instant_and_not_a_millisecond_earlier) {
  Wheel wheel(kStart);
  for (const DurationMs wait : {DurationMs{1}, DurationMs{255}, DurationMs{256}, DurationMs{257}, DurationMs{65'536},
                                7 * kDayMs, 400 * kDayMs}) {
    Wheel each(kStart);
    each.Insert(kStart + wait, 7);
    EXPECT_THAT(Advance(each, kStart + wait - 1), IsEmpty()) << wait;
    EXPECT_THAT(Advance(each, kStart + wait), ElementsAre(7)) << wait;
    EXPECT_EQ(each.size(), 0u);
  }
}

TEST(Wheel, what_is_past_fires_at_the_next_look) {
  Wheel wheel(kStart);
  wheel.Insert(kStart - 5, 1);
  EXPECT_EQ(wheel.NextLook(), kStart);
  EXPECT_THAT(Advance(wheel, kStart), ElementsAre(1));
}

TEST(Wheel, a_cancelled_timer_is_silent_and_its_place_is_used_again) {
  Wheel wheel(kStart);
  const Wheel::TimerId first = wheel.Insert(kStart + 10, 1);
  wheel.Cancel(first);
  wheel.Cancel(first);
  EXPECT_EQ(wheel.size(), 0u);
  EXPECT_EQ(wheel.NextLook(), kNever);
  EXPECT_EQ(wheel.Insert(kStart + 10, 2), first);
  EXPECT_THAT(Advance(wheel, kStart + 10), ElementsAre(2));
}

TEST(Wheel, is_asked_to_look_only_when_there_is_something) {
  Wheel wheel(kStart);
  wheel.Insert(kStart + kHourMs, 1);
  int looks = 0;
  while (wheel.size() > 0) {
    const InstantMs look = wheel.NextLook();
    ASSERT_LE(look, kStart + kHourMs);
    Advance(wheel, look);
    ++looks;
  }
  EXPECT_LE(looks, 4) << "one look a level";
}

TEST(Wheel, agrees_with_a_sorted_map_over_random_histories) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    Wheel wheel(kStart);
    std::multimap<InstantMs, uint32_t> truth;
    std::map<uint32_t, std::pair<Wheel::TimerId, InstantMs>> live;
    InstantMs now = kStart;
    uint32_t next = 0;
    for (int step = 0; step < 3000; ++step) {
      const uint64_t dice = random() % 10;
      if (dice < 6) {
        const DurationMs spans[] = {300, 70'000, kHourMs, 40 * kDayMs, 3000 * kDayMs};
        const InstantMs at = now + static_cast<InstantMs>(random() % static_cast<uint64_t>(spans[random() % 5]));
        live[next] = {wheel.Insert(at, next), at};
        truth.emplace(at, next++);
      } else if (dice == 6 && !live.empty()) {
        auto it = std::next(live.begin(), static_cast<long>(random() % live.size()));
        wheel.Cancel(it->second.first);
        for (auto [from, to] = truth.equal_range(it->second.second); from != to; ++from) {
          if (from->second != it->first) continue;
          truth.erase(from);
          break;
        }
        live.erase(it);
      } else {
        const DurationMs jumps[] = {1, 50, 5000, kDayMs};
        now += static_cast<InstantMs>(random() % static_cast<uint64_t>(jumps[random() % 4])) + 1;
        std::vector<uint32_t> due = Advance(wheel, now), expected;
        while (!truth.empty() && truth.begin()->first <= now) {
          expected.push_back(truth.begin()->second);
          truth.erase(truth.begin());
        }
        for (const uint32_t payload : due) live.erase(payload);
        EXPECT_THAT(due, ::testing::UnorderedElementsAreArray(expected)) << "seed " << seed << " step " << step;
      }
      ASSERT_EQ(wheel.size(), truth.size());
      if (!truth.empty()) {
        ASSERT_LE(wheel.NextLook(), std::max(now, truth.begin()->first));
      }
    }
  }
}

}  // namespace
}  // namespace escalon::slatimer

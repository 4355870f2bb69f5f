#include "services/sla-timer/application/clock_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sla-timer/application/fair_queue.h"

namespace escalon::slatimer {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr InstantMs kStart = 1'800'000'000'000;
const CaseId kCase = CaseId::Make(kStart, 5, 0, 1);

ClockArmed Armed(const std::string& name, uint32_t generation, std::vector<InstantMs> alarms) {
  ClockArmed event;
  event.clock.name = name;
  event.clock.generation = generation;
  for (const InstantMs at : alarms)
    event.clock.alarms.push_back({at, AlarmKind::kWarning, WarningRule::Percent(50), {}});
  return event;
}

class ClockBookTest : public ::testing::Test {
 protected:
  void Apply(const Event& event) { book_.Apply(0, kCase, "acme", event); }
  std::vector<DueClock> Due(InstantMs now) {
    std::vector<DueClock> out;
    book_.TakeDue(now, &out);
    return out;
  }
  ClockBook book_{kStart};
};

TEST_F(ClockBookTest, an_armed_clock_is_due_at_each_of_its_alarms) {
  Apply(Armed("response", 1, {kStart + 20, kStart + 10}));
  ASSERT_THAT(Due(kStart + 9), IsEmpty());
  const auto first = Due(kStart + 10);
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].clock, "response");
  EXPECT_EQ(first[0].at, kStart + 10);
  EXPECT_THAT(Due(kStart + 15), IsEmpty()) << "silent until the log says what became of it";
  Apply(ClockFired{"response", 1, {kStart + 10, AlarmKind::kWarning, WarningRule::Percent(50), {}}, 0, false});
  EXPECT_THAT(Due(kStart + 20), SizeIs(1));
}

TEST_F(ClockBookTest, a_stopped_or_paused_clock_is_silent_and_a_resumed_one_is_not) {
  Apply(Armed("response", 1, {kStart + 10}));
  Apply(Armed("resolution", 1, {kStart + 10}));
  Apply(ClockStopped{"response", 1, true, {}});
  Apply(ClockPaused{"resolution", 1});
  EXPECT_THAT(Due(kStart + 50), IsEmpty());
  Apply(ClockResumed{"resolution", 1, kStart + 100, {{kStart + 101, AlarmKind::kBreach, {}, {}}}});
  EXPECT_THAT(Due(kStart + 101), SizeIs(1));
  Apply(Breached{"resolution", 1, kStart + 100, 0, {}, {}});
  EXPECT_THAT(Due(kStart + 500), IsEmpty());
}

TEST_F(ClockBookTest, an_old_generation_never_overrules_a_newer_one) {
  Apply(Armed("response", 2, {kStart + 50}));
  Apply(Armed("response", 1, {kStart + 10}));
  Apply(ClockStopped{"response", 1, true, {}});
  EXPECT_THAT(Due(kStart + 10), IsEmpty());
  Case old;
  old.id = kCase;
  old.clocks.push_back(Armed("response", 1, {kStart + 10}).clock);
  book_.Put(0, old);
  EXPECT_THAT(Due(kStart + 49), IsEmpty());
  EXPECT_THAT(Due(kStart + 50), SizeIs(1));
}

TEST_F(ClockBookTest, a_question_that_must_be_asked_again_is) {
  Apply(Armed("response", 1, {kStart + 10}));
  const auto due = Due(kStart + 10);
  book_.Again(due.at(0), kStart + 200);
  EXPECT_THAT(Due(kStart + 199), IsEmpty());
  EXPECT_THAT(Due(kStart + 200), SizeIs(1));
  Apply(ClockStopped{"response", 1, true, {}});
  book_.Again(due.at(0), kStart + 300);
  EXPECT_THAT(Due(kStart + 300), IsEmpty()) << "the clock has moved on";
}

TEST_F(ClockBookTest, after_the_wall_clock_was_set_back_only_what_is_due_by_it_is_given) {
  Apply(Armed("response", 1, {kStart + 3 * kHourMs}));
  ASSERT_THAT(Due(kStart + 2 * kHourMs), IsEmpty());
  Apply(Armed("update", 1, {kStart + kHourMs}));  // before what was seen already
  EXPECT_THAT(Due(kStart), IsEmpty());
  EXPECT_GE(book_.NextLook(), kStart);
  EXPECT_THAT(Due(kStart + kHourMs - 1), IsEmpty());
  const auto due = Due(kStart + kHourMs);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].clock, "update");
  EXPECT_THAT(Due(kStart + 3 * kHourMs), SizeIs(1));
}

TEST_F(ClockBookTest, a_shard_that_is_given_up_takes_its_clocks_along) {
  Apply(Armed("response", 1, {kStart + 10}));
  book_.Apply(1, CaseId::Make(kStart, 4000, 0, 2), "acme", Armed("response", 1, {kStart + 10}));
  book_.Drop(0);
  EXPECT_EQ(book_.size(), 1u);
  EXPECT_THAT(Due(kStart + 10), SizeIs(1));
}

TEST_F(ClockBookTest, lists_by_page_within_a_tenant) {
  for (int i = 0; i < 10; ++i) {
    book_.Apply(0, CaseId::Make(kStart, 5, 0, static_cast<uint64_t>(100 + i)), i % 2 == 0 ? "acme" : "globex",
                Armed("response", 1, {kStart + 10 + i}));
  }
  ClockBook::Filter filter;
  filter.tenant = "acme";
  const auto first = book_.List(filter, 3);
  ASSERT_THAT(first, SizeIs(3));
  filter.after = first.back().at;
  filter.after_id = first.back().case_id;
  filter.after_clock = first.back().clock;
  EXPECT_THAT(book_.List(filter, 10), SizeIs(2));
}

TEST(FairQueue, tenants_take_turns) {
  FairQueue queue;
  for (int i = 0; i < 100; ++i) queue.Push({kCase, "loud", "response", 1, kStart});
  queue.Push({kCase, "quiet", "response", 1, kStart});
  EXPECT_EQ(queue.Pop()->tenant, "loud");
  EXPECT_EQ(queue.Pop()->tenant, "quiet");
  EXPECT_EQ(queue.size(), 99u);
}

}  // namespace
}  // namespace escalon::slatimer

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/calc/case_history.h"
#include "tests/property/calc/minute_clock.h"
#include "tests/property/domain/generator.h"

namespace escalon::calc {
namespace {

using escalon::test::Generator;

constexpr InstantMs kMonday = 1'898'812'800'000;  // 2030-03-04T00:00:00Z

Target RandomTarget(Generator* random) { return {random->Between(1, random->Chance(50) ? 240 : 1500) * kMinuteMs}; }

/// Opens on most days, at odd minutes and over midnight.
std::shared_ptr<const Calendar> RandomCalendar(Generator* random) {
  static const std::vector<std::vector<DayWindow>> kDays{
      {{540, 720}, {780, 1020}}, {{0, 1440}}, {{1200, 240}}, {{607, 971}}, {}};
  CalendarSpec spec{"UTC", {}, {}, {}};
  for (auto& day : spec.weekly) day = random->Of(kDays);
  spec.weekly[2] = kDays[0];
  return Calendar::Build(spec).value();
}

HistoryEvent RandomEvent(Generator* random, const History& history, InstantMs at) {
  static const std::vector<HistoryAct> kActs{
      HistoryAct::kAcknowledged,    HistoryAct::kAgentReply,   HistoryAct::kAgentReply,
      HistoryAct::kAutomaticReply,  HistoryAct::kInternalNote, HistoryAct::kCustomerMessage,
      HistoryAct::kPaused,          HistoryAct::kPaused,       HistoryAct::kResumed,
      HistoryAct::kResolved,        HistoryAct::kClosed,       HistoryAct::kReopened,
      HistoryAct::kCustomerMessage, HistoryAct::kReopened,     HistoryAct::kTargetsChanged,
      HistoryAct::kCalendarChanged};
  HistoryEvent event{at, random->Of(kActs), false, 0, {}, nullptr};
  if (event.act == HistoryAct::kPaused) event.stops = static_cast<ClockKinds>(random->Between(0, kEveryKind));
  if (event.act == HistoryAct::kCalendarChanged) event.calendar = RandomCalendar(random);
  if (event.act == HistoryAct::kTargetsChanged) {
    for (size_t i = 0; i < history.clocks.size(); ++i) {
      if (random->Chance(30)) continue;
      event.targets.emplace_back(i, random->Chance(20) ? std::nullopt : std::optional<Target>(RandomTarget(random)));
    }
  }
  return event;
}

History RandomHistory(Generator* random) {
  History history;
  if (random->Chance(60)) history.calendar = RandomCalendar(random);
  InstantMs at = kMonday + random->Between(0, 1500) * kMinuteMs;
  for (int kind = 0; kind < static_cast<int>(kClockKinds.size()); ++kind) {
    HistoryClock clock{static_cast<ClockKind>(kind), {}, RandomTarget(random), {}, {}, nullptr};
    if (random->Chance(10)) clock.target.reset();
    if (random->Chance(20)) clock.calendar = RandomCalendar(random);
    if (!HasRuns(clock.kind) && random->Chance(20)) clock.start_at = at + random->Between(-100, 1000) * kMinuteMs;
    history.clocks.push_back(clock);
  }
  history.events.push_back({at, HistoryAct::kOpened, random->Chance(60), 0, {}, nullptr});
  for (int64_t n = random->Between(0, 14); n > 0; --n) {
    at += random->Between(0, random->Chance(30) ? 1 : 300) * kMinuteMs;
    history.events.push_back(RandomEvent(random, history, at));
  }
  history.as_of = std::max(history.events.front().at, at + random->Between(-300, 600) * kMinuteMs);
  return history;
}

std::string Describe(const History& history) {
  std::string out = "as of " + FormatInstant(history.as_of);
  for (const HistoryEvent& event : history.events)
    out += "\n" + FormatInstant(event.at) + " " + std::to_string(static_cast<int>(event.act)) + " stops " +
           std::to_string(event.stops);
  return out;
}

void ExpectSame(const RunReading& run, const RunReading& expected) {
  EXPECT_EQ(run.started_at, expected.started_at);
  EXPECT_EQ(run.stopped_at, expected.stopped_at);
  EXPECT_EQ(run.stopped_by, expected.stopped_by);
  EXPECT_EQ(run.breached_at, expected.breached_at);
  EXPECT_EQ(run.clock.counting_from, expected.clock.counting_from);
  EXPECT_EQ(run.clock.deadline, expected.clock.deadline);
  EXPECT_EQ(run.clock.elapsed, expected.clock.elapsed);
  EXPECT_EQ(run.clock.paused, expected.clock.paused);
  EXPECT_EQ(run.clock.remaining, expected.clock.remaining);
  EXPECT_EQ(run.clock.overdue, expected.clock.overdue);
  EXPECT_EQ(run.clock.breached, expected.clock.breached);
}

TEST(HistoryProperty, EveryClockAgreesWithItsHistoryPlayedMinuteByMinute) {
  Generator random(20306);
  for (int round = 0; round < 60; ++round) {
    const History history = RandomHistory(&random);
    SCOPED_TRACE("round " + std::to_string(round) + ", " + Describe(history));
    const HistoryReading reading = ReadHistory(history);
    ASSERT_FALSE(reading.out_of_reach.has_value());
    for (size_t i = 0; i < history.clocks.size(); ++i) {
      SCOPED_TRACE(kClockKinds[i]);
      const HistoryClockReading expected = test::MinuteClock(history, i).Read();
      ASSERT_EQ(reading.clocks[i].state, expected.state);
      ExpectSame(reading.clocks[i].now, expected.now);
      ASSERT_EQ(reading.clocks[i].runs.size(), expected.runs.size());
      for (size_t run = 0; run < expected.runs.size(); ++run)
        ExpectSame(reading.clocks[i].runs[run], expected.runs[run]);
    }
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace escalon::calc

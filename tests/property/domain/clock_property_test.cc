#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "common/domain/clock_arithmetic.h"
#include "tests/property/domain/generator.h"
#include "tests/property/domain/minute_reference.h"

namespace escalon {
namespace {

using test::BuildCalendar;
using test::Describe;
using test::Generator;
using test::MinuteReference;

std::vector<PauseSpan> SomePauses(Generator* random, InstantMs from, DurationMs width) {
  std::vector<PauseSpan> pauses;
  for (int64_t n = random->Between(0, 5); n > 0; --n) {
    const InstantMs start = from + random->Between(0, width / kMinuteMs) * kMinuteMs;
    pauses.push_back({start, start + random->Between(1, random->Chance(50) ? 300 : 4000) * kMinuteMs});
  }
  return MergePauses(std::move(pauses));
}

TEST(ClockProperty, TimeThatCountsAgreesWithTheMinuteByMinuteReference) {
  Generator random(20304);
  for (int round = 0; round < 120; ++round) {
    const InstantMs center = random.Instant(Zone::Load(random.Of(test::Zones())).value());
    const CalendarSpec spec = random.CalendarNear(center);
    const auto calendar = BuildCalendar(spec);
    const MinuteReference ref(spec, center - 12 * kDayMs, center + 20 * kDayMs);
    const std::vector<PauseSpan> pauses = SomePauses(&random, ref.At(0), 25 * kDayMs);
    std::string trace = Describe(spec);
    for (const PauseSpan& p : pauses) trace += " pause " + FormatInstant(p.from) + "/" + FormatInstant(p.to);
    SCOPED_TRACE(trace);

    std::vector<DurationMs> before(ref.size() + 1, 0);
    for (size_t i = 0; i < ref.size(); ++i) {
      const InstantMs at = ref.At(i);
      const bool paused =
          std::any_of(pauses.begin(), pauses.end(), [at](const PauseSpan& p) { return p.from <= at && at < p.to; });
      before[i + 1] = before[i] + (ref.open(i) && !paused ? kMinuteMs : 0);
    }
    for (int question = 0; question < 100; ++question) {
      const auto a = static_cast<size_t>(random.Between(0, static_cast<int64_t>(ref.size()) - 1));
      const auto b = static_cast<size_t>(random.Between(0, static_cast<int64_t>(ref.size()) - 1));
      const InstantMs at = ref.At(a);
      if (b >= a) {
        ASSERT_EQ(CountedElapsed(calendar.get(), at, ref.At(b), pauses), before[b] - before[a]) << FormatInstant(at);
        ASSERT_EQ(
            CountedElapsed(calendar.get(), at, ref.At(b), pauses) + PausedTime(calendar.get(), at, ref.At(b), pauses),
            calendar->Elapsed(at, ref.At(b)));
      }
      const DurationMs ahead = before.back() - before[a];
      if (ahead > 0) {
        const auto first = std::upper_bound(before.begin(), before.end(), before[a]) - before.begin() - 1;
        ASSERT_EQ(CountedAdd(calendar.get(), at, 0, pauses), ref.At(static_cast<size_t>(first))) << FormatInstant(at);
        const DurationMs span = random.Between(1, ahead / kMinuteMs) * kMinuteMs;
        const auto end = std::lower_bound(before.begin(), before.end(), before[a] + span) - before.begin();
        ASSERT_EQ(CountedAdd(calendar.get(), at, span, pauses), ref.At(static_cast<size_t>(end)))
            << FormatInstant(at) << " + " << span;
      }
      if (before[a] > 0) {
        const auto last = std::lower_bound(before.begin(), before.end(), before[a]) - before.begin();
        ASSERT_EQ(CountedSubtract(calendar.get(), at, 0, pauses), ref.At(static_cast<size_t>(last)))
            << FormatInstant(at);
        const DurationMs span = random.Between(1, before[a] / kMinuteMs) * kMinuteMs;
        const auto start = std::upper_bound(before.begin(), before.end(), before[a] - span) - before.begin() - 1;
        ASSERT_EQ(CountedSubtract(calendar.get(), at, span, pauses), ref.At(static_cast<size_t>(start)))
            << FormatInstant(at) << " - " << span;
      }
    }
  }
}

TEST(ClockProperty, AClocksReadingsFitTogether) {
  Generator random(20305);
  for (int round = 0; round < 300; ++round) {
    const InstantMs start = random.Instant(Zone::Load(random.Of(test::Zones())).value());
    const CalendarSpec spec = random.CalendarNear(start);
    const auto calendar = BuildCalendar(spec);
    if (calendar->NextOpening(start) == kNever) continue;
    SCOPED_TRACE(Describe(spec) + " start " + FormatInstant(start));
    const std::vector<PauseSpan> pauses = SomePauses(&random, start - kDayMs, 10 * kDayMs);
    Measure m{calendar.get(), start, {}, pauses};
    if (random.Chance(50)) {
      m.target.span = random.Between(1, 4 * kDayMs);
    } else {
      m.target.business_days = static_cast<int>(random.Between(1, 8));
      m.target.snap_to_close = random.Chance(50);
    }
    const InstantMs deadline = Deadline(m);
    ASSERT_NE(deadline, kNever);
    for (int question = 0; question < 20; ++question) {
      const InstantMs until = start + random.Between(0, 30 * kDayMs);
      const ClockReading r = ReadClock(m, until);
      ASSERT_EQ(r.deadline, deadline);
      ASSERT_EQ(r.elapsed + r.paused, calendar->Elapsed(start, until));
      ASSERT_EQ(r.breached, until > deadline);
      if (m.target.business_days == 0) {
        ASSERT_EQ(r.elapsed + r.remaining, m.target.span);
        ASSERT_EQ(r.overdue, std::max<DurationMs>(0, -r.remaining));
      }
      // While a pause lasts the deadline is unknown, unless it has passed; what remains stands still.
      std::vector<PauseSpan> open;
      for (const PauseSpan& p : pauses) {
        if (p.from < until) open.push_back(p);
      }
      if (!open.empty() && open.back().to > until) {
        open.back().to = kNever;
        const Measure paused{calendar.get(), start, m.target, open};
        if (const InstantMs known = Deadline(paused); known != kNever) {
          ASSERT_LE(known, std::max(open.back().from, start));
        }
        ASSERT_EQ(Remaining(paused, until), Remaining(paused, until + kDayMs));
      }
    }
    InstantMs last = start;
    for (const int percent : {0, 25, 50, 75, 100}) {
      const InstantMs at = WarningAt(m, WarningRule::Percent(percent), deadline);
      ASSERT_GE(at, last) << percent;
      last = at;
      if (m.target.business_days == 0 && percent == 100) {
        ASSERT_EQ(at, deadline);
      }
    }
    last = kNever;
    for (const DurationMs before : {DurationMs{0}, kHourMs, 5 * kHourMs, 50 * kHourMs}) {
      const InstantMs at = WarningAt(m, {WarningRule::Kind::kBefore, before}, deadline);
      ASSERT_GE(at, start);
      ASSERT_LE(at, std::max(deadline, start));
      ASSERT_LE(at, last);
      last = at;
    }
  }
}

}  // namespace
}  // namespace escalon

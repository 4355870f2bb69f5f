#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "tests/property/domain/generator.h"
#include "tests/property/domain/minute_reference.h"

namespace escalon {
namespace {

using test::BuildCalendar;
using test::Describe;
using test::Generator;
using test::MinuteReference;

constexpr DurationMs kAround = 16 * kDayMs;

TEST(CalendarProperty, EveryQuestionAgreesWithTheMinuteByMinuteReference) {
  Generator random(20301);
  for (int round = 0; round < 160; ++round) {
    const InstantMs middle = random.Instant(Zone::Load(random.Of(test::Zones())).value());
    CalendarSpec spec = random.CalendarNear(middle);
    const InstantMs center = round % 4 == 0 ? middle : random.Instant(Zone::Load(spec.timezone).value());
    if (center != middle) {
      std::string zone = spec.timezone;
      spec = random.CalendarNear(center);
      spec.timezone = std::move(zone);
    }
    SCOPED_TRACE(Describe(spec) + " around " + FormatInstant(center));
    const auto calendar = BuildCalendar(spec);
    const MinuteReference ref(spec, center - kAround, center + kAround);

    std::vector<DurationMs> before(ref.size() + 1, 0);  // open time before each minute
    for (size_t i = 0; i < ref.size(); ++i) {
      before[i + 1] = before[i] + (ref.open(i) ? kMinuteMs : 0);
      ASSERT_EQ(calendar->IsOpen(ref.At(i)), ref.open(i)) << FormatInstant(ref.At(i));
      ASSERT_EQ(calendar->IsOpen(ref.At(i) + kMinuteMs - 1), ref.open(i))
          << FormatInstant(ref.At(i)) << " at its last ms";
    }
    for (int question = 0; question < 200; ++question) {
      const auto a = static_cast<size_t>(random.Between(0, static_cast<int64_t>(ref.size()) - 1));
      const auto b = static_cast<size_t>(random.Between(0, static_cast<int64_t>(ref.size()) - 1));
      const InstantMs at = ref.At(a);
      ASSERT_EQ(calendar->Elapsed(at, ref.At(b)), std::max<DurationMs>(0, before[b] - before[a])) << FormatInstant(at);

      size_t i = a;
      while (i < ref.size() && !ref.open(i)) ++i;
      if (i < ref.size()) {
        ASSERT_EQ(calendar->NextOpening(at), ref.At(i)) << FormatInstant(at);
        while (i < ref.size() && ref.open(i)) ++i;
        if (i < ref.size()) {
          ASSERT_EQ(calendar->NextClosing(at), ref.At(i)) << FormatInstant(at);
        }
      }
      size_t j = a;
      while (j > 0 && !ref.open(j - 1)) --j;
      if (j > 0) {
        ASSERT_EQ(calendar->PreviousClosing(at), ref.At(j)) << FormatInstant(at);
      }

      const DurationMs ahead = before.back() - before[a];
      if (ahead > 0) {
        const DurationMs span = random.Between(1, ahead / kMinuteMs) * kMinuteMs;
        const auto end = std::lower_bound(before.begin(), before.end(), before[a] + span) - before.begin();
        ASSERT_EQ(calendar->Add(at, span), ref.At(static_cast<size_t>(end)))
            << FormatInstant(at) << " + " << FormatDuration(span);
      }
      if (before[a] > 0) {
        const DurationMs span = random.Between(1, before[a] / kMinuteMs) * kMinuteMs;
        const auto start = std::upper_bound(before.begin(), before.end(), before[a] - span) - before.begin() - 1;
        ASSERT_EQ(calendar->Subtract(at, span), ref.At(static_cast<size_t>(start)))
            << FormatInstant(at) << " - " << FormatDuration(span);
      }
    }
  }
}

TEST(CalendarProperty, WorkingDaysAreCountedOneByOne) {
  Generator random(20302);
  for (int round = 0; round < 60; ++round) {
    const InstantMs center = random.Instant(Zone::Load(random.Of(test::Zones())).value());
    CalendarSpec spec = random.CalendarNear(center);
    SCOPED_TRACE(Describe(spec) + " around " + FormatInstant(center));
    const auto calendar = BuildCalendar(spec);
    const MinuteReference ref(spec, center - 2 * kAround, center + 2 * kAround);
    for (int question = 0; question < 50; ++question) {
      const InstantMs at = center + random.Between(-2 * kDayMs, 2 * kDayMs);
      const LocalTime local = calendar->zone().LocalAt(at);
      const int64_t days = random.Between(-6, 6);
      LocalDate date = local.date;
      int steps = 0;
      if (days != 0 || !ref.working_day(date)) {
        const int step = days < 0 ? -1 : 1;
        for (int64_t left = std::max<int64_t>(1, std::abs(days)); left > 0 && steps < 25; ++steps) {
          date += step;
          if (ref.working_day(date)) --left;
        }
      }
      if (steps >= 25) continue;  // beyond what the reference looked at
      const InstantMs expected = days == 0 && date == local.date ? at : calendar->zone().StartAt({date, local.of_day});
      ASSERT_EQ(calendar->AddDays(at, days), expected) << FormatInstant(at) << " " << days;
      const InstantMs closing = calendar->AddDays(at, days, DaySnap::kClosing);
      ASSERT_FALSE(calendar->Segments(closing - 1, closing, 1).empty()) << "open just before the closing";
    }
  }
}

TEST(CalendarProperty, AddingAndMeasuringAreInverse) {
  Generator random(20303);
  for (int round = 0; round < 200; ++round) {
    const InstantMs center = random.Instant(Zone::Load(random.Of(test::Zones())).value());
    const CalendarSpec spec = random.CalendarNear(center);
    const auto calendar = BuildCalendar(spec);
    if (calendar->NextOpening(center) == kNever) continue;
    SCOPED_TRACE(Describe(spec));
    for (int question = 0; question < 60; ++question) {
      const InstantMs from = center + random.Between(-20 * kDayMs, 20 * kDayMs);
      const DurationMs span = random.Between(0, random.Chance(50) ? 3 * kDayMs : 400 * kDayMs);
      SCOPED_TRACE(FormatInstant(from) + " " + FormatDuration(span));
      const InstantMs end = calendar->Add(from, span);
      ASSERT_NE(end, kNever);
      ASSERT_GE(end, from);
      ASSERT_EQ(calendar->Elapsed(from, end), span);
      if (span > 0) {
        ASSERT_EQ(calendar->Elapsed(from, end - 1), span - 1) << "not a moment too late";
        ASSERT_EQ(calendar->PreviousClosing(end), end) << "open just before it";
      }
      // In two parts it is the same; the second part must not be 0, which would roll on to an opening.
      if (span > 1) {
        const DurationMs part = random.Between(1, span - 1);
        ASSERT_EQ(calendar->Add(calendar->Add(from, part), span - part), end);
      }
      ASSERT_LE(end, calendar->Add(from + random.Between(0, 10 * kDayMs), span)) << "later start, no earlier end";
      ASSERT_LT(end, calendar->Add(from, span + 1) + (span == 0 ? 1 : 0)) << "longer, later";

      const InstantMs back = calendar->Subtract(end, span);
      if (back != kNever) {
        ASSERT_EQ(calendar->Elapsed(back, end), span);
        if (span > 0) {
          ASSERT_EQ(calendar->Elapsed(back + 1, end), span - 1);
          ASSERT_TRUE(calendar->IsOpen(back));
        }
      }
      const InstantMs middle = random.Between(from, end);
      ASSERT_EQ(calendar->Elapsed(from, middle) + calendar->Elapsed(middle, end), span);
      DurationMs sum = 0;
      for (const Stretch& s : calendar->Segments(from, end, SIZE_MAX)) sum += s.to - s.from;
      ASSERT_EQ(sum, span);
    }
  }
}

}  // namespace
}  // namespace escalon

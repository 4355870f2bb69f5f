#include <optional>

#include <gtest/gtest.h>

#include "tests/property/domain/generator.h"

namespace escalon {
namespace {

using test::Describe;
using test::Generator;

Rotation Build(const RotationSpec& spec) { return Rotation::Build(spec).value(); }

TEST(RotationProperty, ShiftsNeverOverlapAndWithoutMaskOrDurationNeverLeaveAGap) {
  Generator random(20306);
  for (int round = 0; round < 600; ++round) {
    const RotationSpec spec = random.Rotation();
    SCOPED_TRACE(Describe(spec));
    const Rotation rotation = Build(spec);
    const bool gapless = spec.days == 0 && spec.days_of_month == 0 && !spec.duration;
    InstantMs at = spec.start + random.Between(-400 * kDayMs, 400 * kDayMs);
    if (gapless) {
      ASSERT_TRUE(rotation.ShiftAt(at).has_value());
    }
    std::optional<Shift> last = rotation.ShiftAt(at);
    for (int step = 0; step < 60; ++step) {
      const std::optional<Shift> next = rotation.NextShift(at);
      ASSERT_TRUE(next.has_value());
      ASSERT_GT(next->start, at);
      ASSERT_LT(next->start, next->end);
      if (last) {
        ASSERT_LE(last->end, next->start);
        ASSERT_GE(next->turn, last->turn);
        if (gapless) {
          ASSERT_EQ(last->end, next->start);
        }
      }
      // The same shift seen from its first and last moment and from just before.
      ASSERT_EQ(rotation.ShiftAt(next->start), next);
      ASSERT_EQ(rotation.ShiftAt(next->end - 1), next);
      ASSERT_NE(rotation.ShiftAt(next->end), next);
      ASSERT_EQ(rotation.NextShift(next->start - 1), next);
      at = next->start;
      last = next;
    }
  }
}

TEST(RotationProperty, AHandOverIsAtItsWallClockTimeUnlessThatDoesNotExist) {
  Generator random(20307);
  for (int round = 0; round < 400; ++round) {
    RotationSpec spec = random.Rotation();
    if (spec.type == RotationSpec::Type::kHourly) spec.type = RotationSpec::Type::kWeekly;
    SCOPED_TRACE(Describe(spec));
    const Rotation rotation = Build(spec);
    const Zone zone = Zone::Load(spec.timezone).value();
    const DurationMs hand_over = zone.LocalAt(spec.start).of_day;
    InstantMs at = spec.start + random.Between(-300 * kDayMs, 300 * kDayMs);
    for (int step = 0; step < 30; ++step) {
      const std::optional<Shift> shift = rotation.NextShift(at);
      ASSERT_TRUE(shift.has_value());
      const LocalTime begin = zone.LocalAt(shift->start);
      if (begin.of_day != hand_over) {
        // Then the clock was put forward at this very moment.
        ASSERT_GT(zone.OffsetSecondsAt(shift->start), zone.OffsetSecondsAt(shift->start - 1))
            << FormatInstant(shift->start);
      }
      if (spec.duration) {
        ASSERT_LE(shift->end - shift->start, *spec.duration + 25 * kHourMs);
      }
      at = shift->start;
    }
  }
}

TEST(RotationProperty, TheOrderIsTurnByTurnAndTheAnchorHoldsItsPlace) {
  Generator random(20308);
  for (int round = 0; round < 600; ++round) {
    const RotationSpec spec = random.Rotation();
    if (spec.participants.empty()) continue;
    SCOPED_TRACE(Describe(spec));
    const Rotation rotation = Build(spec);
    const auto people = static_cast<int64_t>(spec.participants.size());
    const InstantMs at = spec.start + random.Between(-400 * kDayMs, 400 * kDayMs);
    const std::optional<Shift> a = rotation.NextShift(at),
                               b = rotation.NextShift(a->start + random.Between(0, 90 * kDayMs));
    ASSERT_EQ(((b->turn - a->turn) % people + people) % people, (b->index - a->index + people) % people);
    if (!spec.anchor) {
      ASSERT_EQ(a->index, ((a->turn % people) + people) % people);
    } else if (const std::optional<Shift> anchored = rotation.ShiftAt(spec.anchor->at)) {
      ASSERT_EQ(anchored->index, spec.anchor->index);
    }
    RotationSpec plain = spec;
    plain.anchor.reset();
    ASSERT_EQ(Build(plain).ShiftAt(a->start)->turn, a->turn) << "an anchor changes no turn";
  }
}

TEST(RotationProperty, ClippingChangesNoOrder) {
  Generator random(20309);
  for (int round = 0; round < 400; ++round) {
    RotationSpec spec = random.Rotation();
    const Rotation whole = Build(spec);
    spec.effective_from = spec.start + random.Between(-50 * kDayMs, 50 * kDayMs);
    spec.until = *spec.effective_from + random.Between(1, 60 * kDayMs);
    SCOPED_TRACE(Describe(spec) + " from " + FormatInstant(*spec.effective_from) + " until " +
                 FormatInstant(*spec.until));
    const Rotation clipped = Build(spec);
    for (int question = 0; question < 40; ++question) {
      const InstantMs at = *spec.effective_from + random.Between(-5 * kDayMs, 65 * kDayMs);
      std::optional<Shift> expected = whole.ShiftAt(at);
      if (at < *spec.effective_from || at >= *spec.until) expected.reset();
      const std::optional<Shift> shift = clipped.ShiftAt(at);
      ASSERT_EQ(shift.has_value(), expected.has_value()) << FormatInstant(at);
      if (!shift) continue;
      ASSERT_EQ(shift->turn, expected->turn);
      ASSERT_EQ(shift->index, expected->index);
      ASSERT_EQ(shift->start, std::max(expected->start, *spec.effective_from));
      ASSERT_EQ(shift->end, std::min(expected->end, *spec.until));
    }
    // The chain of next shifts from long before visits every shift that exists.
    std::optional<Shift> next = clipped.NextShift(*spec.effective_from - 100 * kDayMs);
    if (clipped.ShiftAt(*spec.effective_from)) {
      ASSERT_EQ(next, clipped.ShiftAt(*spec.effective_from));
    }
    for (int step = 0; next && step < 100; ++step) {
      ASSERT_GE(next->start, *spec.effective_from);
      ASSERT_LE(next->end, *spec.until);
      next = clipped.NextShift(next->start);
    }
  }
}

}  // namespace
}  // namespace escalon

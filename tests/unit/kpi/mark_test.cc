#include "common/kpi/mark.h"

#include <gtest/gtest.h>

namespace escalon::kpi {
namespace {

constexpr InstantMs kNow = 1904292000000;

Mark Ordinary() {
  Mark mark;
  mark.stays.push_back({Track::kFunctional, "L1", kNow, kNever});
  mark.stays.push_back({Track::kHierarchical, "MGR", kNow + kHourMs, kNow + 2 * kHourMs});
  mark.waitings.push_back({"L1", "desk", kNow + 17, kNever});
  for (const char* name : {"acknowledgement", "response", "resolution"}) {
    PromiseRun run;
    run.name = name;
    run.level = "L1";
    run.calendar = "office-berlin";
    run.started_at = kNow;
    run.due_at = kNow + 4 * kHourMs;
    run.target = 4 * kHourMs;
    mark.promises.push_back(run);
  }
  return mark;
}

void ExpectSame(const Mark& a, const Mark& b) {
  ASSERT_EQ(a.stays.size(), b.stays.size());
  for (size_t i = 0; i < a.stays.size(); ++i) {
    const Stay &x = a.stays[i], &y = b.stays[i];
    EXPECT_EQ(std::tie(x.track, x.level, x.from, x.to), std::tie(y.track, y.level, y.from, y.to));
  }
  ASSERT_EQ(a.waitings.size(), b.waitings.size());
  for (size_t i = 0; i < a.waitings.size(); ++i) {
    const Waiting &x = a.waitings[i], &y = b.waitings[i];
    EXPECT_EQ(std::tie(x.level, x.team, x.from, x.to), std::tie(y.level, y.team, y.from, y.to));
  }
  ASSERT_EQ(a.resolutions.size(), b.resolutions.size());
  for (size_t i = 0; i < a.resolutions.size(); ++i) {
    const Resolution &x = a.resolutions[i], &y = b.resolutions[i];
    EXPECT_EQ(std::tie(x.at, x.level, x.monitored, x.reopened_at, x.reopened_by),
              std::tie(y.at, y.level, y.monitored, y.reopened_at, y.reopened_by));
  }
  ASSERT_EQ(a.promises.size(), b.promises.size());
  for (size_t i = 0; i < a.promises.size(); ++i) {
    const PromiseRun &x = a.promises[i], &y = b.promises[i];
    EXPECT_EQ(std::tie(x.name, x.level, x.calendar, x.started_at, x.due_at, x.target, x.breached_at, x.ended_at,
                       x.pauses, x.paused_since),
              std::tie(y.name, y.level, y.calendar, y.started_at, y.due_at, y.target, y.breached_at, y.ended_at,
                       y.pauses, y.paused_since));
  }
  EXPECT_EQ(std::tie(a.came_back, a.returned, a.held, a.unfit), std::tie(b.came_back, b.returned, b.held, b.unfit));
}

TEST(Mark, OneOfAnOrdinaryCaseTakesAboutAHundredBytes) {
  Names names;
  const std::string packed = Pack(Ordinary(), &names);
  EXPECT_LT(packed.size(), 120u);
  ExpectSame(Unpack(packed, names), Ordinary());
}

TEST(Mark, EveryFieldComesBack) {
  Names names;
  Mark mark = Ordinary();
  mark.resolutions.push_back({kNow + 3 * kHourMs, "L2", true, kNow + 4 * kHourMs, ReopenCause::kRecurrence});
  mark.resolutions.push_back({kNow + 5 * kHourMs, "L3", false, 0, ReopenCause::kPerson});
  PromiseRun& run = mark.promises[1];
  run.breached_at = kNow + 4 * kHourMs + 1;
  run.ended_at = kNow + 5 * kHourMs;
  run.paused_since = kNow + 6 * kHourMs;
  run.pauses = {{kNow - kDayMs, kNow}, {kNow + 1, kNever}};
  run.due_at = kNever;
  run.calendar = "";
  mark.waitings.push_back({"", "", -1, 4102444800000});
  mark.came_back = mark.unfit = true;
  ExpectSame(Unpack(Pack(mark, &names), names), mark);
  mark.returned = mark.held = true;
  mark.came_back = mark.unfit = false;
  ExpectSame(Unpack(Pack(mark, &names), names), mark);
  ExpectSame(Unpack(Pack(Mark(), &names), names), Mark());
}

}  // namespace
}  // namespace escalon::kpi

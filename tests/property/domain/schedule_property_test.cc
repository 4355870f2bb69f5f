#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/domain/schedule.h"
#include "tests/property/domain/generator.h"

namespace escalon {
namespace {

using test::Generator;
using People = std::set<std::string>;

const std::vector<std::string> kNames{"ana", "ben", "cho", "dev", "eve"};
constexpr DurationMs kWidth = 12 * kDayMs;

Stretch SomeSpan(Generator* random, InstantMs from) {
  const InstantMs start = from + random->Between(-kDayMs, kWidth);
  return {start, start + random->Between(1, 3 * kDayMs)};
}

ScheduleSpec SomeSchedule(Generator* random, InstantMs from) {
  ScheduleSpec spec;
  spec.timezone = random->Of(test::Zones());
  for (int64_t n = random->Between(0, 4); n > 0; --n) {
    ScheduleSpec::Layer layer;
    layer.priority = static_cast<int>(random->Between(0, 2));
    if (random->Chance(50)) {
      layer.users = {random->Of(kNames), random->Of(kNames)};
    } else {
      layer.rotation = random->Rotation();
      layer.rotation->participants = {{random->Of(kNames)}, {random->Of(kNames), random->Of(kNames)}};
      layer.rotation->anchor.reset();
    }
    if (random->Chance(50)) {
      layer.windows.emplace();
      for (auto& day : *layer.windows) day = random->Windows(2);
    }
    if (random->Chance(20)) layer.from = from + random->Between(0, kWidth);
    if (random->Chance(20)) layer.until = layer.from.value_or(from) + random->Between(1, kWidth);
    spec.layers.push_back(layer);
  }
  for (int64_t n = random->Between(0, 5); n > 0; --n) {
    const Stretch span = SomeSpan(random, from);
    ScheduleSpec::Override o{span.from, span.to, "", ""};
    if (random->Chance(70)) o.remove = random->Of(kNames);
    if (o.remove.empty() || random->Chance(60)) o.add = random->Of(kNames);
    spec.overrides.push_back(o);
  }
  for (int64_t n = random->Between(0, 2); n > 0; --n) {
    const Stretch span = SomeSpan(random, from);
    ScheduleSpec::Temporary t{span.from, span.to, {}};
    for (int64_t s = random->Between(0, 3); s > 0; --s) {
      const Stretch shift = SomeSpan(random, from);
      t.shifts.push_back({shift.from, shift.to, random->Of(kNames)});
    }
    spec.temporary.push_back(t);
  }
  for (int64_t n = random->Between(0, 4); n > 0; --n) {
    const Stretch span = SomeSpan(random, from);
    ScheduleSpec::Absence absence{random->Of(kNames), span.from, span.to};
    if (random->Chance(20)) absence.end.reset();
    spec.absences.push_back(absence);
  }
  return spec;
}

struct Answer {
  People people;
  bool assigned = false;
};

/// calc.md §7, step by step, with sets.
Answer Reference(const ScheduleSpec& spec, InstantMs at) {
  const auto covers = [at](InstantMs start, InstantMs end) { return start <= at && at < end; };
  std::map<int, People, std::greater<>> groups;
  People added;
  bool temporary = false;
  for (const auto& t : spec.temporary) {
    if (!covers(t.start, t.end)) continue;
    temporary = true;
    for (const auto& shift : t.shifts) {
      if (covers(shift.start, shift.end)) groups[0].insert(shift.user);
    }
  }
  if (!temporary) {
    for (const auto& layer : spec.layers) {
      if (layer.from && at < *layer.from) continue;
      if (layer.until && at >= *layer.until) continue;
      if (layer.windows && !Calendar::Build({spec.timezone, *layer.windows, {}, {}}).value()->IsOpen(at)) continue;
      std::vector<std::string> users = layer.users;
      if (layer.rotation) {
        const Rotation rotation = Rotation::Build(*layer.rotation).value();
        if (const auto shift = rotation.ShiftAt(at)) users = rotation.PeopleOf(*shift);
      }
      groups[layer.priority].insert(users.begin(), users.end());
    }
    for (const auto& o : spec.overrides) {
      if (!covers(o.start, o.end)) continue;
      if (o.remove.empty()) {
        added.insert(o.add);
        continue;
      }
      const auto replace = [&o](People* people) {
        if (people->erase(o.remove) > 0 && !o.add.empty()) people->insert(o.add);
      };
      for (auto& [priority, people] : groups) replace(&people);
      replace(&added);
    }
  }
  Answer answer;
  const auto without_absent = [&](const People& people) {
    People left;
    for (const std::string& person : people) {
      answer.assigned = true;
      const bool absent = std::any_of(spec.absences.begin(), spec.absences.end(), [&](const auto& a) {
        return a.user == person && covers(a.start.value_or(INT64_MIN), a.end.value_or(kNever));
      });
      if (!absent) left.insert(person);
    }
    return left;
  };
  answer.people = without_absent(added);
  bool found = false;
  for (const auto& [priority, people] : groups) {
    const People left = without_absent(people);
    if (!found) answer.people.insert(left.begin(), left.end());
    found = found || !left.empty();
  }
  return answer;
}

TEST(ScheduleProperty, WhoIsOnCallAgreesWithTheReferenceAtEveryInstantAskedFor) {
  Generator random(20310);
  for (int round = 0; round < 120; ++round) {
    const InstantMs from = random.Instant(Zone::Load(random.Of(test::Zones())).value());
    const ScheduleSpec spec = SomeSchedule(&random, from);
    SCOPED_TRACE("round " + std::to_string(round) + " from " + FormatInstant(from));
    const Schedule schedule = Schedule::Build(spec).value();
    for (int question = 0; question < 40; ++question) {
      InstantMs at = from + random.Between(0, kWidth);
      if (!spec.overrides.empty() && random.Chance(30)) at = random.Of(spec.overrides).start - random.Between(0, 1);
      const Answer expected = Reference(spec, at);
      const auto on_call = schedule.OnCall(at);
      ASSERT_EQ(std::vector<std::string>(on_call.begin(), on_call.end()),
                std::vector<std::string>(expected.people.begin(), expected.people.end()))
          << FormatInstant(at);
      const auto staffing = !expected.people.empty() ? Schedule::Staffing::kStaffed
                            : expected.assigned      ? Schedule::Staffing::kUnstaffed
                                                     : Schedule::Staffing::kGap;
      ASSERT_EQ(schedule.StaffingAt(at), staffing) << FormatInstant(at);
    }
  }
}

TEST(ScheduleProperty, TheFinalScheduleCoversItsSpanOnceAndAgreesWithEveryInstant) {
  Generator random(20311);
  for (int round = 0; round < 120; ++round) {
    const InstantMs from = random.Instant(Zone::Load(random.Of(test::Zones())).value());
    const InstantMs to = from + random.Between(1, kWidth);
    const ScheduleSpec spec = SomeSchedule(&random, from);
    SCOPED_TRACE("round " + std::to_string(round) + " from " + FormatInstant(from));
    const Schedule schedule = Schedule::Build(spec).value();
    const FinalSchedule final = schedule.Final(from, to);

    struct Piece {
      Stretch span;
      Schedule::Staffing staffing;
      std::vector<std::string> people;
    };
    std::vector<Piece> pieces;
    for (const auto& s : final.segments) pieces.push_back({{s.start, s.end}, Schedule::Staffing::kStaffed, s.on_call});
    for (const auto& s : final.gaps) pieces.push_back({s, Schedule::Staffing::kGap, {}});
    for (const auto& s : final.unstaffed) pieces.push_back({s, Schedule::Staffing::kUnstaffed, {}});
    std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.span < b.span; });
    InstantMs at = from;
    for (size_t i = 0; i < pieces.size(); ++i) {
      const Piece& piece = pieces[i];
      ASSERT_EQ(piece.span.from, at);
      ASSERT_LT(piece.span.from, piece.span.to);
      if (i > 0) {
        ASSERT_TRUE(piece.staffing != pieces[i - 1].staffing || piece.people != pieces[i - 1].people)
            << "split without a change";
      }
      for (const InstantMs moment :
           {piece.span.from, random.Between(piece.span.from, piece.span.to - 1), piece.span.to - 1}) {
        const auto on_call = schedule.OnCall(moment);
        ASSERT_EQ(std::vector<std::string>(on_call.begin(), on_call.end()), piece.people) << FormatInstant(moment);
        ASSERT_EQ(schedule.StaffingAt(moment), piece.staffing) << FormatInstant(moment);
      }
      at = piece.span.to;
    }
    ASSERT_EQ(at, to);

    // The next hand-off is where the first piece with other people begins.
    const auto now = schedule.OnCall(from);
    InstantMs expected = kNever;
    for (const Piece& piece : pieces) {
      if (!std::equal(now.begin(), now.end(), piece.people.begin(), piece.people.end())) {
        expected = piece.span.from;
        break;
      }
    }
    if (expected != kNever) {
      ASSERT_EQ(schedule.NextHandoff(from), expected);
    } else {
      ASSERT_GE(schedule.NextHandoff(from), to);
    }
  }
}

}  // namespace
}  // namespace escalon

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/domain/roster.h"
#include "common/kpi/case_story.h"
#include "common/kpi/kpi_report.h"
#include "common/simulation/historic_case.h"
#include "common/simulation/virtual_desk.h"

namespace escalon::escalonctl {

/// When people sleep, by the clock on their wall, where their roster names no quiet hours.
inline constexpr int kNightFromHour = 22, kNightToHour = 7;

struct PersonMeasures {
  uint64_t pages = 0;
  uint64_t night_pages = 0;  ///< in quiet hours, else between kNightFromHour and kNightToHour, local
  uint64_t nights = 0;       ///< with at least one of them
  std::array<uint64_t, 24> by_hour{};
  std::map<std::string, uint64_t> by_level;
};

struct TeamMeasures {
  uint64_t visits = 0;
  double open_mean = 0;  ///< over the time that was looked at
  uint64_t open_most = 0;
};

/// Hours in which a team that the policy calls has nobody on call.
struct UnmannedTeam {
  std::string team;
  uint64_t spans = 0;
  DurationMs total = 0, longest = 0;
  InstantMs longest_from = 0;
};

/// How a promise of the policy and the history's own word agree.
struct Agreement {
  uint64_t both_kept = 0, both_broken = 0, only_here = 0, only_there = 0;  ///< kept only here, only there
  kpi::Share share() const { return {both_kept + both_broken, both_kept + both_broken + only_here + only_there}; }
};

/// What a simulated desk is measured by, beside the formulas of kpi.
struct DeskMeasures {
  uint64_t pages = 0, team_pages = 0;  ///< to a person each; to a team as such
  uint64_t night_pages = 0, nights = 0;
  std::array<uint64_t, 24> by_hour{};  ///< local to whoever was paged
  std::map<std::string, uint64_t> pages_by_level, pages_by_priority;
  std::map<std::string, PersonMeasures> people;
  std::map<std::string, TeamMeasures> teams;
  std::map<std::pair<std::string, std::string>, uint64_t> empty_steps;  ///< by level and why
  std::vector<UnmannedTeam> unmanned;
  std::map<std::string, Agreement> agreement;  ///< by priority
};

/// Ends at `until`. `promise`: the clock that is compared with the history's word; empty: none.
DeskMeasures Measure(const std::vector<kpi::CaseStory>& stories, const std::vector<simulation::HistoricCase>& history,
                     const Policy& policy, const Roster& roster, const std::string& promise, InstantMs until);

/// Whether it is night for a person: quiet hours of the roster, else kNightFromHour..kNightToHour.
class NightHours {
 public:
  explicit NightHours(const Roster& roster);
  /// The hour of the wall clock, and whether it is night there.
  struct Local {
    int hour = 0;
    bool night = false;
    int64_t night_number = 0;  ///< the same for one night of one person
  };
  Local At(const std::string& person, InstantMs at) const;

 private:
  struct Clockface {
    Zone zone;
    std::vector<DayWindow> quiet;
  };
  std::map<std::string, Clockface, std::less<>> people_;
};

}  // namespace escalon::escalonctl

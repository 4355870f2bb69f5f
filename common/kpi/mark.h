#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/kpi/case_story.h"

namespace escalon::kpi {

/// What the meter keeps of a case between two of its batches: what a story knows and a case does not.
struct Mark {
  std::vector<Stay> stays;
  std::vector<Waiting> waitings;
  std::vector<Resolution> resolutions;
  std::vector<PromiseRun> promises;
  bool came_back = false, returned = false, held = false, unfit = false;
};

/// The names that policies and rosters give to levels, teams, clocks and calendars, each kept once. One thread.
class Names {
 public:
  uint32_t NumberOf(const std::string& name);
  const std::string& At(uint32_t number) const { return *names_[number]; }

 private:
  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<const std::string*> names_;  ///< the keys of numbers_, which stay where they are
};

/// A mark in about a hundred bytes, for there is one of each live case. Good with these names, in this process alone.
std::string Pack(const Mark& mark, Names* names);
Mark Unpack(std::string_view packed, const Names& names);

}  // namespace escalon::kpi

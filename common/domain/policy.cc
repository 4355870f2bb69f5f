#include "common/domain/policy.h"

#include <algorithm>

#include "common/domain/policy_words.h"

namespace escalon {

const Calendar* Policy::calendar(const std::string& calendar_id) const {
  const auto it = calendars.find(calendar_id);
  return it != calendars.end() ? it->second.get() : nullptr;
}

const Level* Policy::level(std::string_view level_id) const {
  const int index = level_index(level_id);
  return index >= 0 ? &levels[static_cast<size_t>(index)] : nullptr;
}

int Policy::level_index(std::string_view level_id) const {
  const auto it = std::find_if(levels.begin(), levels.end(), [level_id](const Level& l) { return l.id == level_id; });
  return it != levels.end() ? static_cast<int>(it - levels.begin()) : -1;
}

const Path* Policy::path(std::string_view path_id) const {
  const auto it = std::find_if(paths.begin(), paths.end(), [path_id](const Path& p) { return p.id == path_id; });
  return it != paths.end() ? &*it : nullptr;
}

std::vector<std::string> Policy::milestones() const {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<std::string>& words, std::span<const std::string_view> known) {
    for (const std::string& word : words) {
      const bool own = !IsWord(known, word) && !word.starts_with(kPendingWordPrefix);
      if (own && std::find(names.begin(), names.end(), word) == names.end()) names.push_back(word);
    }
  };
  for (const ClockRule& rule : clocks) {
    add(rule.start_on, ClockStartWords());
    add(rule.stop_on, ClockStopWords());
  }
  if (sun.keep_limit > 0) add({std::string(kKeepWord)}, {});
  if (after.review) add({std::string(kReviewedWord)}, {});
  return names;
}

}  // namespace escalon

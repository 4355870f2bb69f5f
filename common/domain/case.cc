#include "common/domain/case.h"

#include <algorithm>

namespace escalon {

const ClockRun* Case::clock(std::string_view name) const {
  const auto it = std::lower_bound(clocks.begin(), clocks.end(), name,
                                   [](const ClockRun& run, std::string_view wanted) { return run.name < wanted; });
  return it != clocks.end() && it->name == name ? &*it : nullptr;
}

InstantMs Case::next_due_at() const {
  InstantMs next = kNever;
  if (!quarantined.empty()) return next;
  for (const ClockRun& run : clocks) next = std::min(next, run.next_alarm_at());
  return next;
}

const PastCommand* Case::FindCommand(std::string_view command_id) const {
  const uint64_t hash = CommandHash(command_id);
  const auto it = std::find_if(commands.rbegin(), commands.rend(),
                               [hash](const PastCommand& command) { return command.id_hash == hash; });
  return it != commands.rend() ? &*it : nullptr;
}

uint64_t CommandHash(std::string_view bytes) {
  const Digest digest = Sha256Of(bytes);
  uint64_t hash = 0;
  for (size_t i = 0; i < 8; ++i) hash = hash << 8 | digest[i];
  return hash;
}

}  // namespace escalon

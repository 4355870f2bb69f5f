#include "common/simulation/historic_case.h"

#include <array>

namespace escalon::simulation {
namespace {

constexpr auto kNames = std::to_array<std::string_view>(
    {"",         "acknowledge", "start_work", "assign",   "pause",   "resume",  "reply",  "note",  "message", "attempt",
     "escalate", "de_escalate", "facts",      "priority", "resolve", "confirm", "reopen", "close", "cancel",  "rate"});
static_assert(kNames.size() == kDeedKinds);

}  // namespace

std::string_view Name(DeedKind kind) {
  const auto index = static_cast<size_t>(kind);
  return index < kNames.size() ? kNames[index] : std::string_view();
}

bool ParseDeedKind(std::string_view word, DeedKind* kind) {
  for (size_t i = 1; i < kNames.size(); ++i) {
    if (kNames[i] != word) continue;
    *kind = static_cast<DeedKind>(i);
    return true;
  }
  return false;
}

}  // namespace escalon::simulation

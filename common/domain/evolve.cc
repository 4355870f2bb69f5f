#include <algorithm>
#include <variant>

#include "common/domain/case.h"
#include "common/domain/evolve_parts.h"

namespace escalon {
namespace {

constexpr size_t kCommandsKept = 64;

void RememberCommand(Case& c, const EventBatch& batch) {
  if (batch.command_id.empty()) return;
  if (c.commands.size() >= kCommandsKept) {
    c.commands.erase(c.commands.begin(), c.commands.end() - static_cast<std::ptrdiff_t>(kCommandsKept - 1));
  }
  c.commands.push_back({CommandHash(batch.command_id), batch.command_hash, c.version, batch.outcome, batch.at});
}

}  // namespace

void Apply(Case& c, const Event& event, InstantMs at) {
  std::visit([&](const auto& e) { evolve::On(c, e, at); }, event);
}

void Evolve(Case& c, const EventBatch& batch) {
  ++c.version;
  for (const Event& event : batch.events) Apply(c, event, batch.at);
  Conclude(c, batch);
}

void Conclude(Case& c, const EventBatch& batch) {
  c.last_at = std::max(c.last_at, batch.at);
  std::erase_if(c.intents, [&c](const OpenIntent& open) { return !StillWanted(c, open.version, open.intent); });
  RememberCommand(c, batch);
}

}  // namespace escalon

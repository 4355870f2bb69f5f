#include "services/escalonctl/rules/migration_preview.h"

#include <set>
#include <utility>
#include <variant>

#include "common/domain/decider.h"
#include "common/domain/event.h"
#include "common/simulation/virtual_case.h"

namespace escalon::escalonctl {
namespace {

std::string DueText(const ClockRun& run) {
  if (run.paused()) return "stands still";
  return run.due_at == kNever ? "never due" : "due " + FormatInstant(run.due_at);
}

void AddClock(const std::string& name, const ClockRun* was, const ClockRun* is, MigrationEffect* out) {
  if (was == nullptr && is == nullptr) return;
  if (was == nullptr) {
    out->changes.push_back(name + " begins, " + DueText(*is));
  } else if (is == nullptr) {
    out->changes.push_back(name + " is no promise any more");
  } else if (was->due_at != is->due_at || was->target != is->target) {
    out->changes.push_back(name + " " + DueText(*is) + " instead of " + DueText(*was));
  }
  if (is != nullptr && is->breached_at != 0 && (was == nullptr || was->breached_at == 0)) {
    out->changes.push_back(name + " is broken at once");
    out->breaks_now = true;
  }
}

}  // namespace

MigrationEffect PreviewMigration(const Case& c, const Policy& before, const Policy& next, const std::string& name,
                                 const Roster& roster, InstantMs now) {
  Command command;
  command.case_id = c.id;
  command.command_id = "migration-preview";
  command.actor = {c.tenant, "preview", {"operator"}, ActorKind::kHuman};
  command.body = Migrate{name};
  const simulation::NoLoad load;
  Context context{before, roster, load, 0, now};
  context.next_policy = &next;
  MigrationEffect out;
  const Result<EventBatch> batch = Decide(&c, command, context);
  if (!batch.ok()) {
    out.refused = batch.error().message;
    return out;
  }
  Case after = c;
  if (!batch->events.empty()) Evolve(after, *batch);
  if (after.path != c.path)
    out.changes.push_back("path " + (after.path.empty() ? "none" : after.path) + " instead of " + c.path);
  if (after.functional.step != c.functional.step || after.hierarchical.step != c.hierarchical.step)
    out.changes.push_back("its level is another step of the path");
  std::set<std::string> names;
  for (const ClockRule& rule : before.clocks) names.insert(rule.name);
  for (const ClockRule& rule : next.clocks) names.insert(rule.name);
  for (const std::string& clock : names) AddClock(clock, c.clock(clock), after.clock(clock), &out);
  return out;
}

}  // namespace escalon::escalonctl

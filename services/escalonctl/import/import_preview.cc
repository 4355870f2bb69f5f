#include "services/escalonctl/import/import_preview.h"

#include <utility>
#include <variant>

#include "common/domain/decider.h"
#include "common/simulation/virtual_case.h"
#include "services/escalonctl/import/submission_gateway.h"

namespace escalon::escalonctl {
namespace {

/// The case as it would be opened.
Result<Case> Opening(const ImportRow& row, const Policy& policy, const Roster& roster, InstantMs now, uint64_t number,
                     ImportPreview* out) {
  Result<OpenCase> open = OpenCaseOf(row.submission);
  if (!open.ok()) return open.error();
  Command command;
  command.case_id = CaseId::Make(now, 0, 0, number);
  command.command_id = "import-preview";
  command.actor = {"preview", "import", {"source"}, ActorKind::kSource};
  command.body = std::move(*open);
  const simulation::NoLoad load;
  const Result<EventBatch> batch = Decide(nullptr, command, Context{policy, roster, load, number, now});
  if (!batch.ok()) return batch.error();
  for (const Event& event : batch->events) out->told += std::holds_alternative<NotifyIntended>(event) ? 1 : 0;
  Case c;
  c.id = command.case_id;
  c.tenant = command.actor.tenant;
  Evolve(c, *batch);
  return c;
}

void Count(const Case& c, const Policy& policy, InstantMs now, ImportPreview* out) {
  ++out->cases;
  if (!c.owner.person.empty()) ++out->with_person;
  if (c.state == CaseState::kPending) ++out->waiting;
  ++out->by_priority[std::string(Name(c.priority))];
  ++out->by_level[c.functional.level];
  ++out->by_team[c.owner.team];
  for (const ClockRule& rule : policy.clocks) {
    const ClockRun* run = c.clock(rule.name);
    if (run == nullptr) continue;
    ++(run->breached_at != 0 ? out->broken : out->running)[rule.name];
    if (run->breached_at == 0 && !run->paused() && run->due_at < now + kDayMs) ++out->due_within_a_day;
  }
}

}  // namespace

ImportPreview PreviewImport(const std::vector<ImportRow>& rows, const Policy& policy, const Roster& roster,
                            InstantMs now) {
  ImportPreview out;
  uint64_t number = 0;
  for (const ImportRow& row : rows) {
    const Result<Case> c = Opening(row, policy, roster, now, ++number, &out);
    if (c.ok()) {
      Count(*c, policy, now, &out);
      continue;
    }
    const std::string place = "line " + std::to_string(row.line) + ", " + row.ref;
    if (c.error().fields.empty()) out.faults.push_back({place, c.error().message});
    for (const FieldViolation& fault : c.error().fields)
      out.faults.push_back({place + ": " + fault.field, fault.message});
  }
  return out;
}

}  // namespace escalon::escalonctl

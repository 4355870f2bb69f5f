#include "tests/unit/wire/samples.h"

namespace escalon::wire {
namespace {

constexpr InstantMs kAt = 1'903'190'400'000;  // 2030-04-23T16:00:00Z

ClockRun Clock(const char* name, DurationMs span) {
  ClockRun clock;
  clock.name = name;
  clock.started_at = kAt;
  clock.target.span = span;
  clock.due_at = kAt + span;
  clock.alarms.push_back({kAt + span / 2, AlarmKind::kWarning, WarningRule::Percent(50), ""});
  clock.alarms.push_back({kAt + span + 1, AlarmKind::kBreach, {}, ""});
  return clock;
}

}  // namespace

EventBatch OpenedBatch() {
  Opened opened;
  opened.facts.kind = "incident";
  opened.facts.title = "Kasse 4 druckt nicht";
  opened.facts.sealed_text = std::string("\x01\x00\xff sealed", 10);
  opened.facts.service = "retail-pos";
  opened.facts.region = "emea";
  opened.facts.source = "servicenow";
  opened.facts.external_ref = "INC0012345";
  opened.facts.impact = Grade::kHigh;
  opened.facts.urgency = Grade::kMedium;
  opened.facts.requester = {"u-17", "\x01n", "\x01m", "de-AT", true};
  opened.facts.tags = {"store:42", "pos"};
  opened.facts.labels = {{"building", "A"}, {"floor", "2"}};
  opened.facts.occurred_at = kAt - 30'000;
  opened.idempotency_key = "servicenow/INC0012345";
  opened.policy = "default@3";
  opened.path = "incident";
  EventBatch batch;
  batch.at = kAt;
  batch.actor = {"acme", "servicenow", {"integrator"}, ActorKind::kSource};
  batch.command_id = "open-1";
  batch.command_hash = 0xfedcba9876543210u;
  batch.outcome = OutcomeKind::kOpened;
  batch.events.push_back(opened);
  batch.events.push_back(ClockArmed{Clock("triage", 5'000), "waiting for triage"});
  return batch;
}

EventBatch TriagedBatch() {
  EventBatch batch;
  batch.at = kAt + 12;
  batch.actor = {"acme", "triage", {"service"}, ActorKind::kService};
  batch.command_id = "triage-1";
  batch.command_hash = 42;
  batch.events.push_back(Triaged{Priority::kP2, "printing", {"pos", "printer"}, Grade::kLow, false, 1});
  batch.events.push_back(ClockStopped{"triage", 1, true, "triaged"});
  Escalated entered;
  entered.to_level = "L1";
  entered.reason = EscalationReason::kPriority;
  entered.counted = false;
  batch.events.push_back(entered);
  batch.events.push_back(Assigned{"store-support", "p.maier", AssignMode::kPush, "L1", true, "least loaded"});
  batch.events.push_back(ClockArmed{Clock("acknowledgement", 15 * kMinuteMs), "P2"});
  batch.events.push_back(ClockArmed{Clock("resolution", 4 * kHourMs), "P2"});
  NotifyIntended intent;
  intent.purpose = IntentPurpose::kPage;
  intent.audience = Audience::kStep;
  intent.people = {"p.maier"};
  intent.message = "assigned";
  intent.priority = Priority::kP2;
  batch.events.push_back(intent);
  batch.trace.push_back({"priority.matrix", "P2", {{"impact", "high"}, {"urgency", "medium"}}});
  batch.trace.push_back({"paths.incident.functional.steps[0]", "L1, store-support", {{"priority", "P2"}}});
  return batch;
}

Case SampleCase() {
  Case c;
  c.id = CaseId::Make(kAt, 1234, 7, 99);
  c.tenant = "acme";
  Evolve(c, OpenedBatch());
  Evolve(c, TriagedBatch());
  c.chain.fill(0xab);
  return c;
}

}  // namespace escalon::wire

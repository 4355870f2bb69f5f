#include "common/simulation/virtual_case.h"

#include <algorithm>
#include <utility>

namespace escalon::simulation {
namespace {

/// More alarms at one instant than any sound policy has.
constexpr int kMostAlarmsAtOnce = 1000;

uint64_t Mixed(uint64_t value) {  // splitmix64's last step
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

}  // namespace

VirtualCase::VirtualCase(const VirtualWorld& world, uint64_t number)
    : world_(world), number_(number), timer_(ServiceOf(world.policy.tenant, "sla-timer", ActorKind::kClock)) {}

Status VirtualCase::OpenAt(InstantMs at, OpenCase open, Triage triage) {
  if (opened()) return Error{ErrorCode::kWrongState, "the case is open already"};
  now_ = at;
  case_->id = CaseId::Make(at, static_cast<int>(number_ % kBuckets), 0, number_);
  case_->tenant = world_.policy.tenant;
  const Actor source = SourceOf(world_.policy.tenant, open.facts.source);
  const Result<OutcomeKind> outcome = Decide(std::move(open), source);
  if (!outcome.ok()) return outcome.error();
  if (triage == Triage::kSilent) return {};
  RecordTriage advice;
  advice.judged_version = case_->version;
  const Result<OutcomeKind> judged = Decide(std::move(advice), ServiceOf(world_.policy.tenant, "triage"));
  return judged.ok() ? Status() : judged.error();
}

Result<OutcomeKind> VirtualCase::ApplyAt(InstantMs at, CommandBody body, const Actor& actor) {
  if (!opened()) return Error{ErrorCode::kWrongState, "open the case first"};
  if (const Status run = RunBefore(at); !run.ok()) return run.error();
  now_ = std::max(now_, at);
  return Decide(std::move(body), actor);
}

Status VirtualCase::RunUntil(InstantMs at) {
  const Status run = RunBefore(at == kNever ? at : at + 1);
  if (at != kNever) now_ = std::max(now_, at);
  return run;
}

Status VirtualCase::RunBefore(InstantMs at) {
  InstantMs instant = now_;
  int fired = 0;
  for (InstantMs due_at = next_due_at(); due_at < at; due_at = next_due_at()) {
    now_ = std::max(now_, due_at);
    fired = now_ == instant ? fired + 1 : 1;
    instant = now_;
    if (fired > kMostAlarmsAtOnce)
      return Error{ErrorCode::kInternal, "clocks without end at " + FormatInstant(instant)};
    if (const Status one = FireNext(); !one.ok()) return one;
  }
  return {};
}

Status VirtualCase::FireNext() {
  const InstantMs due_at = case_->next_due_at();
  const auto run = std::find_if(case_->clocks.begin(), case_->clocks.end(),
                                [due_at](const ClockRun& one) { return one.next_alarm_at() == due_at; });
  const Result<OutcomeKind> outcome = Decide(ClockDue{run->name, run->generation}, timer_);
  return outcome.ok() ? Status() : outcome.error();
}

Result<OutcomeKind> VirtualCase::Decide(CommandBody body, const Actor& actor) {
  Command command;
  command.case_id = case_->id;
  command.command_id = std::to_string(++commands_);
  command.body_hash = commands_;
  command.actor = actor;
  command.body = std::move(body);
  const uint64_t seed = Mixed(world_.seed + number_ * 0x9e3779b97f4a7c15 + commands_);
  const Context context{world_.policy, world_.roster, world_.load, seed, now_, world_.openings};
  auto after = std::make_unique<Case>();
  const Result<EventBatch> batch = escalon::Decide(opened() ? case_.get() : nullptr, command, context, after.get());
  if (!batch.ok()) {
    Refuse(command.body, batch.error());
    return batch.error();
  }
  if (batch->events.empty()) return batch->outcome;
  case_ = std::move(after);
  if (listener_) {
    listener_(*case_, *batch);
  } else {
    AddHappenings(*case_, *batch, &happenings_);
  }
  return batch->outcome;
}

void VirtualCase::Refuse(const CommandBody& body, const Error& error) {
  if (listener_) return;
  Happening& refused = happenings_.emplace_back();
  refused.at = now_;
  refused.kind = HappeningKind::kRefused;
  refused.priority = case_->priority;
  refused.text = std::string(CommandName(KindOf(body))) + ": " + error.message;
}

Actor PersonOf(std::string_view tenant, std::string_view person) {
  return {std::string(tenant), std::string(person), {"agent"}, ActorKind::kHuman};
}

Actor ManagerOf(std::string_view tenant, std::string_view person) {
  return {std::string(tenant), std::string(person), {"agent", "manager"}, ActorKind::kHuman};
}

Actor SourceOf(std::string_view tenant, std::string_view source) {
  return {std::string(tenant), source.empty() ? "simulation" : std::string(source), {"integrator"}, ActorKind::kSource};
}

Actor ServiceOf(std::string_view tenant, std::string_view name, ActorKind kind) {
  return {std::string(tenant), std::string(name), {"service"}, kind};
}

Actor RequesterOf(std::string_view tenant, std::string_view subject) {
  return {std::string(tenant), std::string(subject), {"requester"}, ActorKind::kHuman};
}

}  // namespace escalon::simulation

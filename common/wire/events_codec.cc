#include "common/wire/events_codec.h"

#include <utility>

#include "common/wire/map_events.h"
#include "common/wire/scratch.h"

namespace escalon::wire {
namespace {

// Type, name and generated name of every kind, in the order of its numbers.
#define WIRE_EVENT_KINDS(ONE)                        \
  ONE(Opened, opened)                                \
  ONE(Attached, attached)                            \
  ONE(Triaged, triaged)                              \
  ONE(PriorityChanged, priority_changed)             \
  ONE(Escalated, escalated)                          \
  ONE(StepEmpty, step_empty)                         \
  ONE(Assigned, assigned)                            \
  ONE(Acknowledged, acknowledged)                    \
  ONE(AcknowledgementEnded, acknowledgement_ended)   \
  ONE(WorkStarted, work_started)                     \
  ONE(ClockArmed, clock_armed)                       \
  ONE(ClockStopped, clock_stopped)                   \
  ONE(ClockPaused, clock_paused)                     \
  ONE(ClockResumed, clock_resumed)                   \
  ONE(ClockFired, clock_fired)                       \
  ONE(Breached, breached)                            \
  ONE(BreachAnnulled, breach_annulled)               \
  ONE(NotifyIntended, notify_intended)               \
  ONE(NobodyReached, nobody_reached)                 \
  ONE(Paused, paused)                                \
  ONE(Resumed, resumed)                              \
  ONE(Snoozed, snoozed)                              \
  ONE(SnoozeEnded, snooze_ended)                     \
  ONE(HandoverOffered, handover_offered)             \
  ONE(HandoverAccepted, handover_accepted)           \
  ONE(HandoverDeclined, handover_declined)           \
  ONE(HandoverAskedForMore, handover_asked_for_more) \
  ONE(HandoverSupplied, handover_supplied)           \
  ONE(HandoverExpired, handover_expired)             \
  ONE(DeEscalated, de_escalated)                     \
  ONE(ApprovalRequested, approval_requested)         \
  ONE(ApprovalDecided, approval_decided)             \
  ONE(ConsultationAsked, consultation_asked)         \
  ONE(ConsultationAnswered, consultation_answered)   \
  ONE(NoteAdded, note_added)                         \
  ONE(AttemptLogged, attempt_logged)                 \
  ONE(FactsChanged, facts_changed)                   \
  ONE(Rated, rated)                                  \
  ONE(Linked, linked)                                \
  ONE(CrossCaseIntended, cross_case_intended)        \
  ONE(CrossCaseDone, cross_case_done)                \
  ONE(Resolved, resolved)                            \
  ONE(ResolutionConfirmed, resolution_confirmed)     \
  ONE(ResolutionRejected, resolution_rejected)       \
  ONE(MonitoringStarted, monitoring_started)         \
  ONE(MonitoringEnded, monitoring_ended)             \
  ONE(Reopened, reopened)                            \
  ONE(Closed, closed)                                \
  ONE(Cancelled, cancelled)                          \
  ONE(Retired, retired)                              \
  ONE(EtaChanged, eta_changed)                       \
  ONE(DecisionTaken, decision_taken)                 \
  ONE(DecisionRequested, decision_requested)         \
  ONE(DecisionRefused, decision_refused)             \
  ONE(MilestoneReached, milestone_reached)           \
  ONE(MajorOpened, major_opened)                     \
  ONE(MajorChanged, major_changed)                   \
  ONE(MajorClosed, major_closed)                     \
  ONE(PolicyMigrated, policy_migrated)

// Written with the numbers of the proto, read with those of the domain: they have to be the same for ever.
#define WIRE_CHECK_NUMBER(Type, name) \
  static_assert(std::is_same_v<std::variant_alternative_t<ev::Event::k##Type##FieldNumber - 1, Event>, Type>);
WIRE_EVENT_KINDS(WIRE_CHECK_NUMBER)
#undef WIRE_CHECK_NUMBER

struct WriteEvent {
  Writer& x;
  ev::Event& p;
#define WIRE_WRITE(Type, name) \
  void operator()(const Type& event) const { Map(x, event, *p.mutable_##name()); }
  WIRE_EVENT_KINDS(WIRE_WRITE)
#undef WIRE_WRITE
};

void FailKind(Reader& x, const ev::Event& p) {
  const auto& unknown = p.GetReflection()->GetUnknownFields(p);
  if (unknown.field_count() == 0) return x.Fail("", "has no kind");
  x.set_detail(kUnknownKind);
  x.Fail("",
         "kind " + std::to_string(unknown.field(0).number()) + " is not known here; this case needs a newer version");
}

}  // namespace

// Outside of the unnamed namespace, where MapList can find it.
template <typename X>
void Map(X& x, D<X, Event> d, P<X, ev::Event> p) {
  if constexpr (X::kWrites) {
    std::visit(WriteEvent{x, p}, d);
  } else {
    switch (p.kind_case()) {
#define WIRE_READ(Type, name)                     \
  case ev::Event::k##Type:                        \
    x.Enter(#name);                               \
    Map(x, d.template emplace<Type>(), p.name()); \
    x.Leave();                                    \
    break;
      WIRE_EVENT_KINDS(WIRE_READ)
#undef WIRE_READ
      case ev::Event::KIND_NOT_SET:
        FailKind(x, p);
        break;
    }
  }
}

template <typename X>
void Map(X& x, D<X, EventBatch> d, P<X, ev::EventBatch> p) {
  WIRE_MILLIS(at);
  WIRE_MILLIS(occurred_at);
  WIRE_STRUCT(actor);
  WIRE_TEXT(command_id);
  WIRE_VALUE(command_hash);
  WIRE_ENUM(outcome);
  WIRE_LIST(events);
  WIRE_LIST(trace);
}

namespace {

void DropSealed(google::protobuf::Message* message) {
  const auto* reflection = message->GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  for (const auto* field : fields) {
    if (field->type() == google::protobuf::FieldDescriptor::TYPE_BYTES && field->name().starts_with("sealed_")) {
      reflection->ClearField(message, field);
    } else if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    } else if (field->is_repeated()) {
      for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
        DropSealed(reflection->MutableRepeatedMessage(message, field, i));
      }
    } else {
      DropSealed(reflection->MutableMessage(message, field));
    }
  }
}

}  // namespace

void EncodeBatch(const EventBatch& batch, std::string* out) {
  Scratch scratch;
  auto* message = scratch.New<ev::EventBatch>();
  Writer x;
  Map(x, batch, *message);
  message->SerializeToString(out);
}

std::string EncodeBatch(const EventBatch& batch) {
  std::string bytes;
  EncodeBatch(batch, &bytes);
  return bytes;
}

Result<EventBatch> DecodeBatch(std::string_view bytes) {
  if (bytes.size() > kMaxBodyBytes) {
    return InvalidField("body", "has " + std::to_string(bytes.size()) + " bytes; at most " +
                                    std::to_string(kMaxBodyBytes) + " are allowed");
  }
  Scratch scratch;
  auto* message = scratch.New<ev::EventBatch>();
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return InvalidField("body", "is no event batch: cut off, damaged, or with text that is not UTF-8");
  }
  EventBatch batch;
  Reader x;
  Map(x, batch, *message);
  if (!x.ok()) return x.TakeError();
  return batch;
}

void ToProto(const Event& event, ev::Event* out) {
  out->Clear();
  Writer x;
  Map(x, event, *out);
  DropSealed(out);
}

}  // namespace escalon::wire

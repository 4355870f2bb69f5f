#include "common/wire/command_codec.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "common/domain/case.h"
#include "common/wire/events_codec.h"
#include "common/wire/map_commands.h"
#include "escalon/keeper/v1/keeper_service.pb.h"

namespace escalon::wire {
namespace {

// Type, name and whether a client may give it, in the order of the kinds.
#define WIRE_COMMAND_KINDS(ONE)                                \
  ONE(OpenCase, open_case, false)                              \
  ONE(RecordTriage, record_triage, false)                      \
  ONE(ClockDue, clock_due, false)                              \
  ONE(ReportNobodyReached, report_nobody_reached, false)       \
  ONE(Acknowledge, acknowledge, true)                          \
  ONE(WithdrawAcknowledgement, withdraw_acknowledgement, true) \
  ONE(StartWork, start_work, true)                             \
  ONE(Escalate, escalate, true)                                \
  ONE(DeEscalate, de_escalate, true)                           \
  ONE(Assign, assign, true)                                    \
  ONE(Pause, pause, true)                                      \
  ONE(Resume, resume, true)                                    \
  ONE(Snooze, snooze, true)                                    \
  ONE(OfferHandover, offer_handover, true)                     \
  ONE(AcceptHandover, accept_handover, true)                   \
  ONE(DeclineHandover, decline_handover, true)                 \
  ONE(AskForMore, ask_for_more, true)                          \
  ONE(SupplyHandover, supply_handover, true)                   \
  ONE(DecideApproval, decide_approval, true)                   \
  ONE(Consult, consult, true)                                  \
  ONE(AnswerConsultation, answer_consultation, true)           \
  ONE(AddNote, add_note, true)                                 \
  ONE(LogAttempt, log_attempt, true)                           \
  ONE(ChangeFacts, change_facts, true)                         \
  ONE(SetPriority, set_priority, true)                         \
  ONE(Rate, rate, true)                                        \
  ONE(Link, link, true)                                        \
  ONE(Merge, merge, true)                                      \
  ONE(AbsorbCrossCase, absorb_cross_case, false)               \
  ONE(RecordCrossCase, record_cross_case, false)               \
  ONE(Resolve, resolve, true)                                  \
  ONE(ConfirmResolution, confirm_resolution, true)             \
  ONE(RejectResolution, reject_resolution, true)               \
  ONE(Reopen, reopen, true)                                    \
  ONE(Close, close, true)                                      \
  ONE(Cancel, cancel, true)                                    \
  ONE(SourceEnded, source_ended, true)                         \
  ONE(SetEta, set_eta, true)                                   \
  ONE(TakeDecision, take_decision, true)                       \
  ONE(AnswerDecision, answer_decision, true)                   \
  ONE(RecordMilestone, record_milestone, true)                 \
  ONE(Major, major, true)                                      \
  ONE(Migrate, migrate, true)

constexpr int kFieldOffset = 10;  ///< of a body's field number over its kind

#define WIRE_CHECK_NUMBER(Type, name, client)                                                                       \
  static_assert(                                                                                                    \
      std::is_same_v<std::variant_alternative_t<cs::Command::k##Type##FieldNumber - kFieldOffset - 1, CommandBody>, \
                     Type>);
WIRE_COMMAND_KINDS(WIRE_CHECK_NUMBER)
#undef WIRE_CHECK_NUMBER

struct WriteBody {
  Writer& x;
  cs::Command& p;
#define WIRE_WRITE(Type, name, client) \
  void operator()(const Type& body) const { Map(x, body, *p.mutable_##name()); }
  WIRE_COMMAND_KINDS(WIRE_WRITE)
#undef WIRE_WRITE
};

void ReadBody(CommandReader& x, const cs::Command& p, CommandBody* out) {
  switch (p.body_case()) {
#define WIRE_READ(Type, name, client)                                      \
  case cs::Command::k##Type:                                               \
    x.Enter(#name);                                                        \
    if (x.from_client() && !client) {                                      \
      x.Fail("", "is for Escalon's own services; clients cannot give it"); \
    } else {                                                               \
      Map(x, out->emplace<Type>(), p.name());                              \
    }                                                                      \
    x.Leave();                                                             \
    break;
    WIRE_COMMAND_KINDS(WIRE_READ)
#undef WIRE_READ
    case cs::Command::BODY_NOT_SET:
      x.Fail("body", p.GetReflection()->GetUnknownFields(p).field_count() == 0
                         ? "is empty; say what to do"
                         : "is a command that is not known here; this needs a newer version");
      break;
  }
}

void ReadCommand(CommandReader& x, const cs::Command& p, Command* out) {
  x.CheckKey("command_id", p.command_id());
  x.CheckSize("command_id", p.command_id().size(), kMaxCommandIdBytes);
  out->command_id = p.command_id();
  if (p.has_occurred_at()) x.Time("occurred_at", p.occurred_at(), &out->occurred_at);
  out->expected_version = p.expected_version();
  ReadBody(x, p, &out->body);
}

}  // namespace

uint64_t BodyHash(const google::protobuf::MessageLite& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return CommandHash(bytes);
}

void ToProto(const Command& command, uint64_t call, keeper::v1::KeeperCommand* out) {
  out->Clear();
  Writer x;
  out->set_call(call);
  out->set_case_id(std::string(command.case_id.AsBytes()));
  Map(x, command.actor, *out->mutable_actor());
  out->set_deadline_ms(command.deadline == kNever ? 0 : command.deadline);
  out->set_body_hash(command.body_hash);
  out->set_trace_parent(command.trace_parent);
  cs::Command& p = *out->mutable_command();
  PutText(command.command_id, p.mutable_command_id());
  if (command.occurred_at != 0) PutTime(command.occurred_at, p.mutable_occurred_at());
  p.set_expected_version(command.expected_version);
  std::visit(WriteBody{x, p}, command.body);
}

Result<Command> FromProto(const keeper::v1::KeeperCommand& command) {
  if (const size_t size = command.ByteSizeLong(); size > kMaxBodyBytes) {
    return InvalidField(
        "command", "has " + std::to_string(size) + " bytes; at most " + std::to_string(kMaxBodyBytes) + " are allowed");
  }
  CommandReader x({}, nullptr);
  Command out;
  x.Id("case_id", command.case_id(), &out.case_id);
  if (command.case_id().empty()) x.Fail("case_id", "is empty; give the case's 16 bytes");
  x.Enter("actor");
  Map(x, out.actor, command.actor());
  if (out.actor.tenant.empty()) x.Fail("tenant", "is empty; say for whom");
  if (out.actor.subject.empty()) x.Fail("subject", "is empty; say who");
  x.Leave();
  out.deadline = command.deadline_ms() == 0 ? kNever : command.deadline_ms();
  out.body_hash = command.body_hash();
  x.CheckSize("trace_parent", command.trace_parent().size(), kMaxKeyBytes);
  out.trace_parent = command.trace_parent();
  x.Enter("command");
  if (command.command().command_id().empty()) x.Fail("command_id", "is empty; without it a repeat is a second command");
  ReadCommand(x, command.command(), &out);
  x.Leave();
  if (!x.ok()) return x.TakeError();
  return out;
}

Result<Command> FromClient(const cases::v1::Command& command, std::string_view subject, const SealField& seal) {
  const Sealing sealing{seal, std::string(subject)};
  CommandReader x("command", &sealing);
  Command out;
  ReadCommand(x, command, &out);
  if (!x.ok()) return x.TakeError();
  if (x.trouble()) return *x.trouble();
  out.body_hash = BodyHash(command);
  return out;
}

}  // namespace escalon::wire

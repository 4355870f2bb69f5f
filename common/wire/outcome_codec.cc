#include "common/wire/outcome_codec.h"

#include "common/wire/error_codec.h"
#include "common/wire/mapping.h"
#include "common/wire/timestamps.h"
#include "escalon/cases/v1/commands.pb.h"
#include "escalon/keeper/v1/keeper_service.pb.h"

namespace escalon::wire {
namespace {

template <typename X>
void MapAnswered(X& x, D<X, ports::Answered> d, P<X, keeper::v1::KeeperResult> p) {
  WIRE_CASE_ID(case_id);
  WIRE_VALUE(version);
  WIRE_ENUM(outcome);
  WIRE_ENUM(state);
  WIRE_ENUM(priority);
  WIRE_TEXT(level);
  WIRE_TEXT(team);
  WIRE_TEXT(person);
  WIRE_MILLIS(at);
}

Error Unreadable(std::string message) {
  return Error{ErrorCode::kOutcomeUnknown,
               "the owner's answer cannot be read (" + std::move(message) + "); repeat with the same command id"};
}

}  // namespace

ports::Answered AnsweredOf(const Case& c, OutcomeKind outcome, InstantMs at) {
  return {c.id, c.version, outcome, c.state, c.priority, c.functional.level, c.owner.team, c.owner.person, at};
}

void ToProto(uint64_t call, const Result<ports::Answered>& answered, keeper::v1::KeeperOutcome* out) {
  out->Clear();
  out->set_call(call);
  if (!answered) return ToProto(answered.error(), out->mutable_error());
  Writer x;
  MapAnswered(x, *answered, *out->mutable_result());
}

Result<ports::Answered> FromProto(const keeper::v1::KeeperOutcome& outcome) {
  if (outcome.has_error()) return FromProto(outcome.error());
  if (!outcome.has_result()) return Unreadable("it says nothing");
  Reader x("result");
  ports::Answered answered;
  MapAnswered(x, answered, outcome.result());
  if (!x.ok()) return Unreadable(x.TakeError().message);
  return answered;
}

void ToProto(const ports::Answered& answered, std::string_view command_id, cases::v1::CommandResult* out) {
  namespace cm = ::escalon::common::v1;
  out->Clear();
  out->set_case_id(answered.case_id.ToString());
  out->set_version(answered.version);
  out->set_outcome(static_cast<cm::OutcomeKind>(answered.outcome));
  out->set_state(static_cast<cm::CaseState>(answered.state));
  out->set_priority(static_cast<cm::Priority>(answered.priority));
  PutText(answered.level, out->mutable_level());
  PutText(answered.team, out->mutable_team());
  PutText(answered.person, out->mutable_person());
  if (answered.at != 0) PutTime(answered.at, out->mutable_at());
  PutText(command_id, out->mutable_command_id());
}

}  // namespace escalon::wire

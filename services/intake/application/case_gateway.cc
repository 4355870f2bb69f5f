#include "services/intake/application/case_gateway.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "common/wire/command_codec.h"
#include "common/wire/error_codec.h"
#include "common/wire/outcome_codec.h"
#include "common/wire/submission_codec.h"
#include "escalon/submission/v1/submission.pb.h"
#include "services/intake/access/permissions.h"
#include "services/intake/application/placement.h"

namespace escalon::intake {
namespace {

namespace cs = ::escalon::cases::v1;
namespace sb = ::escalon::submission::v1;

constexpr size_t kMostBytes = 256 * 1024;
constexpr size_t kMostManyBytes = 1 << 20;
constexpr int kMostSubmissions = 1000;
constexpr int kBodyOffset = 10;  ///< of a body's field number over its kind

uint32_t KindOfBody(const cs::Command& command) {
  return command.body_case() == cs::Command::BODY_NOT_SET ? 0
                                                          : static_cast<uint32_t>(command.body_case() - kBodyOffset);
}

/// Texts of these are sealed under the key of the case's requester, so the case has to be looked at first.
bool NeedsSubject(const cs::Command& command) {
  switch (command.body_case()) {
    case cs::Command::kConsult:
      return !command.consult().text().empty();
    case cs::Command::kAnswerConsultation:
      return !command.answer_consultation().text().empty();
    case cs::Command::kAddNote:
      return !command.add_note().text().empty();
    case cs::Command::kResolve:
      return !command.resolve().text().empty();
    case cs::Command::kSetEta:
      return !command.set_eta().text().empty();
    case cs::Command::kOfferHandover:
      return command.offer_handover().package_fields_size() > 0;
    case cs::Command::kSupplyHandover:
      return command.supply_handover().package_fields_size() > 0;
    case cs::Command::kMajor:
      return !command.major().text().empty();
    case cs::Command::kChangeFacts:
      return true;
    default:
      return false;
  }
}

/// A requester raises cases for themselves.
Result<const sb::Submission*> AsOwn(const sb::Submission& submission, std::string_view root, const Principal& principal,
                                    sb::Submission* copy) {
  if (!IsRequesterOnly(principal)) return &submission;
  if (!submission.requester().id().empty() && submission.requester().id() != principal.subject) {
    return InvalidField(std::string(root) + ".requester.id",
                        "is somebody else; a requester raises cases for themselves");
  }
  if (submission.requester().id() == principal.subject) return &submission;
  *copy = submission;
  copy->mutable_requester()->set_id(principal.subject);
  return copy;
}

}  // namespace

Result<Command> CaseGateway::Prepare(const sb::Submission& submission, std::string_view root,
                                     const rpc::Caller& caller) {
  if (const size_t size = submission.ByteSizeLong(); size > kMostBytes) {
    return InvalidField(std::string(root), "has " + std::to_string(size) + " bytes; at most " +
                                               std::to_string(kMostBytes) + " are allowed");
  }
  sb::Submission copy;
  const Result<const sb::Submission*> own = AsOwn(submission, root, caller.principal, &copy);
  if (!own.ok()) return own.error();
  Result<OpenCase> open =
      wire::ReadSubmission(**own, root, caller.principal.subject, parts_.personal.Sealing(caller.principal.tenant));
  if (!open.ok()) return open.error();
  const Placement placement =
      Place({caller.principal.tenant, open->facts.source, open->dedup_key, open->idempotency_key},
            parts_.clock.WallMs(), parts_.cell, RollDice());
  Command command;
  command.case_id = placement.case_id;
  command.command_id = placement.command_id;
  command.body_hash = wire::BodyHash(submission);
  command.actor = ActorOf(caller.principal);
  command.deadline = caller.deadline;
  command.trace_parent = caller.trace.ToTraceparent();
  command.body = std::move(*open);
  return command;
}

void CaseGateway::Send(Command command, Protocol protocol, Reply<Accepted> reply) {
  const auto started = parts_.clock.Steady();
  std::string command_id = command.command_id;
  parts_.gate.Execute(std::move(command), [this, protocol, started, command_id = std::move(command_id),
                                           reply = std::move(reply)](Result<ports::Answered> answered) {
    const bool attached = answered.ok() && answered->outcome == OutcomeKind::kAttached;
    parts_.metrics.Submitted(protocol, attached, answered.ok() ? nullptr : &answered.error(),
                             parts_.clock.Steady() - started);
    if (!answered.ok()) return reply(answered.error());
    reply(Accepted{std::move(*answered), command_id});
  });
}

void CaseGateway::Submit(const sb::Submission& submission, std::string_view root, const rpc::Caller& caller,
                         Protocol protocol, Reply<Accepted> reply) {
  const auto refuse = [&](const Error& error) {
    parts_.metrics.Submitted(protocol, false, &error, {});
    reply(error);
  };
  if (const Status allowed = Authorize(caller.principal, Action::kSubmit); !allowed.ok())
    return refuse(allowed.error());
  if (const Status within = parts_.rate.Take(caller.principal.tenant, 1); !within.ok()) {
    parts_.metrics.Limited(Limit::kTenantRate);
    return refuse(within.error());
  }
  Result<Command> command = Prepare(submission, root, caller);
  if (!command.ok()) return refuse(command.error());
  Send(std::move(*command), protocol, std::move(reply));
}

void CaseGateway::SubmitCase(const cs::SubmitCaseRequest& request, const rpc::Caller& caller, Protocol protocol,
                             Reply<cs::SubmitCaseResponse> reply) {
  Submit(request.submission(), "submission", caller, protocol, [reply = std::move(reply)](Result<Accepted> accepted) {
    if (!accepted.ok()) return reply(accepted.error());
    cs::SubmitCaseResponse response;
    wire::ToProto(accepted->answered, accepted->command_id, response.mutable_result());
    reply(std::move(response));
  });
}

void CaseGateway::SubmitMany(const cs::SubmitManyRequest& request, const rpc::Caller& caller, Protocol protocol,
                             Reply<cs::SubmitManyResponse> reply) {
  const int count = request.submissions_size();
  if (count < 1 || count > kMostSubmissions) {
    return reply(InvalidField(
        "submissions", "has " + std::to_string(count) + " items; give 1 to " + std::to_string(kMostSubmissions)));
  }
  if (const size_t size = request.ByteSizeLong(); size > kMostManyBytes) {
    return reply(InvalidField("submissions", "have " + std::to_string(size) + " bytes; at most " +
                                                 std::to_string(kMostManyBytes) + " are allowed"));
  }
  if (const Status allowed = Authorize(caller.principal, Action::kSubmit); !allowed.ok()) return reply(allowed.error());
  if (const Status within = parts_.rate.Take(caller.principal.tenant, count); !within.ok()) {
    parts_.metrics.Limited(Limit::kTenantRate);
    return reply(within.error());
  }
  struct Gathering {
    cs::SubmitManyResponse response;
    std::atomic<int> owed;
    Reply<cs::SubmitManyResponse> reply;
  };
  auto all = std::make_shared<Gathering>();
  all->owed = count;
  all->reply = std::move(reply);
  for (int i = 0; i < count; ++i) all->response.add_outcomes();
  const auto settle = [all](int i, Result<Accepted> accepted) {
    cs::SubmitOutcome& outcome = *all->response.mutable_outcomes(i);
    if (accepted.ok()) {
      wire::ToProto(accepted->answered, accepted->command_id, outcome.mutable_result());
    } else {
      wire::ToProto(accepted.error(), outcome.mutable_error());
    }
    if (all->owed.fetch_sub(1, std::memory_order_acq_rel) == 1) all->reply(std::move(all->response));
  };
  for (int i = 0; i < count; ++i) {
    Result<Command> command = Prepare(request.submissions(i), "submissions[" + std::to_string(i) + "]", caller);
    if (command.ok()) {
      Send(std::move(*command), protocol, [settle, i](Result<Accepted> accepted) { settle(i, std::move(accepted)); });
    } else {
      parts_.metrics.Submitted(protocol, false, &command.error(), {});
      settle(i, command.error());
    }
  }
}

void CaseGateway::Forward(const CaseId& id, const cs::Command& request, const rpc::Caller& caller,
                          std::string_view subject, Reply<Accepted> reply) {
  const uint32_t kind = KindOfBody(request);
  Result<Command> command = wire::FromClient(request, subject, parts_.personal.Sealing(caller.principal.tenant));
  if (!command.ok()) {
    parts_.metrics.Commanded(kind, &command.error());
    return reply(command.error());
  }
  command->case_id = id;
  if (command->command_id.empty()) command->command_id = FreshCommandId(RollDice());
  command->actor = ActorOf(caller.principal);
  command->deadline = caller.deadline;
  command->trace_parent = caller.trace.ToTraceparent();
  std::string command_id = command->command_id;
  parts_.gate.Execute(std::move(*command), [this, kind, command_id = std::move(command_id),
                                            reply = std::move(reply)](Result<ports::Answered> answered) {
    parts_.metrics.Commanded(kind, answered.ok() ? nullptr : &answered.error());
    if (!answered.ok()) return reply(answered.error());
    reply(Accepted{std::move(*answered), command_id});
  });
}

void CaseGateway::Give(const CaseId& id, const cs::Command& command, const rpc::Caller& caller, Reply<Accepted> reply) {
  if (!NeedsSubject(command)) return Forward(id, command, caller, {}, std::move(reply));
  // The caller's request may be gone once this returns, and the principal with it.
  auto kept = std::make_shared<const cs::Command>(command);
  // At least version 1: a case that the view does not show yet may have been opened a moment ago, so its owner is
  // asked.
  const uint64_t least = std::max<uint64_t>(command.expected_version(), 1);
  parts_.view.Find({id, caller.principal.tenant, least, caller.deadline},
                   [this, id, kept, caller, reply = std::move(reply)](Result<FoundCase> found) {
                     if (!found.ok()) {
                       parts_.metrics.Commanded(KindOfBody(*kept), &found.error());
                       return reply(found.error());
                     }
                     Forward(id, *kept, caller, wire::SubjectOf(*found->c->facts), reply);
                   });
}

void CaseGateway::Execute(const cs::ExecuteRequest& request, const rpc::Caller& caller,
                          Reply<cs::ExecuteResponse> reply) {
  const uint32_t kind = KindOfBody(request.command());
  const auto refuse = [&](const Error& error) {
    parts_.metrics.Commanded(kind, &error);
    reply(error);
  };
  const Result<CaseId> id = CaseId::Parse(request.case_id());
  if (!id.ok()) return refuse(InvalidField("case_id", "is no case id; write a UUID as SubmitCase returned it"));
  if (kind == 0) return refuse(InvalidField("command.body", "is empty; say what to do"));
  if (const Status allowed = MayGive(caller.principal, kind); !allowed.ok()) return refuse(allowed.error());
  if (const size_t size = request.ByteSizeLong(); size > kMostBytes) {
    return refuse(InvalidField(
        "command", "has " + std::to_string(size) + " bytes; at most " + std::to_string(kMostBytes) + " are allowed"));
  }
  if (const Status within = parts_.rate.Take(caller.principal.tenant, 1); !within.ok()) {
    parts_.metrics.Limited(Limit::kTenantRate);
    return refuse(within.error());
  }
  Give(*id, request.command(), caller, [reply = std::move(reply)](Result<Accepted> accepted) {
    if (!accepted.ok()) return reply(accepted.error());
    cs::ExecuteResponse response;
    wire::ToProto(accepted->answered, accepted->command_id, response.mutable_result());
    reply(std::move(response));
  });
}

}  // namespace escalon::intake

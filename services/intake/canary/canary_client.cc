#include "services/intake/canary/canary_client.h"

#include <utility>

#include "common/wire/delivery_codec.h"
#include "escalon/submission/v1/submission.pb.h"

namespace escalon::intake {
namespace {

namespace cs = ::escalon::cases::v1;

constexpr char kSubject[] = "canary";
constexpr int kReadTimeoutMs = 2'000;
constexpr DurationMs kClockSkewMs = 5 * kSecondMs;  ///< between this machine and the broker

}  // namespace

CanaryClient::CanaryClient(CanaryClientOptions options, CaseGateway& cases, LiveView& view, const Clock& clock,
                           const Clock& machine_clock, runtime::Logger log)
    : options_(std::move(options)),
      cases_(cases),
      view_(view),
      clock_(clock),
      machine_clock_(machine_clock),
      executor_("canary", 1, 1, std::move(log)) {}

rpc::Caller CanaryClient::Caller() const {
  const auto patience = static_cast<DurationMs>(static_cast<double>(options_.patience_ms) * clock_.Factor());
  return {
      {options_.tenant, kSubject, {Role::kIntegrator}}, clock_.WallMs() + patience, runtime::TraceContext::NewRoot()};
}

void CanaryClient::Submit(Reply<CaseId> reply) {
  submitted_ = machine_clock_.WallMs();
  submission::v1::Submission submission;
  submission.set_kind(options_.kind);
  submission.set_title("Escalon's own test case: nothing to do");
  submission.set_proactive(true);
  submission.set_impact(common::v1::GRADE_LOW);
  submission.set_urgency(common::v1::GRADE_LOW);
  submission.add_tags(kSubject);
  cases_.Submit(submission, "canary", Caller(), Protocol::kCanary,
                [reply = std::move(reply)](Result<Accepted> accepted) {
                  if (!accepted.ok()) return reply(accepted.error());
                  reply(accepted->answered.case_id);
                });
}

void CanaryClient::Look(const CaseId& id, uint64_t version, Reply<Seen> reply) {
  const rpc::Caller caller = Caller();
  view_.Find({id, options_.tenant, version + 1, caller.deadline}, [reply = std::move(reply)](Result<FoundCase> found) {
    if (!found.ok()) return reply(found.error());
    const Case& c = *found->c;
    reply(Seen{c.version, !c.owner.team.empty() || !c.owner.person.empty()});
  });
}

void CanaryClient::LookForDelivery(const CaseId& id, Reply<bool> reply) {
  if (executor_.TryPost([this, id, reply] { reply(ReadDeliveries(id)); })) return;
  reply(Error{ErrorCode::kUnavailable, "the delivery log is still being read"});
}

Result<bool> CanaryClient::ReadDeliveries(const CaseId& id) {
  if (reader_ == nullptr) {
    auto reader = log::PlainReader::Open(options_.kafka, options_.delivery_topic);
    if (!reader.ok()) return reader.error();
    reader_ = std::move(*reader);
  }
  bool delivered = false;
  const Status read = reader_->ReadToEnd(ShardOf(id.bucket(), options_.shards), submitted_.load() - kClockSkewMs,
                                         kReadTimeoutMs, [&](const log::PlainMessage& message) {
                                           if (message.key == id.AsBytes()) {
                                             const Result<wire::DeliveryRecord> record =
                                                 wire::DecodeDelivery(message.value);
                                             delivered = record.ok() && record->purpose == IntentPurpose::kPage &&
                                                         record->outcome == wire::DeliveryOutcome::kDelivered;
                                           }
                                           return !delivered && !stopping_;
                                         });
  if (!read.ok()) {
    reader_.reset();
    return read.error();
  }
  return delivered;
}

void CanaryClient::Cancel(const CaseId& id, Reply<bool> reply) {
  cs::Command command;
  command.mutable_cancel()->set_reason("the canary has come through");
  cases_.Give(id, command, Caller(), [reply = std::move(reply)](Result<Accepted> accepted) {
    if (!accepted.ok()) return reply(accepted.error());
    reply(true);
  });
}

void CanaryClient::Stop(DurationMs limit_ms) {
  stopping_ = true;
  static_cast<void>(executor_.Drain(limit_ms));
}

}  // namespace escalon::intake

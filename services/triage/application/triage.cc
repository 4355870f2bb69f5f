#include "services/triage/application/triage.h"

#include <algorithm>

#include "common/wire/events_codec.h"
#include "services/triage/application/adviser.h"

namespace escalon::triage {
namespace {

constexpr DurationMs kReadDeadlineMs = 5 * kSecondMs;

bool Has(const std::vector<uint32_t>& kinds, uint32_t kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

TriageMetrics::TriageMetrics(runtime::Metrics& metrics) {
  const auto outcome = [&](const char* name) {
    return metrics.AddCounter(
        "escalon_triage_advice_total",
        "Advice by how it ended: sent, accepted, refused (overtaken or superseded), failed, no_policy.",
        {{"outcome", name}});
  };
  advised = outcome("sent");
  accepted = outcome("accepted");
  refused = outcome("refused");
  failed = outcome("failed");
  no_policy = outcome("no_policy");
  poison = metrics.AddCounter("escalon_triage_poison_total", "Records of the case log that could not be read.");
  seconds = metrics.AddHistogram("escalon_triage_seconds",
                                 "From reading a case's record to the owner's answer to the advice.",
                                 runtime::kLatencyBuckets);
}

Triage::Triage(log::FollowerConfig config, const Clock& clock, const rules::LiveRules& rules, rpc::KeeperClient& gate,
               runtime::Logger logger, const TriageMetrics& metrics)
    : config_(std::move(config)),
      clock_(clock),
      rules_(rules),
      gate_(gate),
      logger_(std::move(logger)),
      metrics_(metrics) {}

Triage::~Triage() { Stop(); }

Status Triage::Start() {
  auto follower = log::Follower::Open(config_, this, &clock_);
  if (!follower.ok()) return follower.error();
  follower_ = std::move(*follower);
  done_ = std::make_unique<log::DoneTracker>([this](int shard, int64_t offset) { follower_->MarkDone(shard, offset); });
  follower_->Start();
  return {};
}

void Triage::Stop() {
  if (follower_ != nullptr) follower_->Stop();
}

void Triage::OnAssigned(int shard, const log::FollowerStart&) { done_->Forget(shard); }
void Triage::OnRevoked(int shard, bool) { done_->Forget(shard); }

void Triage::OnRecord(int shard, int64_t offset, InstantMs, const log::Record& record) {
  static const uint32_t kOpenedKind = KindOf(Event(Opened{})), kFactsKind = KindOf(Event(FactsChanged{}));
  done_->Begin(shard, offset);
  const bool events = record.head.type == log::RecordType::kEvents;
  if (events && record.head.version == 1 && Has(record.head.kinds, kOpenedKind)) {
    const Result<EventBatch> batch = wire::DecodeBatch(record.body);
    if (batch.ok()) return OnOpened(shard, offset, record, *batch);
    metrics_.poison->Increment();
  } else if (events && Has(record.head.kinds, kFactsKind)) {
    return OnFactsChanged(shard, offset, record);
  }
  done_->Finish(shard, offset);
}

void Triage::OnOpened(int shard, int64_t offset, const log::Record& record, const EventBatch& batch) {
  Case c;
  c.id = record.head.case_id;
  c.tenant = record.head.tenant;
  Evolve(c, batch);
  Advise(shard, offset, c, record.head.trace_parent);
}

void Triage::OnFactsChanged(int shard, int64_t offset, const log::Record& record) {
  // Conditions may look at anything of the case: its owner has it whole.
  gate_.ReadCases({record.head.case_id}, record.head.tenant, clock_.WallMs() + kReadDeadlineMs,
                  [this, shard, offset, trace = record.head.trace_parent](const std::vector<Result<Case>>& cases) {
                    if (cases.size() == 1 && cases.front().ok()) return Advise(shard, offset, *cases.front(), trace);
                    metrics_.failed->Increment();
                    done_->Finish(shard, offset);
                  });
}

void Triage::Advise(int shard, int64_t offset, const Case& c, std::string trace_parent) {
  const std::shared_ptr<const rules::RuleSet> rules = rules_.Current();
  const Policy* policy = rules->Pinned(c.tenant, c.policy);
  if (policy == nullptr) {
    // Not adopted here yet: the rules' default acts after triage_wait.
    metrics_.no_policy->Increment();
    return done_->Finish(shard, offset);
  }
  Command command;
  command.case_id = c.id;
  command.command_id = "triage/" + std::to_string(c.version);
  command.body_hash = CommandHash(command.command_id);
  command.actor = Actor{c.tenant, "triage", {"service"}, ActorKind::kService};
  command.trace_parent = std::move(trace_parent);
  command.body = triage::Advise(*policy, c);
  metrics_.advised->Increment();
  gate_.Execute(std::move(command), [this, shard, offset, id = c.id,
                                     started = clock_.Steady()](const Result<ports::Answered>& answered) {
    metrics_.seconds->Observe(std::chrono::duration<double>(clock_.Steady() - started).count());
    if (answered.ok()) {
      metrics_.accepted->Increment();
    } else if (Retryable(answered.error().code) || answered.error().code == ErrorCode::kDeadlineExceeded) {
      metrics_.failed->Increment();
    } else {
      metrics_.refused->Increment();
      logger_.Limited(refused_limit_, runtime::LogLevel::kInfo, "advice was not taken",
                      {{"case", id.ToString()}, runtime::ErrorField(answered.error())});
    }
    done_->Finish(shard, offset);
  });
}

void Triage::OnPoison(int shard, int64_t offset, std::string_view, const Error& reason) {
  metrics_.poison->Increment();
  logger_.Error("a record of the case log cannot be read",
                {{"shard", shard}, {"offset", offset}, runtime::ErrorField(reason)});
}

void Triage::OnAlarm(int shard, const Error& reason) {
  logger_.Error("case log", {{"shard", shard}, runtime::ErrorField(reason)});
}

}  // namespace escalon::triage

#include "services/intake/application/intake_metrics.h"

#include <string>
#include <variant>

#include "common/domain/command.h"
#include "common/security/signed_link.h"

namespace escalon::intake {
namespace {

constexpr std::array<const char*, kProtocols> kProtocolNames = {"grpc", "http", "webhook", "link", "kafka", "canary"};
constexpr uint8_t kLinkActions = 7;

/// ok; refused: the caller's fault; failed: ours, or something away.
const std::vector<std::string>& Results() {
  static const std::vector<std::string> kResults = {"ok", "refused", "failed"};
  return kResults;
}

std::vector<runtime::CounterRef> ByResult(runtime::Metrics& metrics, const std::string& name, const std::string& help,
                                          runtime::Labels labels) {
  std::vector<runtime::CounterRef> out;
  for (const std::string& result : Results()) {
    labels["result"] = result;
    out.push_back(metrics.AddCounter(name, help, labels));
  }
  return out;
}

}  // namespace

IntakeMetrics::IntakeMetrics(runtime::Metrics& metrics)
    : watchers(metrics.AddGauge("escalon_intake_watchers", "Open WatchCases streams.")),
      watch_gaps(metrics.AddCounter("escalon_intake_watch_gaps_total",
                                    "Times that changes were dropped for a watcher that was too slow.")),
      redis_connected(metrics.AddGauge("escalon_intake_redis_connected", "1 while the live view can be asked.")),
      stale_(metrics.AddCounter("escalon_intake_stale_answers_total", "Query answers that said they may be behind.")),
      from_owner_(metrics.AddCounter("escalon_intake_owner_reads_total",
                                     "Cases that were asked of their owner instead of the live view.")),
      accept_(metrics.AddHistogram("escalon_intake_accept_seconds",
                                   "Seconds from a submission to the answer that it is safe.",
                                   runtime::kLatencyBuckets)) {
  for (size_t i = 0; i < kProtocols; ++i) {
    for (const char* outcome : {"opened", "attached", "refused", "failed"}) {
      submissions_[i].push_back(metrics.AddCounter("escalon_intake_submissions_total",
                                                   "Submissions by protocol and outcome.",
                                                   {{"protocol", kProtocolNames[i]}, {"outcome", outcome}}));
    }
  }
  for (uint32_t kind = 1; kind <= std::variant_size_v<CommandBody>; ++kind) {
    commands_.push_back(ByResult(metrics, "escalon_intake_commands_total", "Commands on cases by kind and result.",
                                 {{"command", std::string(CommandName(kind))}}));
  }
  for (uint8_t action = 1; action <= kLinkActions; ++action) {
    links_.push_back(ByResult(metrics, "escalon_intake_links_total", "Uses of signed links by action and result.",
                              {{"action", std::string(LinkActionName(static_cast<LinkAction>(action)))}}));
  }
  limited_ = metrics.AddCounters("escalon_intake_limited_total", "Calls refused by a limit.", "limit",
                                 {"tenant_rate", "authentication", "watchers"});
  webhooks_ = ByResult(metrics, "escalon_intake_webhooks_total", "Webhook deliveries by result.", {});
  kafka_ = ByResult(metrics, "escalon_intake_kafka_records_total", "Records of escalon.submission.v1 by result.", {});
}

size_t IntakeMetrics::ResultOf(const Error* error) {
  if (error == nullptr) return 0;
  switch (error->code) {
    case ErrorCode::kUnavailable:
    case ErrorCode::kOutcomeUnknown:
    case ErrorCode::kNotOwner:
    case ErrorCode::kDeadlineExceeded:
    case ErrorCode::kInternal:
      return 2;
    default:
      return 1;
  }
}

void IntakeMetrics::Submitted(Protocol protocol, bool attached, const Error* error,
                              std::chrono::steady_clock::duration took) {
  const auto& row = submissions_[static_cast<size_t>(protocol)];
  if (error != nullptr) return row[1 + ResultOf(error)]->Increment();
  row[attached ? 1 : 0]->Increment();
  accept_->Observe(std::chrono::duration<double>(took).count());
}

void IntakeMetrics::Commanded(uint32_t kind, const Error* error) {
  if (kind >= 1 && kind <= commands_.size()) commands_[kind - 1][ResultOf(error)]->Increment();
}

void IntakeMetrics::Linked(uint8_t action, const Error* error) {
  if (action >= 1 && action <= links_.size()) links_[action - 1][ResultOf(error)]->Increment();
}

}  // namespace escalon::intake

#include "services/notification/application/notification_metrics.h"

namespace escalon::notification {
namespace {

constexpr std::array<IntentPurpose, 2> kPurposes{IntentPurpose::kPage, IntentPurpose::kInform};
constexpr std::array<const char*, 8> kOutcomes{"delivered",  "retrying", "channel_failed",       "dead",
                                               "suppressed", "held",     "skipped_by_retention", "discarded"};
constexpr std::array<const char*, 3> kResults{"delivered", "retry", "failed"};
constexpr std::array<const char*, 3> kAnswers{"wanted", "unwanted", "unreachable"};
/// `other`: channels that have no provider here.
constexpr std::array<const char*, 4> kChannels{"log", "webhook", "mail", "other"};

}  // namespace

NotificationMetrics::NotificationMetrics(runtime::Metrics& metrics) {
  queued = metrics.AddGauge("escalon_notification_queue_length", "Deliveries that wait for a free place.");
  waiting = metrics.AddGauge("escalon_notification_waiting",
                             "Deliveries that wait for their time: retries, quiet hours, bundles.");
  in_flight = metrics.AddGauge("escalon_notification_in_flight", "Sends under way.");
  oldest = metrics.AddGauge("escalon_notification_oldest_seconds",
                            "Age of the oldest delivery that is queued or under way; 0: none.");
  dead_letters =
      metrics.AddGauge("escalon_notification_dead_letters", "Deliveries that reached nobody and wait for an operator.");
  shards = metrics.AddGauge("escalon_notification_shards", "Shards that this instance follows.");
  bundles = metrics.AddCounter("escalon_notification_bundles_total", "Messages that stand for several.");
  bundled = metrics.AddCounter("escalon_notification_bundled_total", "Messages that went with another one.");
  reports = metrics.AddCounter("escalon_notification_nobody_reached_total",
                               "Pages of which the owner was told that nobody was reached.");
  report_failures =
      metrics.AddCounter("escalon_notification_report_failures_total", "Reports to an owner that have to be repeated.");
  poison = metrics.AddCounter("escalon_notification_poison_total",
                              "Records of the case or delivery log that could not be read.");
  append_failures = metrics.AddCounter("escalon_notification_append_failures_total",
                                       "Appends to the delivery log that have to be repeated.");
  restored =
      metrics.AddCounter("escalon_notification_restored_total", "Deliveries taken up again from the delivery log.");
  skipped_by_retention =
      metrics.AddCounter("escalon_notification_skipped_by_retention_total",
                         "Shards that started behind the log's retention: informs in between are lost.");
  for (size_t i = 0; i < kPurposes.size(); ++i) {
    const std::string purpose(Name(kPurposes[i]));
    intents_[i] = metrics.AddCounter("escalon_notification_intents_total", "Intents read from the case log.",
                                     {{"purpose", purpose}});
    seconds_[i] = metrics.AddHistogram("escalon_notification_seconds", "From an intent's decision to its delivery.",
                                       runtime::kLatenessBuckets, {{"purpose", purpose}});
    for (size_t o = 0; o < kOutcomes.size(); ++o) {
      outcomes_[i][o] =
          metrics.AddCounter("escalon_notification_outcomes_total", "Records appended to the delivery log.",
                             {{"purpose", purpose}, {"outcome", kOutcomes[o]}});
    }
  }
  for (const char* channel : kChannels) {
    OfChannel& of = channels_[channel];
    for (size_t r = 0; r < kResults.size(); ++r) {
      of.attempts[r] = metrics.AddCounter("escalon_notification_attempts_total", "Attempts to send, by how they ended.",
                                          {{"channel", channel}, {"result", kResults[r]}});
    }
    of.open_breakers =
        metrics.AddGauge("escalon_notification_breakers_open",
                         "Receivers that are left alone because they do not answer.", {{"channel", channel}});
  }
  for (size_t a = 0; a < kAnswers.size(); ++a) {
    asked_[a] = metrics.AddCounter("escalon_notification_asked_total",
                                   "Questions whether a late message is still wanted.", {{"answer", kAnswers[a]}});
  }
}

const NotificationMetrics::OfChannel& NotificationMetrics::Channel(std::string_view name) const {
  const auto found = channels_.find(name);
  return found != channels_.end() ? found->second : channels_.find("other")->second;
}

void NotificationMetrics::Outcome(IntentPurpose purpose, wire::DeliveryOutcome outcome) {
  Of(outcomes_, purpose)[static_cast<size_t>(outcome) - 1]->Increment();
}

void NotificationMetrics::Attempt(std::string_view channel, SendResult::Kind result) {
  Channel(channel).attempts[static_cast<size_t>(result)]->Increment();
}

void NotificationMetrics::OpenBreakers(std::string_view channel, double count) {
  Channel(channel).open_breakers->Set(count);
}

}  // namespace escalon::notification

#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/log/plain_topic.h"
#include "common/runtime/executor.h"
#include "common/wire/delivery_codec.h"

namespace escalon::notification {

/// Which deliveries; empty fields: any.
struct HistoryQuery {
  std::string tenant;
  CaseId case_id;
  std::string person;
  std::vector<wire::DeliveryOutcome> outcomes;
  size_t limit = 50;
  /// The place where the page before ended; -1: the first page.
  InstantMs before_at = -1;
  int before_partition = 0;
  int64_t before_offset = 0;
};

struct HistoryEntry {
  wire::DeliveryRecord record;
  int partition = 0;
  int64_t offset = 0;
};

/// Reads the delivery log for people, newest first: a case's partition, or all of them, in windows that grow backwards
/// until the page is full. Whatever instance is asked, the answer is the same. Thread-safe; one query at a time, a few
/// wait.
class History {
 public:
  History(log::KafkaConfig kafka, std::string topic, int shards, const Clock& machine_clock, runtime::Logger logger);

  using Done = std::function<void(Result<std::vector<HistoryEntry>>)>;
  /// kResourceExhausted: too many queries wait. kUnavailable: Kafka away, or too much to read in time.
  void List(HistoryQuery query, Done done);
  void Stop() {
    stopping_ = true;
    (void)executor_.Drain(kSecondMs);
  }

 private:
  Result<std::vector<HistoryEntry>> Read(const HistoryQuery& query) const;

  const log::KafkaConfig kafka_;
  const std::string topic_;
  const int shards_;
  const Clock& clock_;
  std::atomic<bool> stopping_{false};
  runtime::Executor executor_;
};

}  // namespace escalon::notification

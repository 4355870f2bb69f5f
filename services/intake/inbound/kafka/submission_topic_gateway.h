#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/core/clock.h"
#include "common/core/mutex.h"
#include "common/log/plain_topic.h"
#include "common/log/topics.h"
#include "common/runtime/logging.h"
#include "services/intake/application/news_gateway.h"
#include "services/intake/inbound/kafka/offset_line.h"

namespace escalon::intake {

struct SubmissionTopicOptions {
  log::KafkaConfig kafka;
  std::string topic;  ///< escalon.submission.v1
  std::string group;
  std::string dead_letters;  ///< escalon.dlq.v1
  std::string tenant;        ///< of all records; empty: their header `tenant` says
};

/// Submissions from Kafka: JSON or bytes of a Submission. Whoever may write the topic is believed (the broker's ACLs
/// are the credential). A record is done when its case is safe, when it ended nothing, or when it stands on the
/// dead-letter topic because it cannot be read; what is away is waited for. At least once: without a key of its own a
/// record's place in the topic is its idempotency key.
class SubmissionTopicGateway {
 public:
  SubmissionTopicGateway(SubmissionTopicOptions options, NewsGateway& news, runtime::EventLoop& timers,
                         const Clock& clock, IntakeMetrics& metrics, runtime::Logger log);
  ~SubmissionTopicGateway();

  Status Start();
  /// Takes no more; what is under way ends by itself and is read again if it did not. Blocks.
  void Stop();

 private:
  struct Record;
  void OnMessage(const log::PlainMessage& message);
  void Work(std::shared_ptr<Record> record);
  void Again(std::shared_ptr<Record> record);
  void SetAside(std::shared_ptr<Record> record, const Error& error);
  void Done(const Record& record);
  Result<std::string> TenantOf(const log::PlainMessage& message) const;

  const SubmissionTopicOptions options_;
  NewsGateway& news_;
  runtime::EventLoop& timers_;
  const Clock& clock_;
  IntakeMetrics& metrics_;
  const runtime::Logger log_;
  runtime::LogLimit trouble_;
  Mutex mutex_;
  ConditionVariable room_;
  size_t under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<int, OffsetLine> lines_ ABSL_GUARDED_BY(mutex_);  ///< by partition
  std::unique_ptr<log::PlainProducer> producer_;
  std::unique_ptr<log::PlainFollower> follower_;  ///< last: its thread calls this
};

}  // namespace escalon::intake

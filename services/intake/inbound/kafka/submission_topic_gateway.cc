#include "services/intake/inbound/kafka/submission_topic_gateway.h"

#include <utility>

#include "common/security/text_guard.h"
#include "common/wire/delivery_codec.h"
#include "common/wire/json_codec.h"
#include "escalon/submission/v1/submission.pb.h"

namespace escalon::intake {
namespace {

namespace sb = ::escalon::submission::v1;

constexpr size_t kMostUnderWay = 2000;
constexpr size_t kMostBytes = 256 * 1024;
constexpr DurationMs kAgainMs = 500;
constexpr char kTenantHeader[] = "tenant";
constexpr char kTraceHeader[] = "traceparent";
constexpr char kSubject[] = "kafka";

std::string HeaderOf(const log::PlainMessage& message, const char* name) {
  const auto found = message.headers.find(name);
  return found == message.headers.end() ? std::string() : found->second;
}

Result<sb::Submission> Read(const log::PlainMessage& message) {
  if (message.value.size() > kMostBytes) {
    return InvalidField("value", "has " + std::to_string(message.value.size()) + " bytes; at most " +
                                     std::to_string(kMostBytes) + " are allowed");
  }
  sb::Submission out;
  const size_t start = message.value.find_first_not_of(" \t\r\n");
  if (start != std::string::npos && message.value[start] == '{') {
    if (const Status s = wire::FromJson(message.value, "submission", &out); !s.ok()) return s.error();
  } else if (message.value.empty() || !out.ParseFromString(message.value)) {
    return InvalidField("value", "is neither JSON nor bytes of escalon.submission.v1.Submission");
  }
  return out;
}

}  // namespace

struct SubmissionTopicGateway::Record {
  log::PlainMessage message;
  sb::Submission submission;
  std::string tenant;
};

SubmissionTopicGateway::SubmissionTopicGateway(SubmissionTopicOptions options, NewsGateway& news,
                                               runtime::EventLoop& timers, const Clock& clock, IntakeMetrics& metrics,
                                               runtime::Logger log)
    : options_(std::move(options)),
      news_(news),
      timers_(timers),
      clock_(clock),
      metrics_(metrics),
      log_(std::move(log)) {}

SubmissionTopicGateway::~SubmissionTopicGateway() { Stop(); }

Status SubmissionTopicGateway::Start() {
  auto producer = log::PlainProducer::Open(options_.kafka);
  if (!producer.ok()) return producer.error();
  producer_ = std::move(*producer);
  // The first record may come before Start returns: it waits here until the follower can be told that it is done.
  const MutexLock lock(mutex_);
  auto follower = log::PlainFollower::Start(
      options_.kafka, options_.topic, options_.group,
      {.on_message = [this](const log::PlainMessage& message) { OnMessage(message); },
       .on_batch_end = {},
       .on_revoked =
           [this](int partition) {
             const MutexLock revoked(mutex_);
             lines_.erase(partition);
           },
       .on_trouble =
           [this](const Error& error) {
             log_.Limited(trouble_, runtime::LogLevel::kWarn, "submission topic", {runtime::ErrorField(error)});
           }});
  if (!follower.ok()) return follower.error();
  follower_ = std::move(*follower);
  return {};
}

void SubmissionTopicGateway::Stop() {
  {
    const MutexLock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  room_.NotifyAll();
  if (follower_ != nullptr) follower_->Stop();
}

Result<std::string> SubmissionTopicGateway::TenantOf(const log::PlainMessage& message) const {
  const std::string tenant = options_.tenant.empty() ? HeaderOf(message, kTenantHeader) : options_.tenant;
  if (const Status s = CheckId("tenant", tenant, IdKind::kTenant); !s.ok()) {
    return InvalidField("tenant", "is not said; send it as header `tenant`, or set submissions.tenant");
  }
  return tenant;
}

void SubmissionTopicGateway::OnMessage(const log::PlainMessage& message) {
  {
    MutexLock lock(mutex_);
    // This thread is the follower's own: waiting here only stops the reading.
    room_.Wait(lock,
               [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || under_way_ < kMostUnderWay; });
    if (stopping_) return;
    ++under_way_;
    lines_[message.partition].Begin(message.offset);
  }
  auto record = std::make_shared<Record>();
  record->message = message;
  const Result<std::string> tenant = TenantOf(message);
  if (tenant.ok()) record->tenant = *tenant;
  Result<sb::Submission> submission = tenant.ok() ? Read(message) : Result<sb::Submission>(tenant.error());
  if (!submission.ok()) return SetAside(std::move(record), submission.error());
  record->submission = std::move(*submission);
  if (record->submission.idempotency_key().empty() && record->submission.dedup_key().empty()) {
    record->submission.set_idempotency_key("kafka/" + std::to_string(message.partition) + "/" +
                                           std::to_string(message.offset));
  }
  Work(std::move(record));
}

void SubmissionTopicGateway::Work(std::shared_ptr<Record> record) {
  const rpc::Caller caller{{record->tenant, kSubject, {Role::kIntegrator}},
                           kNever,
                           runtime::TraceContext::ContinueOrNew(HeaderOf(record->message, kTraceHeader))};
  const std::string news_id =
      "kafka/" + std::to_string(record->message.partition) + "/" + std::to_string(record->message.offset);
  news_.Take(record->submission, "submission", news_id, caller, Protocol::kKafka, [this, record](Result<News> news) {
    if (news.ok()) {
      metrics_.KafkaRecord(nullptr);
      return Done(*record);
    }
    const ErrorCode code = news.error().code;
    if (Retryable(code) || code == ErrorCode::kDeadlineExceeded || code == ErrorCode::kInternal) {
      log_.Limited(trouble_, runtime::LogLevel::kWarn, "a submission of the topic is tried again",
                   {runtime::ErrorField(news.error())});
      return Again(record);
    }
    SetAside(record, news.error());
  });
}

void SubmissionTopicGateway::Again(std::shared_ptr<Record> record) {
  timers_.Post([this, record = std::move(record)]() mutable {
    timers_.After(kAgainMs, [this, record = std::move(record)] {
      {
        const MutexLock lock(mutex_);
        if (stopping_) return;  // not marked: it is read again
      }
      Work(record);
    });
  });
}

void SubmissionTopicGateway::SetAside(std::shared_ptr<Record> record, const Error& error) {
  metrics_.KafkaRecord(&error);
  wire::DeadLetter letter;
  letter.tenant = record->tenant;
  letter.origin = options_.topic;
  letter.partition = record->message.partition;
  letter.offset = record->message.offset;
  letter.key = record->message.key;
  letter.value = record->message.value;
  letter.value_size = record->message.value.size();
  letter.reason = error.message;
  if (!error.fields.empty()) letter.field = error.fields.front().field;
  letter.at = clock_.WallMs();
  letter.service = "intake";
  const Status appended =
      producer_->Append(options_.dead_letters, -1, record->message.key, wire::EncodeDeadLetter(letter), {},
                        [this, record](const Result<int64_t>& offset) {
                          if (offset.ok()) return Done(*record);
                          Again(record);
                        });
  if (!appended.ok()) Again(std::move(record));
}

void SubmissionTopicGateway::Done(const Record& record) {
  log::PlainFollower* follower = nullptr;
  std::optional<int64_t> done;
  {
    const MutexLock lock(mutex_);
    --under_way_;
    follower = follower_.get();
    const auto line = lines_.find(record.message.partition);
    if (line != lines_.end()) done = line->second.End(record.message.offset);
  }
  room_.NotifyOne();
  if (done && follower != nullptr) follower->MarkDone(record.message.partition, *done);
}

}  // namespace escalon::intake

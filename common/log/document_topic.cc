#include "common/log/document_topic.h"

#include <chrono>
#include <thread>
#include <utility>

#include "common/core/mutex.h"
#include "common/log/partition_consumer.h"
#include "common/log/plain_message.h"

namespace escalon::log {
namespace {

constexpr int kTryAgainMs = 1000;

}  // namespace

struct DocumentTopic::Impl {
  Impl(std::string t, Events e) : topic(std::move(t)), events(std::move(e)) {}
  ~Impl() {
    {
      const MutexLock lock(mutex);
      stopping = true;
    }
    wakeup.Signal();
    if (thread.joinable()) thread.join();
  }

  Status Open(const KafkaConfig& kafka) {
    Result<std::unique_ptr<PlainProducer>> made = PlainProducer::Open(kafka, 0);
    if (!made) return made.error();
    producer = std::move(made).value();
    Result<std::unique_ptr<PartitionConsumer>> opened = PartitionConsumer::Open(kafka, topic, {1, 100}, &wakeup);
    if (!opened) return opened.error();
    consumer = std::move(opened).value();
    thread = std::thread([this] { Run(); });
    return {};
  }

  bool Stopping() {
    const MutexLock lock(mutex);
    return stopping;
  }

  void Run() {
    int64_t next = RD_KAFKA_OFFSET_BEGINNING;
    while (!Stopping()) {
      const PartitionRead read(consumer.get(), 0, next);
      if (Follow(&next)) continue;
      const Deadline pause(kTryAgainMs);
      while (!Stopping() && wakeup.Wait(pause)) {
      }
    }
  }

  /// Until it must be started again; false: after a pause.
  bool Follow(int64_t* next) {
    while (!Stopping()) {
      const MessagePtr m = consumer->Pop();
      if (!m) {
        wakeup.Wait(-1);
      } else if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        if (!std::exchange(caught_up, true) && events.on_caught_up) events.on_caught_up();
      } else if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (events.on_trouble) events.on_trouble(FetchError(*m));
        // Everything may have been compacted away behind us; what is read again changes nothing.
        if (FetchError(*m).code == ErrorCode::kNotFound) *next = RD_KAFKA_OFFSET_BEGINNING;
        return false;
      } else {
        *next = m->offset + 1;
        Deliver(*m);
      }
    }
    return true;
  }

  void Deliver(const rd_kafka_message_t& m) {
    Document document{std::string(static_cast<const char*>(m.key), m.key_len), std::nullopt, HeadersOf(m), m.offset,
                      BrokerTimeOf(m)};
    if (m.payload) document.value.emplace(ValueOf(m));
    if (events.on_document) events.on_document(document);
    {
      const MutexLock lock(mutex);
      read_up_to = m.offset;
    }
    advanced.NotifyAll();
  }

  const std::string topic;
  const Events events;
  Wakeup wakeup;
  std::unique_ptr<PlainProducer> producer;
  std::unique_ptr<PartitionConsumer> consumer;
  bool caught_up = false;
  Mutex mutex;
  ConditionVariable advanced;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  int64_t read_up_to ABSL_GUARDED_BY(mutex) = -1;
  std::thread thread;
};

DocumentTopic::DocumentTopic(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DocumentTopic::~DocumentTopic() = default;

Result<std::unique_ptr<DocumentTopic>> DocumentTopic::Open(KafkaConfig kafka, std::string topic, Events events) {
  auto impl = std::make_unique<Impl>(std::move(topic), std::move(events));
  if (Status s = impl->Open(kafka); !s) return s.error();
  return std::unique_ptr<DocumentTopic>(new DocumentTopic(std::move(impl)));
}

Result<int64_t> DocumentTopic::Publish(std::string_view key, std::optional<std::string_view> value,
                                       std::span<const Header> headers, int timeout_ms) {
  if (key.empty()) return InvalidField("key", "must not be empty");
  return impl_->producer->AppendAndWait(impl_->topic, 0, key, value, headers, timeout_ms);
}

Status DocumentTopic::WaitFor(int64_t offset, int timeout_ms) {
  MutexLock lock(impl_->mutex);
  if (impl_->advanced.WaitFor(lock, std::chrono::milliseconds(timeout_ms),
                              [this, offset]()
                                  ABSL_EXCLUSIVE_LOCKS_REQUIRED(impl_->mutex) { return impl_->read_up_to >= offset; }))
    return {};
  return Error{ErrorCode::kDeadlineExceeded, impl_->topic + ": offset " + std::to_string(offset) + " was not read yet"};
}

}  // namespace escalon::log

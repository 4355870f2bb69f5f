#include <map>
#include <thread>
#include <utility>

#include "common/core/mutex.h"
#include "common/log/kafka_client.h"
#include "common/log/plain_message.h"
#include "common/log/plain_topic.h"
#include "common/log/wakeup.h"

namespace escalon::log {
namespace {

constexpr size_t kMaxDrain = 1000;

}  // namespace

struct PlainFollower::Impl {
  Impl(std::string t, Events e) : topic(std::move(t)), events(std::move(e)) {}
  ~Impl() {
    Stop();
    if (queue) SignalNoMore(queue.get());
  }

  Status Open(const KafkaConfig& kafka, const std::string& group) {
    if (group.empty()) return InvalidField("group", "must not be empty");
    ClientBuilder builder(kafka);
    SetConsumerRules(&builder);
    // Offsets without metadata are all that is kept here, so librdkafka may commit what is stored.
    builder.Set("group.id", group)
        .Set("auto.offset.reset", "earliest")
        .Set("enable.auto.commit", "true")
        .Set("auto.commit.interval.ms", 1000)
        .Set("session.timeout.ms", 6000)
        .Set("partition.assignment.strategy", "range")
        .Set("fetch.wait.max.ms", 10)
        .Set("queued.min.messages", 1000);
    builder.Owner(this);
    rd_kafka_conf_set_rebalance_cb(builder.conf(), [](rd_kafka_t* handle, rd_kafka_resp_err_t code,
                                                      rd_kafka_topic_partition_list_t* partitions, void* opaque) {
      static_cast<Impl*>(OwnerOf(opaque))->Rebalanced(handle, code, partitions);
    });
    Result<Client> made = builder.Build(RD_KAFKA_CONSUMER);
    if (!made) return made.error();
    client = std::move(made).value();
    rd_kafka_poll_set_consumer(client.get());
    queue.reset(rd_kafka_queue_get_consumer(client.get()));
    SignalOn(queue.get(), &wakeup);
    const PartitionsPtr topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    const rd_kafka_resp_err_t code = rd_kafka_subscribe(client.get(), topics.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(code, "subscribing to " + topic);
    thread = std::thread([this] { Run(); });
    return {};
  }

  void Stop() {
    {
      const MutexLock lock(mutex);
      stopping = true;
    }
    wakeup.Signal();
    if (thread.joinable()) thread.join();
  }

  void Run() {
    bool more = false;
    while (!Stopping()) {
      if (!more) wakeup.Wait(60'000);
      more = Drain();
      StoreDone();
    }
    StoreDone();
    rd_kafka_consumer_close(client.get());
  }

  bool Stopping() {
    const MutexLock lock(mutex);
    return stopping;
  }

  bool Drain() {
    size_t taken = 0;
    bool delivered = false;
    while (taken < kMaxDrain) {
      const MessagePtr m(rd_kafka_consumer_poll(client.get(), 0));
      if (!m) break;
      ++taken;
      if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        delivered = true;
        events.on_message(PlainMessageOf(*m));
      } else if (m->err != RD_KAFKA_RESP_ERR__PARTITION_EOF && events.on_trouble) {
        events.on_trouble(KafkaError(m->err, "reading " + topic));
      }
    }
    if (delivered && events.on_batch_end) events.on_batch_end();
    return taken == kMaxDrain;
  }

  void StoreDone() {
    std::map<int, int64_t> done;
    {
      const MutexLock lock(mutex);
      done.swap(marks);
    }
    if (done.empty()) return;
    const PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(done.size())));
    for (const auto& [partition, offset] : done)
      rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset + 1;
    rd_kafka_offsets_store(client.get(), list.get());
  }

  void Rebalanced(rd_kafka_t* handle, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions) {
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      rd_kafka_assign(handle, partitions);
      return;
    }
    StoreDone();
    for (int i = 0; i < partitions->cnt && events.on_revoked; ++i) events.on_revoked(partitions->elems[i].partition);
    rd_kafka_assign(handle, nullptr);  // commits what is stored
  }

  const std::string topic;
  const Events events;
  Wakeup wakeup;
  Client client;
  QueuePtr queue;
  Mutex mutex;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  std::map<int, int64_t> marks ABSL_GUARDED_BY(mutex);
  std::thread thread;
};

PlainFollower::PlainFollower(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PlainFollower::~PlainFollower() = default;

Result<std::unique_ptr<PlainFollower>> PlainFollower::Start(KafkaConfig kafka, std::string topic, std::string group,
                                                            Events events) {
  auto impl = std::make_unique<Impl>(std::move(topic), std::move(events));
  if (Status s = impl->Open(kafka, group); !s) return s.error();
  return std::unique_ptr<PlainFollower>(new PlainFollower(std::move(impl)));
}

void PlainFollower::MarkDone(int partition, int64_t offset) {
  {
    const MutexLock lock(impl_->mutex);
    const auto [it, added] = impl_->marks.emplace(partition, offset);
    if (!added) it->second = std::max(it->second, offset);
  }
  impl_->wakeup.Signal();
}

void PlainFollower::Stop() { impl_->Stop(); }

}  // namespace escalon::log

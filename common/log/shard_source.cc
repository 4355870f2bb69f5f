#include "common/log/shard_source.h"

#include <deque>
#include <map>
#include <thread>
#include <utility>

#include "common/core/mutex.h"
#include "common/log/envelope.h"
#include "common/log/partition_consumer.h"

namespace escalon::log {

struct ShardSource::Impl {
  Impl(ShardSourceConfig c, Events e) : config(std::move(c)), events(std::move(e)) {}
  ~Impl() {
    {
      const MutexLock lock(mutex);
      stopping = true;
    }
    wakeup.Signal();
    if (thread.joinable()) thread.join();
  }

  Status Open() {
    Result<std::unique_ptr<PartitionConsumer>> opened =
        PartitionConsumer::Open(config.kafka, config.topic, {config.fetch_min_bytes, config.fetch_wait_ms}, &wakeup);
    if (!opened) return opened.error();
    consumer = std::move(opened).value();
    thread = std::thread([this] { Run(); });
    return {};
  }

  void Post(std::function<void()> task) {
    {
      const MutexLock lock(mutex);
      tasks.push_back(std::move(task));
    }
    wakeup.Signal();
  }

  // All below on the source's thread.

  void Run() {
    bool more = false;
    while (RunTasks()) {
      if (!more) wakeup.Wait(-1);
      if (!RunTasks()) break;
      more = Drain();
    }
  }

  bool RunTasks() {
    while (true) {
      std::function<void()> task;
      {
        const MutexLock lock(mutex);
        if (stopping) return false;
        if (tasks.empty()) return true;
        task = std::move(tasks.front());
        tasks.pop_front();
      }
      task();
    }
  }

  struct Read {
    uint64_t number = 0;
    int64_t to = kFollow;
    LogBatch batch;
  };

  void StartRead(uint64_t number, int shard, int64_t from, int64_t to) {
    StopRead(shard);
    if (from >= to) {
      events.on_batch(LogBatch{shard, number, {}, false, -1, true});
      return;
    }
    reads[shard] = Read{number, to, NewBatch(shard, number)};
    consumer->Start(shard, from);
  }

  void StopRead(int shard) {
    if (reads.erase(shard) > 0) consumer->Stop(shard);
  }

  static LogBatch NewBatch(int shard, uint64_t number) { return LogBatch{shard, number, {}, false, -1, false}; }

  /// True: it stopped at max_batch, there may be more.
  bool Drain() {
    size_t taken = 0;
    while (taken < config.max_batch) {
      const MessagePtr message = consumer->Pop();
      if (!message) break;
      ++taken;
      Take(*message);
    }
    for (auto it = reads.begin(); it != reads.end();) {
      const int shard = it->first;
      Read& read = (it++)->second;  // Flush may erase it
      if (!read.batch.entries.empty() || read.batch.at_end) Flush(shard, &read);
    }
    return taken == config.max_batch;
  }

  void Take(const rd_kafka_message_t& m) {
    const auto found = reads.find(m.partition);
    if (found == reads.end()) return;
    Read& read = found->second;
    if (m.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      read.batch.at_end = true;
      read.batch.end = m.offset;
      return;
    }
    if (m.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      const uint64_t number = read.number;
      if (!read.batch.entries.empty()) events.on_batch(std::exchange(read.batch, NewBatch(m.partition, number)));
      StopRead(m.partition);
      events.on_error(m.partition, number, FetchError(m));
      return;
    }
    if (read.batch.finished || m.offset >= read.to) return;
    read.batch.at_end = false;
    read.batch.entries.push_back({m.offset, BrokerTimeOf(m), Decode(ValueOf(m))});
    read.batch.finished = m.offset + 1 >= read.to;
  }

  void Flush(int shard, Read* read) {
    LogBatch batch = std::exchange(read->batch, NewBatch(shard, read->number));
    if (batch.finished) StopRead(shard);
    events.on_batch(std::move(batch));
  }

  const ShardSourceConfig config;
  const Events events;
  Wakeup wakeup;
  std::unique_ptr<PartitionConsumer> consumer;
  std::map<int, Read> reads;

  Mutex mutex;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  std::deque<std::function<void()>> tasks ABSL_GUARDED_BY(mutex);
  uint64_t last_number ABSL_GUARDED_BY(mutex) = 0;
  std::thread thread;
};

ShardSource::ShardSource(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ShardSource::~ShardSource() = default;

Result<std::unique_ptr<ShardSource>> ShardSource::Open(ShardSourceConfig config, Events events) {
  auto impl = std::make_unique<Impl>(std::move(config), std::move(events));
  if (Status s = impl->Open(); !s) return s.error();
  return std::unique_ptr<ShardSource>(new ShardSource(std::move(impl)));
}

uint64_t ShardSource::Start(int shard, int64_t from, int64_t to) {
  uint64_t number = 0;
  {
    const MutexLock lock(impl_->mutex);
    number = ++impl_->last_number;
  }
  impl_->Post([impl = impl_.get(), number, shard, from, to] { impl->StartRead(number, shard, from, to); });
  return number;
}

void ShardSource::Stop(int shard) {
  impl_->Post([impl = impl_.get(), shard] { impl->StopRead(shard); });
}

void ShardSource::QueryEnds(int shard, int timeout_ms, std::function<void(int, const Result<Watermarks>&)> done) {
  impl_->Post([impl = impl_.get(), shard, timeout_ms, done = std::move(done)] {
    done(shard, impl->consumer->QueryEnds(shard, timeout_ms));
  });
}

}  // namespace escalon::log

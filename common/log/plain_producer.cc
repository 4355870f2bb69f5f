#include <chrono>
#include <future>
#include <thread>
#include <unordered_map>
#include <utility>

#include "common/core/mutex.h"
#include "common/log/kafka_client.h"
#include "common/log/plain_topic.h"
#include "common/log/wakeup.h"

namespace escalon::log {

struct PlainProducer::Impl {
  Impl(KafkaConfig k, int linger, int timeout) : kafka(std::move(k)), linger_ms(linger), message_timeout_ms(timeout) {}
  ~Impl() {
    {
      const MutexLock lock(mutex);
      stopping = true;
    }
    wakeup.Signal();
    if (thread.joinable()) thread.join();
    if (queue) SignalNoMore(queue.get());
  }

  Status Connect() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    ClientBuilder builder(kafka);
    SetProducerRules(&builder, linger_ms);
    builder.Set("message.timeout.ms", message_timeout_ms);
    Result<Client> made = builder.Build(RD_KAFKA_PRODUCER);
    if (!made) return made.error();
    if (queue) SignalNoMore(queue.get());
    queue.reset();
    client = std::move(made).value();
    queue.reset(rd_kafka_queue_get_main(client.get()));
    SignalOn(queue.get(), &wakeup);
    return {};
  }

  void Run() {
    while (true) {
      {
        const MutexLock lock(mutex);
        if (stopping) return;
      }
      wakeup.Wait(-1);
      Serve();
    }
  }

  void Serve() {
    // Only this thread replaces the queue, so it may use it without the lock.
    while (const EventPtr event{rd_kafka_queue_poll(queue.get(), 0)}) {
      if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR) {
        while (const rd_kafka_message_t* m = rd_kafka_event_message_next(event.get())) Delivered(*m);
      } else if (FailedForGood()) {
        Restart();
        return;
      }
    }
    const MutexLock lock(mutex);
    if (unfinished == 0) drained.NotifyAll();
  }

  bool FailedForGood() {
    const MutexLock lock(mutex);
    return !FatalErrorOf(client.get()).empty();
  }

  void Delivered(const rd_kafka_message_t& m) {
    if (const Done done = Take(reinterpret_cast<uintptr_t>(m._private))) Tell(done, m);
    const MutexLock lock(mutex);
    --unfinished;
  }

  static void Tell(const Done& done, const rd_kafka_message_t& m) {
    if (m.err == RD_KAFKA_RESP_ERR_NO_ERROR && m.offset >= 0) {
      done(m.offset);
    } else {
      done(Error{ErrorCode::kOutcomeUnknown,
                 std::string("append: ") + (m.err == RD_KAFKA_RESP_ERR_NO_ERROR ? "acknowledged without an offset"
                                                                                : rd_kafka_err2str(m.err))});
    }
  }

  Done Take(uint64_t token) {
    const MutexLock lock(mutex);
    const auto found = pending.find(token);
    if (found == pending.end()) return {};
    Done done = std::move(found->second);
    pending.erase(found);
    return done;
  }

  void Restart() {
    std::unordered_map<uint64_t, Done> unknown;
    {
      const MutexLock lock(mutex);
      unknown.swap(pending);
      // It worked with the same settings before, and nothing here can do better than try at the next append.
      (void)Connect().ok();
    }
    for (const auto& [token, done] : unknown)
      if (done) done(Error{ErrorCode::kOutcomeUnknown, "append: the producer failed for good and was replaced"});
    const MutexLock lock(mutex);
    unfinished -= unknown.size();
    if (unfinished == 0) drained.NotifyAll();
  }

  const KafkaConfig kafka;
  const int linger_ms;
  const int message_timeout_ms;
  Wakeup wakeup;

  Mutex mutex;
  ConditionVariable drained;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  uint64_t last_token ABSL_GUARDED_BY(mutex) = 0;
  size_t unfinished ABSL_GUARDED_BY(mutex) = 0;  // appended, and its `done` has not returned
  std::unordered_map<uint64_t, Done> pending ABSL_GUARDED_BY(mutex);
  Client client ABSL_GUARDED_BY(mutex);  // against Restart
  QueuePtr queue;
  std::thread thread;
};

PlainProducer::PlainProducer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

PlainProducer::~PlainProducer() { (void)Drain(2000).ok(); }

Result<std::unique_ptr<PlainProducer>> PlainProducer::Open(KafkaConfig kafka, int linger_ms, int message_timeout_ms) {
  auto impl = std::make_unique<Impl>(std::move(kafka), linger_ms, message_timeout_ms);
  {
    const MutexLock lock(impl->mutex);
    if (Status s = impl->Connect(); !s) return s.error();
  }
  impl->thread = std::thread([p = impl.get()] { p->Run(); });
  return std::unique_ptr<PlainProducer>(new PlainProducer(std::move(impl)));
}

Status PlainProducer::Append(const std::string& topic, int partition, std::string_view key,
                             std::optional<std::string_view> value, std::span<const Header> headers, Done done) {
  rd_kafka_headers_t* list = nullptr;
  if (!headers.empty()) {
    list = rd_kafka_headers_new(headers.size());
    for (const Header& h : headers)
      rd_kafka_header_add(list, h.name.data(), static_cast<ssize_t>(h.name.size()), h.value.data(),
                          static_cast<ssize_t>(h.value.size()));
  }
  const MutexLock lock(impl_->mutex);
  const uint64_t token = ++impl_->last_token;
  rd_kafka_vu_t args[7];
  args[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  args[0].u.cstr = topic.c_str();
  args[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  args[1].u.i32 = partition < 0 ? RD_KAFKA_PARTITION_UA : partition;
  args[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  args[2].u.i = RD_KAFKA_MSG_F_COPY;
  args[3].vtype = RD_KAFKA_VTYPE_VALUE;
  args[3].u.mem = {value ? const_cast<char*>(value->data()) : nullptr, value ? value->size() : 0};
  args[4].vtype = RD_KAFKA_VTYPE_KEY;
  args[4].u.mem = {const_cast<char*>(key.data()), key.size()};
  args[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  args[5].u.ptr = reinterpret_cast<void*>(static_cast<uintptr_t>(token));
  args[6].vtype = RD_KAFKA_VTYPE_HEADERS;
  args[6].u.headers = list;
  const KafkaErrorPtr error(rd_kafka_produceva(impl_->client.get(), args, list ? 7 : 6));
  if (!error) {
    // The report cannot overtake this: it is taken under the same lock.
    impl_->pending.emplace(token, std::move(done));
    ++impl_->unfinished;
    return {};
  }
  if (list) rd_kafka_headers_destroy(list);
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error.get());
  const std::string text = "append to " + topic + ": " + rd_kafka_err2str(code);
  if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) return Error{ErrorCode::kResourceExhausted, text, {}, {}, 100};
  if (code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
    return Error{ErrorCode::kInvalidArgument, text};
  return Error{ErrorCode::kUnavailable, text, {}, {}, 500};
}

Result<int64_t> PlainProducer::AppendAndWait(const std::string& topic, int partition, std::string_view key,
                                             std::optional<std::string_view> value, std::span<const Header> headers,
                                             int timeout_ms) {
  const auto answer = std::make_shared<std::promise<Result<int64_t>>>();
  std::future<Result<int64_t>> answered = answer->get_future();
  const Status sent = Append(topic, partition, key, value, headers,
                             [answer](const Result<int64_t>& offset) { answer->set_value(offset); });
  if (!sent) return sent.error();
  if (answered.wait_for(std::chrono::milliseconds(timeout_ms)) != std::future_status::ready)
    return Error{ErrorCode::kOutcomeUnknown,
                 "append to " + topic + ": not acknowledged in time; it may still land, look before you repeat it"};
  return answered.get();
}

Status PlainProducer::Drain(int timeout_ms) {
  MutexLock lock(impl_->mutex);
  if (impl_->drained.WaitFor(lock, std::chrono::milliseconds(timeout_ms),
                             [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(impl_->mutex) { return impl_->unfinished == 0; }))
    return {};
  return Error{ErrorCode::kDeadlineExceeded, std::to_string(impl_->unfinished) + " messages are still pending"};
}

}  // namespace escalon::log

#include "common/log/producer.h"

#include <thread>
#include <vector>

#include "common/log/kafka_client.h"
#include "common/log/wakeup.h"

namespace escalon::log {
namespace {

void* AsOpaque(uint64_t token) { return reinterpret_cast<void*>(static_cast<uintptr_t>(token)); }
uint64_t AsToken(const void* opaque) { return reinterpret_cast<uintptr_t>(opaque); }

Delivery DeliveryOf(const rd_kafka_message_t& m) {
  const auto unknown = [](std::string text) { return Error{ErrorCode::kOutcomeUnknown, std::move(text)}; };
  Delivery d{AsToken(m._private), m.partition, Appended{}};
  if (m.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    d.appended = unknown(std::string("append: ") + rd_kafka_err2str(m.err));
  } else if (m.offset < 0) {
    d.appended = unknown("append: acknowledged as a duplicate, without an offset");
  } else {
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const int64_t at = rd_kafka_message_timestamp(&m, &type);
    d.appended = Appended{m.offset, type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME && at > 0 ? at : 0};
  }
  return d;
}

}  // namespace

struct Producer::Impl {
  explicit Impl(ProducerConfig c) : config(std::move(c)), pending(static_cast<size_t>(config.shards)) {}
  ~Impl() {
    Retire();
    if (reaper.joinable()) reaper.join();
  }

  Status Connect() {
    ClientBuilder builder(config.kafka);
    SetProducerRules(&builder, config.linger_ms);
    builder.Set("message.timeout.ms", 0).Set("queue.buffering.max.messages", config.max_pending);
    Result<Client> made = builder.Build(RD_KAFKA_PRODUCER);
    if (!made) return made.error();
    client = std::move(made).value();
    topic.reset(rd_kafka_topic_new(client.get(), config.topic.c_str(), nullptr));
    if (!topic) return Error{ErrorCode::kInvalidArgument, "kafka: topic " + config.topic + " is no valid name"};
    queue.reset(rd_kafka_queue_get_main(client.get()));
    SignalOn(queue.get(), &wakeup);
    fatal = false;
    ++incarnation;
    return {};
  }

  /// Hands the client to a thread that destroys it, one after another.
  void Retire() {
    if (!client) return;
    SignalNoMore(queue.get());
    queue.reset();
    topic.reset();
    std::thread next([before = std::move(reaper), old = std::move(client)]() mutable {
      if (before.joinable()) before.join();
      const Client destroyed = std::move(old);
    });
    reaper = std::move(next);
  }

  const ProducerConfig config;
  Wakeup wakeup;
  Client client;
  TopicPtr topic;
  QueuePtr queue;
  std::vector<int64_t> pending;
  int64_t total_pending = 0;
  bool fatal = false;
  uint64_t incarnation = 0;
  std::string encoded;
  std::thread reaper;
};

Producer::Producer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Producer::~Producer() = default;

Result<std::unique_ptr<Producer>> Producer::Open(ProducerConfig config) {
  if (config.shards < 1) return InvalidField("shards", "must be at least 1");
  auto impl = std::make_unique<Impl>(std::move(config));
  if (Status s = impl->Connect(); !s) return s.error();
  return std::unique_ptr<Producer>(new Producer(std::move(impl)));
}

Status Producer::Append(int shard, std::string_view key, std::string_view value, std::span<const Header> headers,
                        uint64_t token) {
  if (shard < 0 || shard >= impl_->config.shards)
    return InvalidField("shard", std::to_string(shard) + " of " + std::to_string(impl_->config.shards));
  if (value.size() > kMaxRecordBytes) return InvalidField("record", "larger than 1 MiB");
  if (!impl_->topic) return Error{ErrorCode::kUnavailable, "append: the producer could not be replaced", {}, {}, 500};
  rd_kafka_headers_t* list = nullptr;
  if (!headers.empty()) {
    list = rd_kafka_headers_new(headers.size());
    for (const Header& h : headers)
      rd_kafka_header_add(list, h.name.data(), static_cast<ssize_t>(h.name.size()), h.value.data(),
                          static_cast<ssize_t>(h.value.size()));
  }
  rd_kafka_vu_t args[7];
  args[0].vtype = RD_KAFKA_VTYPE_RKT;
  args[0].u.rkt = impl_->topic.get();
  args[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  args[1].u.i32 = shard;
  args[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  args[2].u.i = RD_KAFKA_MSG_F_COPY;
  args[3].vtype = RD_KAFKA_VTYPE_VALUE;
  args[3].u.mem = {const_cast<char*>(value.data()), value.size()};
  args[4].vtype = RD_KAFKA_VTYPE_KEY;
  args[4].u.mem = {const_cast<char*>(key.data()), key.size()};
  args[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  args[5].u.ptr = AsOpaque(token);
  args[6].vtype = RD_KAFKA_VTYPE_HEADERS;
  args[6].u.headers = list;
  const KafkaErrorPtr error(rd_kafka_produceva(impl_->client.get(), args, list ? 7 : 6));
  if (!error) {
    ++impl_->pending[static_cast<size_t>(shard)];
    ++impl_->total_pending;
    return {};
  }
  if (list) rd_kafka_headers_destroy(list);
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error.get());
  const std::string text = std::string("append: ") + rd_kafka_err2str(code);
  if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) return Error{ErrorCode::kResourceExhausted, text, {}, {}, 100};
  if (code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) return Error{ErrorCode::kInvalidArgument, text};
  return Error{ErrorCode::kUnavailable, text, {}, {}, 500};
}

Status Producer::AppendRecord(int shard, const RecordHead& head, std::string_view body, uint64_t token) {
  impl_->encoded.clear();
  if (Status s = Encode(head, body, &impl_->encoded); !s) return s;
  const EnvelopeHeaders headers(head);
  return Append(shard, KeyOf(head), impl_->encoded, headers.all(), token);
}

int Producer::fd() const { return impl_->wakeup.fd(); }

size_t Producer::Poll(const Events& events) {
  Impl& p = *impl_;
  p.wakeup.Clear();
  if (!p.queue) return 0;
  size_t deliveries = 0;
  while (const EventPtr event{rd_kafka_queue_poll(p.queue.get(), 0)}) {
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR) {
      while (const rd_kafka_message_t* m = rd_kafka_event_message_next(event.get())) {
        --p.pending[static_cast<size_t>(m->partition)];
        --p.total_pending;
        ++deliveries;
        if (events.on_delivery) events.on_delivery(DeliveryOf(*m));
      }
    } else if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR) {
      const std::string fatal = FatalErrorOf(p.client.get());
      if (!fatal.empty()) {
        if (!p.fatal && events.on_fatal)
          events.on_fatal(Error{ErrorCode::kInternal, "the producer failed for good and must be replaced: " + fatal});
        p.fatal = true;
      } else if (events.on_trouble) {
        events.on_trouble(KafkaError(rd_kafka_event_error(event.get()), "producer"));
      }
    }
  }
  return deliveries;
}

Status Producer::Replace() {
  Impl& p = *impl_;
  p.Retire();
  p.pending.assign(p.pending.size(), 0);
  p.total_pending = 0;
  return p.Connect();
}

int64_t Producer::pending(int shard) const { return impl_->pending[static_cast<size_t>(shard)]; }
int64_t Producer::total_pending() const { return impl_->total_pending; }
bool Producer::fatal() const { return impl_->fatal; }
uint64_t Producer::incarnation() const { return impl_->incarnation; }

void Producer::InjectFatalForTest() {
  if (!impl_->client) return;
  rd_kafka_test_fatal_error(impl_->client.get(), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "injected");
}

}  // namespace escalon::log

#include "common/log/producer.h"

#include <string>
#include <thread>
#include <utility>
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

/// A record that waits for the batch of its shard that is under way.
struct Held {
  std::string key;
  std::string value;
  std::vector<std::pair<std::string, std::string>> headers;
  uint64_t token = 0;
};

struct Lane {
  int64_t under_way = 0;  ///< with the client, not yet reported
  std::vector<Held> held;
};

struct Producer::Impl {
  explicit Impl(ProducerConfig c) : config(std::move(c)), lanes(static_cast<size_t>(config.shards)) {}
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
  /// Hands a record to the client.
  template <typename Headers>
  Status Produce(int shard, std::string_view key, std::string_view value, const Headers& headers, uint64_t token);
  /// What waited goes together; a record that the client refuses is reported as unknown, unless Replace is due.
  void Release(int shard, const Events& events);

  QueuePtr queue;
  std::vector<Lane> lanes;
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

template <typename Headers>
Status Producer::Impl::Produce(int shard, std::string_view key, std::string_view value, const Headers& headers,
                               uint64_t token) {
  rd_kafka_headers_t* list = nullptr;
  if (!headers.empty()) {
    list = rd_kafka_headers_new(headers.size());
    for (const auto& [name, text] : headers)
      rd_kafka_header_add(list, name.data(), static_cast<ssize_t>(name.size()), text.data(),
                          static_cast<ssize_t>(text.size()));
  }
  rd_kafka_vu_t args[7];
  args[0].vtype = RD_KAFKA_VTYPE_RKT;
  args[0].u.rkt = topic.get();
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
  const KafkaErrorPtr error(rd_kafka_produceva(client.get(), args, list ? 7 : 6));
  if (!error) {
    ++lanes[static_cast<size_t>(shard)].under_way;
    return {};
  }
  if (list) rd_kafka_headers_destroy(list);
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error.get());
  const std::string text = std::string("append: ") + rd_kafka_err2str(code);
  if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) return Error{ErrorCode::kResourceExhausted, text, {}, {}, 100};
  if (code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) return Error{ErrorCode::kInvalidArgument, text};
  return Error{ErrorCode::kUnavailable, text, {}, {}, 500};
}

void Producer::Impl::Release(int shard, const Events& events) {
  std::vector<Held> held = std::exchange(lanes[static_cast<size_t>(shard)].held, {});
  for (const Held& h : held) {
    const Status produced = Produce(shard, h.key, h.value, h.headers, h.token);
    if (produced.ok() || fatal) continue;
    --total_pending;
    if (events.on_delivery)
      events.on_delivery({h.token, shard, Error{ErrorCode::kOutcomeUnknown, produced.error().message}});
  }
}

Status Producer::Append(int shard, std::string_view key, std::string_view value, std::span<const Header> headers,
                        uint64_t token) {
  Impl& p = *impl_;
  if (shard < 0 || shard >= p.config.shards)
    return InvalidField("shard", std::to_string(shard) + " of " + std::to_string(p.config.shards));
  if (value.size() > kMaxRecordBytes) return InvalidField("record", "larger than 1 MiB");
  if (!p.topic) return Error{ErrorCode::kUnavailable, "append: the producer could not be replaced", {}, {}, 500};
  if (p.fatal) return Error{ErrorCode::kUnavailable, "append: the producer failed and is being replaced", {}, {}, 500};
  if (p.total_pending >= p.config.max_pending)
    return Error{ErrorCode::kResourceExhausted, "append: the producer's queue is full", {}, {}, 100};
  Lane& lane = p.lanes[static_cast<size_t>(shard)];
  if (lane.under_way == 0 && lane.held.empty()) {
    const Status produced = p.Produce(shard, key, value, headers, token);
    if (produced.ok()) ++p.total_pending;
    return produced;
  }
  Held& held = lane.held.emplace_back(Held{std::string(key), std::string(value), {}, token});
  held.headers.reserve(headers.size());
  for (const Header& h : headers) held.headers.emplace_back(h.name, h.value);
  ++p.total_pending;
  return {};
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
        --p.lanes[static_cast<size_t>(m->partition)].under_way;
        --p.total_pending;
        ++deliveries;
        if (events.on_delivery) events.on_delivery(DeliveryOf(*m));
      }
    } else if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR) {
      const std::string fatal = FatalErrorOf(p.client.get());
      if (!fatal.empty()) {
        if (!std::exchange(p.fatal, true) && events.on_fatal)
          events.on_fatal(Error{ErrorCode::kInternal, "the producer failed for good and must be replaced: " + fatal});
      } else if (events.on_trouble) {
        events.on_trouble(KafkaError(rd_kafka_event_error(event.get()), "producer"));
      }
    }
  }
  for (int shard = 0; shard < p.config.shards && !p.fatal; ++shard) {
    const Lane& lane = p.lanes[static_cast<size_t>(shard)];
    if (lane.under_way == 0 && !lane.held.empty()) p.Release(shard, events);
  }
  return deliveries;
}

Status Producer::Replace() {
  Impl& p = *impl_;
  p.Retire();
  p.lanes.assign(p.lanes.size(), {});
  p.total_pending = 0;
  return p.Connect();
}

int64_t Producer::pending(int shard) const {
  const Lane& lane = impl_->lanes[static_cast<size_t>(shard)];
  return lane.under_way + static_cast<int64_t>(lane.held.size());
}
int64_t Producer::total_pending() const { return impl_->total_pending; }
bool Producer::fatal() const { return impl_->fatal; }
uint64_t Producer::incarnation() const { return impl_->incarnation; }

void Producer::InjectFatalForTest() {
  if (!impl_->client) return;
  rd_kafka_test_fatal_error(impl_->client.get(), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "injected");
}

}  // namespace escalon::log

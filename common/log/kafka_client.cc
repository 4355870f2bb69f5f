#include "common/log/kafka_client.h"

#include <utility>

#include "common/log/envelope.h"

namespace escalon::log {

namespace {

LogLevel LevelOf(int syslog) {
  if (syslog <= 3) return LogLevel::kError;
  if (syslog == 4) return LogLevel::kWarning;
  return syslog <= 6 ? LogLevel::kInfo : LogLevel::kDebug;
}

}  // namespace

Error KafkaError(rd_kafka_resp_err_t code, std::string_view what) {
  Error e{ErrorCode::kInternal, std::string(what) + ": " + rd_kafka_err2str(code)};
  e.detail = rd_kafka_err2name(code);
  switch (code) {
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
      e.code = ErrorCode::kUnavailable;
      e.retry_after_ms = 500;
      break;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      e.code = ErrorCode::kNotFound;
      break;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      e.code = ErrorCode::kPermissionDenied;
      break;
    default:
      break;
  }
  return e;
}

void SignalOn(rd_kafka_queue_t* queue, Wakeup* wakeup) {
  const uint64_t one = 1;
  rd_kafka_queue_io_event_enable(queue, wakeup->fd(), &one, sizeof one);
  wakeup->Signal();
}

void SignalNoMore(rd_kafka_queue_t* queue) { rd_kafka_queue_io_event_enable(queue, -1, nullptr, 0); }

std::string FatalErrorOf(rd_kafka_t* handle) {
  char text[512];
  const rd_kafka_resp_err_t code = rd_kafka_fatal_error(handle, text, sizeof text);
  return code == RD_KAFKA_RESP_ERR_NO_ERROR ? std::string() : std::string(rd_kafka_err2name(code)) + ": " + text;
}

Client::Client(Client&& other) noexcept
    : context_(std::move(other.context_)), handle_(std::exchange(other.handle_, nullptr)) {}

Client& Client::operator=(Client&& other) noexcept {
  if (this == &other) return *this;
  if (handle_) rd_kafka_destroy(handle_);
  handle_ = std::exchange(other.handle_, nullptr);
  context_ = std::move(other.context_);
  return *this;
}

Client::~Client() {
  if (handle_) rd_kafka_destroy(handle_);
}

ClientBuilder::ClientBuilder(const KafkaConfig& config)
    : context_(std::make_unique<ClientContext>()), conf_(rd_kafka_conf_new()) {
  context_->on_log = config.on_log;
  rd_kafka_conf_set_opaque(conf_, context_.get());
  rd_kafka_conf_set_log_cb(conf_, [](const rd_kafka_t* handle, int level, const char* facility, const char* text) {
    const auto* context = static_cast<const ClientContext*>(rd_kafka_opaque(handle));
    if (context && context->on_log) context->on_log(LevelOf(level), std::string(facility) + ": " + text);
  });
  // After a broker's restart a second is soon enough to try again, not ten.
  Set("reconnect.backoff.max.ms", 1000);
  Set("socket.nagle.disable", "true");
  Set("log.connection.close", "false");
  for (const auto& [name, value] : config.extra) Set(name.c_str(), value);
  Set("bootstrap.servers", config.brokers);
  if (!config.client_id.empty()) Set("client.id", config.client_id);
}

ClientBuilder::~ClientBuilder() {
  if (conf_) rd_kafka_conf_destroy(conf_);
}

ClientBuilder& ClientBuilder::Set(const char* name, const std::string& value) {
  char text[256];
  if (rd_kafka_conf_set(conf_, name, value.c_str(), text, sizeof text) != RD_KAFKA_CONF_OK && error_.empty())
    error_ = std::string(name) + ": " + text;
  return *this;
}

ClientBuilder& ClientBuilder::Owner(void* owner) {
  context_->owner = owner;
  return *this;
}

Result<Client> ClientBuilder::Build(rd_kafka_type_t type) {
  if (!error_.empty()) return Error{ErrorCode::kInvalidArgument, "kafka." + error_};
  char text[256];
  Client client;
  client.handle_ = rd_kafka_new(type, conf_, text, sizeof text);
  if (!client.handle_) return Error{ErrorCode::kInvalidArgument, std::string("kafka: ") + text};
  conf_ = nullptr;  // the handle owns it now
  client.context_ = std::move(context_);
  return client;
}

void* OwnerOf(void* opaque) { return static_cast<ClientContext*>(opaque)->owner; }

void SetConsumerRules(ClientBuilder* builder) {
  builder->Set("enable.auto.commit", "false")
      .Set("enable.auto.offset.store", "false")
      .Set("auto.offset.reset", "error")
      .Set("check.crcs", "true")
      .Set("enable.partition.eof", "true")
      .Set("fetch.error.backoff.ms", 5)
      .Set("queued.min.messages", 100'000)
      // Per partition: librdkafka's default of 64 MiB would be 4 GiB with 64 shards far behind.
      .Set("queued.max.messages.kbytes", 4096)
      .Set("allow.auto.create.topics", "false");
}

void SetProducerRules(ClientBuilder* builder, int linger_ms) {
  builder->Set("enable.idempotence", "true")
      .Set("acks", "all")
      .Set("linger.ms", linger_ms)
      .Set("batch.num.messages", 10'000)
      .Set("message.max.bytes", static_cast<int64_t>(kMaxMessageBytes));
  rd_kafka_conf_set_events(builder->conf(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
}

Result<int> CountPartitions(const Client& client, const std::string& topic, int timeout_ms) {
  const TopicPtr handle(rd_kafka_topic_new(client.get(), topic.c_str(), nullptr));
  const struct rd_kafka_metadata* raw = nullptr;
  const rd_kafka_resp_err_t code = rd_kafka_metadata(client.get(), 0, handle.get(), &raw, timeout_ms);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(code, "metadata of " + topic);
  const MetadataPtr metadata(raw);
  if (metadata->topic_cnt != 1) return Error{ErrorCode::kNotFound, "topic " + topic + " does not exist"};
  const rd_kafka_metadata_topic& found = metadata->topics[0];
  if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(found.err, "topic " + topic);
  return found.partition_cnt;
}

}  // namespace escalon::log

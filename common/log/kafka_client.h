#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/core/result.h"
#include "common/log/kafka_config.h"
#include "common/log/wakeup.h"

/// RAII around librdkafka's handles. Inside this room only.
namespace escalon::log {

struct KafkaFree {
  void operator()(rd_kafka_queue_t* q) const { rd_kafka_queue_destroy(q); }
  void operator()(rd_kafka_topic_t* t) const { rd_kafka_topic_destroy(t); }
  void operator()(rd_kafka_event_t* e) const { rd_kafka_event_destroy(e); }
  void operator()(rd_kafka_message_t* m) const { rd_kafka_message_destroy(m); }
  void operator()(rd_kafka_topic_partition_list_t* l) const { rd_kafka_topic_partition_list_destroy(l); }
  void operator()(rd_kafka_error_t* e) const { rd_kafka_error_destroy(e); }
  void operator()(const struct rd_kafka_metadata* m) const { rd_kafka_metadata_destroy(m); }
};
using QueuePtr = std::unique_ptr<rd_kafka_queue_t, KafkaFree>;
using TopicPtr = std::unique_ptr<rd_kafka_topic_t, KafkaFree>;
using EventPtr = std::unique_ptr<rd_kafka_event_t, KafkaFree>;
using MessagePtr = std::unique_ptr<rd_kafka_message_t, KafkaFree>;
using PartitionsPtr = std::unique_ptr<rd_kafka_topic_partition_list_t, KafkaFree>;
using KafkaErrorPtr = std::unique_ptr<rd_kafka_error_t, KafkaFree>;
using MetadataPtr = std::unique_ptr<const struct rd_kafka_metadata, KafkaFree>;

/// `what` says what was tried. Codes: kUnavailable when a repeat may help, else kInternal.
Error KafkaError(rd_kafka_resp_err_t code, std::string_view what);
/// Signals `wakeup` whenever something comes into the queue while it is empty, and now: librdkafka is silent about what
/// is there already, and about all that follows until somebody has emptied the queue.
void SignalOn(rd_kafka_queue_t* queue, Wakeup* wakeup);
void SignalNoMore(rd_kafka_queue_t* queue);

/// The client's fatal error in words, or empty.
std::string FatalErrorOf(rd_kafka_t* handle);

/// What a client's callbacks refer to.
struct ClientContext {
  std::function<void(LogLevel, std::string_view)> on_log;
  void* owner = nullptr;
};

/// A client and its context; destroyed together.
class Client {
 public:
  Client() = default;
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;
  ~Client();
  rd_kafka_t* get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  friend class ClientBuilder;
  std::unique_ptr<ClientContext> context_;
  rd_kafka_t* handle_ = nullptr;
};

/// Settings of one client. Later ones win, so those that the protocol needs come after the user's.
class ClientBuilder {
 public:
  explicit ClientBuilder(const KafkaConfig& config);
  ~ClientBuilder();
  ClientBuilder(const ClientBuilder&) = delete;
  ClientBuilder& operator=(const ClientBuilder&) = delete;
  ClientBuilder& Set(const char* name, const std::string& value);
  ClientBuilder& Set(const char* name, int64_t value) { return Set(name, std::to_string(value)); }
  /// What OwnerOf gives back in callbacks.
  ClientBuilder& Owner(void* owner);
  rd_kafka_conf_t* conf() { return conf_; }
  Result<Client> Build(rd_kafka_type_t type);

 private:
  std::unique_ptr<ClientContext> context_;
  rd_kafka_conf_t* conf_;
  std::string error_;
};

/// The Owner of the client whose opaque a callback got.
void* OwnerOf(void* opaque);

/// Settings of every consumer of ours: explicit commits, no silent reset, checksums.
void SetConsumerRules(ClientBuilder* builder);
/// Settings of every producer of ours: idempotent, all in-sync replicas.
void SetProducerRules(ClientBuilder* builder, int linger_ms);

/// Partition count of a topic; kNotFound: no such topic.
Result<int> CountPartitions(const Client& client, const std::string& topic, int timeout_ms);

}  // namespace escalon::log

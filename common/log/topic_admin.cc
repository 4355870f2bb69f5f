#include "common/log/topic_admin.h"

#include <algorithm>
#include <memory>
#include <set>

#include "common/log/kafka_client.h"
#include "common/log/wakeup.h"

namespace escalon::log {
namespace {

struct AdminFree {
  void operator()(rd_kafka_AdminOptions_t* o) const { rd_kafka_AdminOptions_destroy(o); }
  void operator()(rd_kafka_NewTopic_t* t) const { rd_kafka_NewTopic_destroy(t); }
  void operator()(rd_kafka_ConfigResource_t* r) const { rd_kafka_ConfigResource_destroy(r); }
};
template <typename T>
using AdminPtr = std::unique_ptr<T, AdminFree>;

Result<Client> AdminClient(const KafkaConfig& kafka) { return ClientBuilder(kafka).Build(RD_KAFKA_PRODUCER); }

AdminPtr<rd_kafka_AdminOptions_t> Options(const Client& client, rd_kafka_admin_op_t what, int timeout_ms) {
  AdminPtr<rd_kafka_AdminOptions_t> options(rd_kafka_AdminOptions_new(client.get(), what));
  char text[128];
  rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms, text, sizeof text);
  if (what == RD_KAFKA_ADMIN_OP_CREATETOPICS)
    rd_kafka_AdminOptions_set_operation_timeout(options.get(), timeout_ms, text, sizeof text);
  return options;
}

Result<EventPtr> Answer(rd_kafka_queue_t* queue, int timeout_ms, const char* what) {
  EventPtr event(rd_kafka_queue_poll(queue, timeout_ms + 1000));
  if (!event) return KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, what);
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    Error e = KafkaError(rd_kafka_event_error(event.get()), what);
    e.message = std::string(what) + ": " + rd_kafka_event_error_string(event.get());
    return e;
  }
  return event;
}

Result<MetadataPtr> Metadata(const Client& client, int timeout_ms) {
  const struct rd_kafka_metadata* raw = nullptr;
  const rd_kafka_resp_err_t code = rd_kafka_metadata(client.get(), 1, nullptr, &raw, timeout_ms);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(code, "metadata of the cluster");
  return MetadataPtr(raw);
}

/// Whether every topic is there with a leader for each partition; creation answers before that.
bool AllServed(const struct rd_kafka_metadata& metadata, const std::vector<TopicSpec>& wanted) {
  size_t served = 0;
  for (int i = 0; i < metadata.topic_cnt; ++i) {
    const rd_kafka_metadata_topic& topic = metadata.topics[i];
    const auto is_it = [&](const TopicSpec& spec) { return spec.name == topic.topic; };
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR || std::none_of(wanted.begin(), wanted.end(), is_it)) continue;
    const rd_kafka_metadata_partition* first = topic.partitions;
    if (std::all_of(first, first + topic.partition_cnt, [](const auto& p) { return p.leader >= 0; })) ++served;
  }
  return served == wanted.size();
}

Status AwaitServed(const Client& client, const std::vector<TopicSpec>& wanted, int timeout_ms) {
  constexpr int kLookAgainMs = 20;  // the broker announces nothing
  const Deadline deadline(timeout_ms);
  while (true) {
    const Result<MetadataPtr> metadata = Metadata(client, timeout_ms);
    if (!metadata) return metadata.error();
    if (AllServed(*metadata.value(), wanted)) return {};
    if (deadline.Passed())
      return Error{ErrorCode::kUnavailable, "creating topics: the cluster does not serve them yet", {}, {}, 1000};
    Wakeup nobody;
    nobody.Wait(kLookAgainMs);
  }
}

Status ReadSettings(const Client& client, int timeout_ms, ClusterState* cluster) {
  if (cluster->topics.empty()) return {};
  std::vector<AdminPtr<rd_kafka_ConfigResource_t>> owned;
  std::vector<rd_kafka_ConfigResource_t*> asked;
  for (const auto& [name, state] : cluster->topics) {
    owned.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
    asked.push_back(owned.back().get());
  }
  const QueuePtr queue(rd_kafka_queue_new(client.get()));
  const auto options = Options(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout_ms);
  rd_kafka_DescribeConfigs(client.get(), asked.data(), asked.size(), options.get(), queue.get());
  const Result<EventPtr> answer = Answer(queue.get(), timeout_ms, "settings of the topics");
  if (!answer) return answer.error();
  size_t resources = 0;
  const rd_kafka_ConfigResource_t** list = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(answer.value().get()), &resources);
  for (size_t i = 0; i < resources; ++i) {
    const std::string name = rd_kafka_ConfigResource_name(list[i]);
    if (rd_kafka_ConfigResource_error(list[i]) != RD_KAFKA_RESP_ERR_NO_ERROR)
      return KafkaError(rd_kafka_ConfigResource_error(list[i]), "settings of " + name);
    size_t entries = 0;
    const rd_kafka_ConfigEntry_t** entry = rd_kafka_ConfigResource_configs(list[i], &entries);
    for (size_t k = 0; k < entries; ++k) {
      const char* value = rd_kafka_ConfigEntry_value(entry[k]);
      cluster->topics[name].settings[rd_kafka_ConfigEntry_name(entry[k])] = value ? value : "";
    }
  }
  return {};
}

}  // namespace

Result<ClusterState> DescribeCluster(const KafkaConfig& kafka, const std::vector<std::string>& topics, int timeout_ms) {
  const Result<Client> client = AdminClient(kafka);
  if (!client) return client.error();
  const Result<MetadataPtr> metadata = Metadata(client.value(), timeout_ms);
  if (!metadata) return metadata.error();
  const std::set<std::string> asked(topics.begin(), topics.end());
  ClusterState cluster;
  cluster.brokers = metadata.value()->broker_cnt;
  for (int i = 0; i < metadata.value()->topic_cnt; ++i) {
    const rd_kafka_metadata_topic& topic = metadata.value()->topics[i];
    if (asked.count(topic.topic) == 0 || topic.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) continue;
    // A cluster that is coming up does not know its topics yet: they are not missing.
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(topic.err, std::string("topic ") + topic.topic);
    TopicState& state = cluster.topics[topic.topic];
    state.partitions = topic.partition_cnt;
    for (int p = 0; p < topic.partition_cnt; ++p) {
      const int replicas = topic.partitions[p].replica_cnt;
      state.replication = p == 0 ? replicas : std::min(state.replication, replicas);
    }
  }
  if (Status s = ReadSettings(client.value(), timeout_ms, &cluster); !s) return s.error();
  return cluster;
}

Result<int> CountBrokers(const KafkaConfig& kafka, int timeout_ms) {
  const Result<Client> client = AdminClient(kafka);
  if (!client) return client.error();
  const Result<MetadataPtr> metadata = Metadata(client.value(), timeout_ms);
  if (!metadata) return metadata.error();
  // Right after it came up, or came back from a hang, it answers and knows of nobody, not even of itself.
  if (metadata.value()->broker_cnt == 0)
    return Error{ErrorCode::kUnavailable, "the Kafka cluster shows no broker yet", {}, {}, 500};
  return metadata.value()->broker_cnt;
}

Result<std::vector<TopicFinding>> CheckTopics(const KafkaConfig& kafka, const TopicPlan& plan, int timeout_ms) {
  const Result<std::vector<TopicSpec>> wanted = TopicCatalogue(plan);
  if (!wanted) return wanted.error();
  std::vector<std::string> names;
  for (const TopicSpec& spec : wanted.value()) names.push_back(spec.name);
  const Result<ClusterState> cluster = DescribeCluster(kafka, names, timeout_ms);
  if (!cluster) return cluster.error();
  return CompareTopics(plan, *wanted, *cluster);
}

Result<std::vector<TopicOutcome>> CreateTopics(const KafkaConfig& kafka, const std::vector<TopicSpec>& topics,
                                               int timeout_ms) {
  const Result<Client> client = AdminClient(kafka);
  if (!client) return client.error();
  std::vector<AdminPtr<rd_kafka_NewTopic_t>> owned;
  std::vector<rd_kafka_NewTopic_t*> asked;
  char text[256];
  for (const TopicSpec& spec : topics) {
    owned.emplace_back(rd_kafka_NewTopic_new(spec.name.c_str(), spec.partitions, spec.replication, text, sizeof text));
    if (!owned.back()) return InvalidField("topic " + spec.name, text);
    for (const auto& [name, value] : spec.settings)
      rd_kafka_NewTopic_set_config(owned.back().get(), name.c_str(), value.c_str());
    asked.push_back(owned.back().get());
  }
  const QueuePtr queue(rd_kafka_queue_new(client.value().get()));
  const auto options = Options(client.value(), RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout_ms);
  rd_kafka_CreateTopics(client.value().get(), asked.data(), asked.size(), options.get(), queue.get());
  const Result<EventPtr> answer = Answer(queue.get(), timeout_ms, "creating topics");
  if (!answer) return answer.error();

  std::map<std::string, bool> created;
  size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.value().get()), &count);
  for (size_t i = 0; i < count; ++i) {
    const std::string name = rd_kafka_topic_result_name(results[i]);
    const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[i]);
    created[name] = code == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      const char* why = rd_kafka_topic_result_error_string(results[i]);
      Error e = KafkaError(code, "creating " + name);
      if (why) e.message = "creating " + name + ": " + why;
      return e;
    }
  }
  std::vector<TopicOutcome> outcomes;
  for (const TopicSpec& spec : topics) {
    outcomes.push_back({spec.name, created[spec.name]});
    if (created[spec.name]) continue;
    const Result<int> partitions = CountPartitions(client.value(), spec.name, timeout_ms);
    if (!partitions) return partitions.error();
    if (*partitions != spec.partitions) {
      Error e = InvalidField(spec.name, "exists with " + std::to_string(*partitions) + " partitions instead of " +
                                            std::to_string(spec.partitions) +
                                            "; configure that number, or use another prefix or generation");
      e.code = ErrorCode::kWrongState;
      return e;
    }
  }
  if (Status s = AwaitServed(client.value(), topics, timeout_ms); !s) return s.error();
  return outcomes;
}

}  // namespace escalon::log

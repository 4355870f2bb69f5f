#include "tests/support/cluster/cluster.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "common/core/digest.h"
#include "common/log/document_topic.h"
#include "common/log/manifest.h"
#include "common/log/plain_topic.h"
#include "common/runtime/system_clock.h"
#include "common/wire/document_codec.h"

namespace escalon::test {
namespace {

constexpr int kKafkaTimeoutMs = 20'000;
constexpr size_t kShown = 6000;  ///< bytes of each log when a test fails

std::string Joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

}  // namespace

Result<std::unique_ptr<Cluster>> Cluster::Start(ClusterOptions options) {
  std::unique_ptr<Cluster> cluster(new Cluster(std::move(options)));
  if (Status s = cluster->Prepare(); !s.ok()) return s.error();
  if (Status s = cluster->StartNodes(); !s.ok()) return s.error();
  if (Status s = cluster->WaitReady(); !s.ok()) return s.error();
  return cluster;
}

Cluster::~Cluster() {
  if (testing::Test::HasFailure()) {
    for (const auto& [name, node] : nodes_)
      std::fprintf(stderr, "---- log of %s\n%s\n", name.c_str(), node->Log(kShown).c_str());
  }
  log_.reset();
  nodes_.clear();
}

Status Cluster::Prepare() {
  kafka_.brokers = options_.kafka.empty() ? SharedKafka() : options_.kafka;
  if (kafka_.brokers.empty()) return Error{ErrorCode::kUnavailable, "no Kafka"};
  kafka_.client_id = "test";
  prefix_ = FreshPrefix();
  topics_ = log::TopicNames(prefix_);
  log::TopicPlan plan;
  plan.prefix = prefix_;
  plan.shards = options_.shards;
  plan.brokers = options_.brokers;
  const auto catalogue = log::TopicCatalogue(plan);
  if (!catalogue.ok()) return catalogue.error();
  if (const auto made = log::CreateTopics(kafka_, *catalogue, kKafkaTimeoutMs); !made.ok()) return made.error();
  log::Manifest manifest;
  manifest.shards = options_.shards;
  manifest.case_topic = topics_.cases;
  manifest.dev = true;
  if (const auto made = log::WriteManifestOnce(kafka_, topics_.cluster, manifest, kKafkaTimeoutMs); !made.ok())
    return made.error();
  if (Status s = StartRedis(); !s.ok()) return s;
  Result<Keys> keys = Keys::Write(dir_.path());
  if (!keys.ok()) return keys.error();
  keys_ = std::move(*keys);
  for (const char* tenant : {"acme", "globex"}) {
    if (Status s = PublishRoster(options_.roster, tenant); !s.ok()) return s;
    if (Status s = PublishPolicy(options_.policy, tenant); !s.ok()) return s;
  }
  if (Status s = FollowLog(); !s.ok()) return s;
  guardian_ = std::make_unique<Guardian>("cat '" + dir_.path() + "'/pids/* 2>/dev/null | xargs -r kill -9");
  return {};
}

Status Cluster::StartRedis() {
  RedisServer::Options redis;
  redis.append_only = options_.redis_append_only;
  redis.extra = options_.redis_extra;
  redis.password = options_.redis_password;
  auto server = RedisServer::Start(redis);
  if (!server.ok()) return server.error();
  redis_ = std::move(*server);
  return {};
}

Status Cluster::FollowLog() {
  auto log = ClusterLog::Follow(kafka_, topics_.cases, options_.shards);
  if (!log.ok()) return log.error();
  log_ = std::move(*log);
  return {};
}

Status Cluster::MoveTo(const std::string& kafka) {
  kafka_.brokers = kafka;
  if (Status s = StartRedis(); !s.ok()) return s;
  for (auto& [name, node] : nodes_) {
    node->settings()["kafka.brokers"] = kafka;
    if (node->settings().contains("redis.port")) node->settings()["redis.port"] = std::to_string(redis_->port());
  }
  return FollowLog();
}

Status Cluster::Publish(const std::string& topic, const std::string& tenant, const std::string& id,
                        const std::string& yaml) {
  auto documents = log::DocumentTopic::Open(kafka_, topic, {});
  if (!documents.ok()) return documents.error();
  const uint32_t version = ++versions_[topic + tenant];
  wire::DocumentVersion document;
  document.tenant = tenant;
  document.id = id;
  document.version = version;
  document.yaml = yaml;
  document.hash = std::string(AsView(Sha256Of(yaml)));
  document.applied_by = "test";
  document.applied_at = runtime::SystemClock().WallMs();
  const std::string key = tenant + "/" + id + "@" + std::to_string(version);
  const auto offset = (*documents)->Publish(key, wire::EncodeDocument(document), {}, kKafkaTimeoutMs);
  if (!offset.ok()) return offset.error();
  return {};
}

Status Cluster::PublishPolicy(const std::string& yaml, const std::string& tenant) {
  return Publish(topics_.policy, tenant, "test", yaml);
}
Status Cluster::PublishRoster(const std::string& yaml, const std::string& tenant) {
  return Publish(topics_.roster, tenant, "roster", yaml);
}

void Cluster::AddNode(const std::string& name, const std::string& service) {
  std::map<std::string, std::string> settings = {
      {"log.format", "text"},
      {"kafka.brokers", kafka_.brokers},
      {"kafka.prefix", prefix_},
      {"kafka.static_membership", "true"},
      {"kafka.session_timeout_ms", "2000"},
      {"cluster.shards", std::to_string(options_.shards)},
      {"credentials.file", dir_.path() + "/credentials.yaml"},
  };
  if (service == "intake" || service == "routing" || service == "sla-timer") {
    settings["redis.host"] = "127.0.0.1";
    settings["redis.port"] = std::to_string(redis_->port());
  }
  if (service == "intake" || service == "notification") {
    settings["links.key_file"] = dir_.path() + "/links.keys";
    settings["sealing.key_file"] = dir_.path() + "/sealing.keys";
  }
  if (service == "intake") settings["webhooks.file"] = dir_.path() + "/webhooks.yaml";
  if (service == "notification") {
    settings["webhook.allow"] = "127.0.0.0/8";
    settings["webhook.secrets_file"] = dir_.path() + "/webhook.secrets";
  }
  for (const std::string& whose : {std::string(), service, name}) {
    const auto found = options_.settings.find(whose);
    if (found == options_.settings.end()) continue;
    for (const auto& [option, value] : found->second) settings[option] = value;
  }
  std::map<std::string, std::string> environment = options_.environment;
  environment.insert(options_.secrets.begin(), options_.secrets.end());
  environment["ESCALON_SERVICE_KEY"] = keys_.Token(service);
  if (!options_.redis_password.empty()) environment["ESCALON_REDIS_PASSWORD"] = options_.redis_password;
  nodes_[name] = std::make_unique<Node>(name, service, dir_.path(), std::move(settings), std::move(environment));
}

Status Cluster::StartNodes() {
  for (int i = 0; i < options_.routing; ++i) AddNode("routing-" + std::to_string(i), "routing");
  const std::string owners = Joined(routing_addresses());
  for (Node* node : routing()) node->settings()["routing.peers"] = owners;
  for (const std::string& service : options_.services) {
    AddNode(service, service);
    node(service).settings()["routing.addresses"] = owners;
  }
  for (const std::string& service : options_.twins) {
    AddNode(service + "-1", service);
    node(service + "-1").settings()["routing.addresses"] = owners;
  }
  if (nodes_.contains("intake")) {
    std::map<std::string, std::string>& settings = node("intake").settings();
    const std::pair<const char*, const char*> others[] = {
        {"triage.address", "triage"}, {"notification.address", "notification"}, {"sla_timer.address", "sla-timer"}};
    for (const auto& [option, service] : others) {
      if (nodes_.contains(service)) settings[option] = node(service).address();
    }
    if (nodes_.contains("notification")) {
      node("notification").settings()["links.base_url"] =
          "http://127.0.0.1:" + std::to_string(node("intake").http_port());
    }
  }
  if (options_.before_start) options_.before_start(*this);
  for (auto& [name, node] : nodes_) {
    if (Status s = node->Start(); !s.ok()) return s;
  }
  return {};
}

std::vector<Node*> Cluster::routing() {
  std::vector<Node*> out;
  for (auto& [name, node] : nodes_) {
    if (name.starts_with("routing-")) out.push_back(node.get());
  }
  return out;
}

std::vector<std::string> Cluster::names() const {
  std::vector<std::string> out;
  for (const auto& [name, node] : nodes_) out.push_back(name);
  return out;
}

std::vector<std::string> Cluster::routing_addresses() {
  std::vector<std::string> out;
  for (Node* node : routing()) out.push_back(node->address());
  return out;
}

Status Cluster::AppendToAll(const std::string& topic, const std::string& bytes) {
  auto reader = log::PlainReader::Open(kafka_, topic);
  if (!reader.ok()) return reader.error();
  const Result<int> partitions = (*reader)->Partitions(kKafkaTimeoutMs);
  if (!partitions.ok()) return partitions.error();
  auto producer = log::PlainProducer::Open(kafka_);
  if (!producer.ok()) return producer.error();
  for (int partition = 0; partition < *partitions; ++partition) {
    const Result<int64_t> offset =
        (*producer)->AppendAndWait(topic, partition, "", bytes, std::span<const log::Header>(), kKafkaTimeoutMs);
    if (!offset.ok()) return offset.error();
  }
  return {};
}

Status Cluster::Restart(const std::string& name) {
  Node& one = node(name);
  if (one.running()) {
    if (Status s = one.Kill9(); !s.ok()) return s;
  }
  return one.Start();
}

Status Cluster::WaitReady(std::chrono::milliseconds limit) {
  for (auto& [name, node] : nodes_) {
    if (Status s = node->WaitReady(limit); !s.ok()) return s;
  }
  return {};
}

}  // namespace escalon::test

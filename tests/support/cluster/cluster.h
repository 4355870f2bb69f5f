#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/core/result.h"
#include "common/log/kafka_config.h"
#include "common/log/topics.h"
#include "tests/support/cluster/cluster_log.h"
#include "tests/support/cluster/keys.h"
#include "tests/support/cluster/node.h"
#include "tests/support/cluster/rules.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/redis_server.h"

namespace escalon::test {

class Cluster;

struct ClusterOptions {
  std::string kafka;  ///< bootstrap; empty: the binary's shared one
  int brokers = 1;    ///< that it has; topics are replicated to three of three
  int shards = 8;
  int routing = 1;  ///< instances: routing-0, routing-1, …
  /// Which of the others run, one process each.
  std::set<std::string> services = {"triage", "sla-timer"};
  /// Of them, those with a second process: `triage-1`.
  std::set<std::string> twins;
  /// Options by service name; those under "" are for all.
  std::map<std::string, std::map<std::string, std::string>> settings;
  std::string policy = TestPolicy();
  std::string roster = TestRoster();
  bool redis_append_only = false;
  std::vector<std::string> redis_extra;  ///< arguments of redis-server
  /// When all ports are known and before anything runs: to lead a connection through a proxy.
  std::function<void(Cluster&)> before_start;
  std::string redis_password = {};  ///< empty: none
  /// Further secret options of all services, by their names in the environment.
  std::map<std::string, std::string> secrets = {};
  /// Of all services, besides that: what no option says.
  std::map<std::string, std::string> environment = {};
};

/// A whole Escalon for one test: own topics on the binary's shared Kafka, own Redis, keys, and the services as real
/// processes, told the rules and ready when Start returns. Shows the ends of all logs when the test has failed. Thread
/// rule: one thread, but log().
class Cluster {
 public:
  static Result<std::unique_ptr<Cluster>> Start(ClusterOptions options = {});
  ~Cluster();

  /// `routing-0`, `triage`, `sla-timer`, `notification`, `intake`; aborts for one that does not run here.
  Node& node(const std::string& name) { return *nodes_.at(name); }
  std::vector<Node*> routing();
  std::vector<std::string> names() const;
  /// Bytes as they are, which no service of ours would write, into a topic: one message in each of its partitions.
  Status AppendToAll(const std::string& topic, const std::string& bytes);
  /// kill -9 and a fresh start; does not wait.
  Status Restart(const std::string& name);
  Status WaitReady(std::chrono::milliseconds limit = kPatience);
  /// With no service running: they go on with another Kafka, onto which somebody brought their topics, and an empty
  /// Redis. Their keys, ports and logs stay.
  Status MoveTo(const std::string& kafka);
  /// Another server holds the view from now on; the present one ends. The services find it by themselves.
  void ReplaceRedis(std::unique_ptr<RedisServer> redis) { redis_ = std::move(redis); }

  RedisServer& redis() { return *redis_; }
  ClusterLog& log() { return *log_; }
  const Keys& keys() const { return keys_; }
  const log::KafkaConfig& kafka() const { return kafka_; }
  const log::TopicNames& topics() const { return topics_; }
  int shards() const { return options_.shards; }
  const std::string& prefix() const { return prefix_; }
  const std::string& dir() const { return dir_.path(); }
  std::vector<std::string> routing_addresses();

  /// As the next version on the topic; services adopt it by themselves.
  Status PublishPolicy(const std::string& yaml, const std::string& tenant = "acme");
  Status PublishRoster(const std::string& yaml, const std::string& tenant = "acme");

 private:
  explicit Cluster(ClusterOptions options) : options_(std::move(options)) {}
  Status Prepare();
  Status StartRedis();
  Status FollowLog();
  Status StartNodes();
  void AddNode(const std::string& name, const std::string& service);
  Status Publish(const std::string& topic, const std::string& tenant, const std::string& id, const std::string& yaml);

  const ClusterOptions options_;
  TempDir dir_;
  log::KafkaConfig kafka_;
  log::TopicNames topics_{""};
  std::string prefix_;
  Keys keys_;
  std::map<std::string, uint32_t> versions_;
  std::unique_ptr<RedisServer> redis_;
  std::unique_ptr<Guardian> guardian_;  // ends what runs when the test binary dies
  std::map<std::string, std::unique_ptr<Node>> nodes_;
  std::unique_ptr<ClusterLog> log_;
};

}  // namespace escalon::test

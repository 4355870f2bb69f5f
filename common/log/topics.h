#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/log/kafka_config.h"

/// The topics of DESIGN §11, how they must be set, and whether they are.
namespace escalon::log {

/// What names and settings depend on.
struct TopicPlan {
  std::string prefix;  ///< before every topic and group name; may be empty
  int shards = 64;     ///< N: a power of two, 1..4096; 8 on one box
  int generation = 1;  ///< of the case topic; 2 and later end in `.g2`
  int brokers = 1;     ///< 1: replication 1 and flush.messages=1; more: replication 3, min.insync 2
  DurationMs base_period = kDayMs;
  /// -1: for ever, right as long as nothing archives the log. Never less than three base periods (rule 12).
  DurationMs case_retention = -1;
};

struct TopicNames {
  explicit TopicNames(std::string_view prefix, int generation = 1);
  std::string cases;        ///< escalon.case.v1
  std::string delivery;     ///< escalon.delivery.v1
  std::string policy;       ///< escalon.policy.v1
  std::string roster;       ///< escalon.roster.v1
  std::string subject_key;  ///< escalon.subject-key.v1
  std::string submission;   ///< escalon.submission.v1
  std::string dead_letter;  ///< escalon.dlq.v1
  std::string root;         ///< escalon.root.v1
  std::string cluster;      ///< escalon.cluster.v1
  std::string base_group;   ///< consumer group of the BaseIndex: escalon.base
  /// `<prefix>escalon.<service>`
  std::string Group(std::string_view service) const;

 private:
  std::string prefix_;
};

struct TopicSpec {
  std::string name;
  int partitions = 1;
  int replication = 1;
  std::map<std::string, std::string> settings;
};

/// Every topic of the plan. kInvalidArgument names the plan's field.
Result<std::vector<TopicSpec>> TopicCatalogue(const TopicPlan& plan);

struct TopicOutcome {
  std::string name;
  bool created = false;  ///< false: it was there, with as many partitions
};
/// Creates what is missing. A topic that is there with another number of partitions is an error naming it; its settings
/// are CheckTopics's business. Returns when every partition has a leader. Blocks up to `timeout_ms`.
Result<std::vector<TopicOutcome>> CreateTopics(const KafkaConfig& kafka, const std::vector<TopicSpec>& topics,
                                               int timeout_ms);

/// One thing that is not as it must be.
struct TopicFinding {
  std::string topic;
  std::string setting;  ///< `partitions`, `replication.factor` or a topic setting
  std::string actual;
  std::string wanted;
  std::string remedy;
  /// True: correctness depends on it, a service must not start. False: advice.
  bool fatal = true;
  std::string ToString() const;
};
/// Compares the broker's topics with the plan (rules 10, 11, 12, 18). Empty: all is well. kUnavailable: brokers away.
Result<std::vector<TopicFinding>> CheckTopics(const KafkaConfig& kafka, const TopicPlan& plan, int timeout_ms);

/// The number of brokers that the cluster shows now.
Result<int> CountBrokers(const KafkaConfig& kafka, int timeout_ms);

}  // namespace escalon::log

#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/log/topics.h"

/// What the broker says about topics, apart from what we think of it. Inside this room only.
namespace escalon::log {

struct TopicState {
  int partitions = 0;
  int replication = 0;  ///< the least of its partitions
  std::map<std::string, std::string> settings;
};

struct ClusterState {
  int brokers = 0;
  std::map<std::string, TopicState> topics;  ///< those asked for that exist
};

Result<ClusterState> DescribeCluster(const KafkaConfig& kafka, const std::vector<std::string>& topics, int timeout_ms);

/// The judgement of CheckTopics. Pure.
std::vector<TopicFinding> CompareTopics(const TopicPlan& plan, const std::vector<TopicSpec>& wanted,
                                        const ClusterState& cluster);

}  // namespace escalon::log

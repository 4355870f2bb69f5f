#pragma once

#include <string>

#include "common/core/result.h"
#include "common/log/kafka_config.h"
#include "common/log/manifest.h"
#include "common/log/topics.h"
#include "common/runtime/config.h"
#include "common/runtime/logging.h"
#include "common/runtime/options.h"
#include "common/service/service_host.h"
#include "common/view/redis.h"

namespace escalon::cluster {

/// Where a service stands: the cluster's Kafka, its topics and what all services of it must agree on (DESIGN §11).
struct Cluster {
  log::KafkaConfig kafka;
  log::TopicNames topics{""};
  log::TopicPlan plan;
  log::Manifest manifest;  ///< as this service is configured
};

/// kafka.brokers, kafka.prefix, kafka.settings, its secrets, cluster.cell, cluster.shards, cluster.generation,
/// cluster.check_topics.
runtime::Options Options();
/// redis.host, redis.port, redis.password.
runtime::Options RedisOptions();

/// From the options above. `service` and `instance` name the clients.
Result<Cluster> FromConfig(const service::ServiceContext& context);
view::RedisOptions RedisFromConfig(const runtime::Config& config);

/// The first step of every service: waits for Kafka and the manifest, then refuses to go on when cell, N, generation or
/// feature level differ from this service's (protocol.md rule 18), when topics are not set as the protocol needs, or
/// when a development clock meets a cluster that is not marked `dev`. Blocks; gives up at shutdown.
Status Join(const Cluster& cluster, service::ServiceContext& context);

/// `group.instance.id` of a consumer: the instance's name when it is stable (a StatefulSet's ordinal), by option
/// `kafka.static_membership`.
std::string GroupInstance(const service::ServiceContext& context, std::string_view group);

}  // namespace escalon::cluster

#include "common/cluster/cluster.h"

#include <map>
#include <string_view>
#include <utility>

namespace escalon::cluster {
namespace {

constexpr int kTimeoutMs = 5000;
constexpr int kFeatureLevel = 1;

/// Settings of librdkafka that are secrets: they have options of their own, which are never printed.
constexpr std::pair<std::string_view, const char*> kSecretSettings[] = {
    {"sasl.password", "kafka.sasl_password"},
    {"ssl.key.password", "kafka.ssl_key_password"},
    {"ssl.keystore.password", "kafka.ssl_keystore_password"},
    {"sasl.oauthbearer.client.secret", "kafka.oauth_client_secret"},
    {"ssl.key.pem", nullptr},
};

Status RefuseSecret(std::string_view setting) {
  for (const auto& [secret, option] : kSecretSettings) {
    if (setting != secret) continue;
    return InvalidField("kafka.settings", std::string(setting) + " is a secret, and this list is printed; " +
                                              (option != nullptr ? "set " + std::string(option) + " instead"
                                                                 : "name a file with ssl.key.location instead"));
  }
  return {};
}

Result<std::map<std::string, std::string>> ParseSettings(const std::vector<std::string>& items) {
  std::map<std::string, std::string> out;
  for (const std::string& item : items) {
    const size_t equals = item.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return InvalidField("kafka.settings", "\"" + item + "\" must be name=value, such as security.protocol=ssl");
    }
    if (Status allowed = RefuseSecret(std::string_view(item).substr(0, equals)); !allowed.ok()) return allowed.error();
    out[item.substr(0, equals)] = item.substr(equals + 1);
  }
  return out;
}

}  // namespace

runtime::Options Options() {
  return {
      runtime::StringOption("kafka.brokers", "127.0.0.1:9092", "Bootstrap brokers, host:port with commas."),
      runtime::StringOption("kafka.prefix", "",
                            "Before the name of every topic and consumer group, for clusters that share brokers.",
                            "test1."),
      runtime::ListOption("kafka.settings", "",
                          "Further librdkafka settings, name=value (security.protocol, sasl.*, ssl.*), but no secrets.",
                          "security.protocol=ssl"),
      runtime::SecretOption("kafka.sasl_password", "Password for SASL (librdkafka's sasl.password)."),
      runtime::SecretOption("kafka.ssl_key_password", "Opens the key that ssl.key.location names."),
      runtime::SecretOption("kafka.ssl_keystore_password", "Opens the store that ssl.keystore.location names."),
      runtime::SecretOption("kafka.oauth_client_secret", "Of OAUTHBEARER with OIDC."),
      runtime::BoolOption(
          "kafka.static_membership", false,
          "Keep this instance's place in its consumer groups across a restart (needs a stable `instance`)."),
      runtime::IntOption("kafka.session_timeout_ms", 6000, 1000, 300'000,
                         "After so long without a heartbeat another instance takes over.", "ms"),
      runtime::IntOption("cluster.cell", 0, 0, 255, "Number of this cell; part of every case id."),
      runtime::IntOption("cluster.shards", 8, 1, 4096,
                         "Shards: a power of two, fixed per generation; 8 on one box, 64 else."),
      runtime::IntOption("cluster.generation", 1, 1, 1000, "Generation of the case topic."),
      runtime::BoolOption("cluster.check_topics", true,
                          "Refuse to start when a topic is not set as the protocol needs."),
      runtime::DurationOption("cluster.base_period", "24h", "1s", "720h",
                              "How often the owner of a shard writes a base."),
  };
}

runtime::Options RedisOptions() {
  return {
      runtime::StringOption("redis.host", "127.0.0.1", "Host of Redis."),
      runtime::IntOption("redis.port", 6379, 1, 65535, "Port of Redis."),
      runtime::SecretOption("redis.password", "Password of Redis; empty: none."),
      runtime::DurationOption("redis.timeout", "2s", "10ms", "1m",
                              "Without any answer for so long the connection is given up."),
  };
}

Result<Cluster> FromConfig(const service::ServiceContext& context) {
  const runtime::Config& config = context.config;
  const auto shards = static_cast<int>(config.GetInt("cluster.shards"));
  if ((shards & (shards - 1)) != 0) return InvalidField("cluster.shards", "must be a power of two, such as 8 or 64");
  Cluster out;
  out.kafka.brokers = config.GetString("kafka.brokers");
  out.kafka.client_id = context.service + "/" + context.instance;
  const auto settings = ParseSettings(config.GetList("kafka.settings"));
  if (!settings.ok()) return settings.error();
  out.kafka.extra = *settings;
  for (const auto& [setting, option] : kSecretSettings) {
    if (option == nullptr) continue;
    std::string secret = config.GetSecret(option);
    if (!secret.empty()) out.kafka.extra.emplace(setting, std::move(secret));
  }
  out.kafka.on_log = [log = context.log](log::LogLevel level, std::string_view text) {
    if (level == log::LogLevel::kError) {
      log.Warn("kafka client", {{"text", text}});
    } else if (level == log::LogLevel::kWarning) {
      log.Debug("kafka client", {{"text", text}});
    }
  };
  const std::string prefix = config.GetString("kafka.prefix");
  out.topics = log::TopicNames(prefix, static_cast<int>(config.GetInt("cluster.generation")));
  out.plan.prefix = prefix;
  out.plan.shards = shards;
  out.plan.generation = static_cast<int>(config.GetInt("cluster.generation"));
  out.plan.base_period = config.GetDuration("cluster.base_period");
  out.manifest.cell = static_cast<int>(config.GetInt("cluster.cell"));
  out.manifest.shards = shards;
  out.manifest.generation = out.plan.generation;
  out.manifest.case_topic = out.topics.cases;
  out.manifest.feature_level = kFeatureLevel;
  return out;
}

view::RedisOptions RedisFromConfig(const runtime::Config& config) {
  view::RedisOptions out;
  out.host = config.GetString("redis.host");
  out.port = static_cast<int>(config.GetInt("redis.port"));
  out.password = config.GetSecret("redis.password");
  out.timeout_ms = config.GetDuration("redis.timeout");
  return out;
}

Status Join(const Cluster& cluster, service::ServiceContext& context) {
  log::Manifest found;
  const Status read = runtime::WaitForDependency(
      "kafka",
      [&]() -> Status {
        const Result<log::Manifest> manifest = log::ReadManifest(cluster.kafka, cluster.topics.cluster, kTimeoutMs);
        if (manifest.ok()) {
          found = *manifest;
          return {};
        }
        if (manifest.error().code == ErrorCode::kNotFound) {
          return Error{ErrorCode::kUnavailable,
                       "no manifest on " + cluster.topics.cluster + ": escalonctl cluster init"};
        }
        return manifest.error();
      },
      context.health, context.shutdown, context.log);
  if (!read.ok()) return read;
  log::Manifest mine = cluster.manifest;
  mine.dev = found.dev;  // not this service's to say
  const Status same = log::CompareManifest(found, mine);
  if (!same.ok()) return same;
  if (!context.config.GetString("dev.clock").empty() && !found.dev) {
    return Error{ErrorCode::kWrongState, "dev.clock is set, but this cluster's manifest is not marked dev"};
  }
  if (!context.config.GetBool("cluster.check_topics")) return {};
  std::vector<log::TopicFinding> findings;
  const Status looked = runtime::WaitForDependency(
      "kafka",
      [&]() -> Status {
        log::TopicPlan plan = cluster.plan;
        const Result<int> brokers = log::CountBrokers(cluster.kafka, kTimeoutMs);
        if (!brokers.ok()) return brokers.error();
        plan.brokers = *brokers;
        Result<std::vector<log::TopicFinding>> found_now = log::CheckTopics(cluster.kafka, plan, kTimeoutMs);
        if (!found_now.ok()) return found_now.error();
        findings = std::move(*found_now);
        return {};
      },
      context.health, context.shutdown, context.log);
  if (!looked.ok()) return looked;
  Error refusal{ErrorCode::kWrongState, "topics are not set as the protocol needs:"};
  bool fatal = false;
  for (const log::TopicFinding& finding : findings) {
    context.log.Log(finding.fatal ? runtime::LogLevel::kError : runtime::LogLevel::kWarn, "topic",
                    {{"finding", finding.ToString()}});
    if (!finding.fatal) continue;
    fatal = true;
    refusal.message += " " + finding.ToString() + ";";
  }
  if (fatal) return refusal;
  return {};
}

std::string GroupInstance(const service::ServiceContext& context, std::string_view group) {
  if (!context.config.GetBool("kafka.static_membership")) return {};
  return std::string(group) + "." + context.instance;
}

}  // namespace escalon::cluster

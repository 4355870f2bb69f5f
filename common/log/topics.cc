#include "common/log/topics.h"

#include <cstdlib>

#include "common/log/envelope.h"
#include "common/log/topic_admin.h"

namespace escalon::log {

TopicNames::TopicNames(std::string_view prefix, int generation) : prefix_(prefix) {
  const auto named = [this](const char* name) { return prefix_ + name; };
  cases = named("escalon.case.v1");
  if (generation > 1) cases += ".g" + std::to_string(generation);
  delivery = named("escalon.delivery.v1");
  policy = named("escalon.policy.v1");
  roster = named("escalon.roster.v1");
  subject_key = named("escalon.subject-key.v1");
  submission = named("escalon.submission.v1");
  dead_letter = named("escalon.dlq.v1");
  root = named("escalon.root.v1");
  cluster = named("escalon.cluster.v1");
  base_group = named("escalon.base");
}

std::string TopicNames::Group(std::string_view service) const { return prefix_ + "escalon." + std::string(service); }

Result<std::vector<TopicSpec>> TopicCatalogue(const TopicPlan& plan) {
  if (plan.shards < 1 || plan.shards > kBuckets || (plan.shards & (plan.shards - 1)) != 0)
    return InvalidField("shards", "must be a power of two from 1 to 4096");
  if (plan.generation < 1) return InvalidField("generation", "must be at least 1");
  if (plan.brokers < 1) return InvalidField("brokers", "must be at least 1");
  if (plan.base_period < kMinuteMs) return InvalidField("base_period", "must be at least a minute");
  if (plan.case_retention != -1 && plan.case_retention < 3 * plan.base_period)
    return InvalidField("case_retention", "must be -1 (for ever) or at least three base periods");
  const TopicNames names(plan.prefix, plan.generation);
  const bool one = plan.brokers == 1;
  const auto days = [](int64_t n) { return std::to_string(n * kDayMs); };
  const std::string for_ever = "-1";

  const auto topic = [&](const std::string& name, int partitions, std::map<std::string, std::string> settings) {
    if (!one) {
      settings["min.insync.replicas"] = "2";
      settings["unclean.leader.election.enable"] = "false";
    }
    return TopicSpec{name, partitions, one ? 1 : 3, std::move(settings)};
  };
  const auto kept = [&](const std::string& retention_ms) {
    return std::map<std::string, std::string>{{"cleanup.policy", "delete"},
                                              {"retention.ms", retention_ms},
                                              {"retention.bytes", for_ever},
                                              {"message.timestamp.type", "LogAppendTime"}};
  };
  const std::map<std::string, std::string> compacted{{"cleanup.policy", "compact"}};

  std::vector<TopicSpec> all;
  all.push_back(topic(names.cases, plan.shards, kept(std::to_string(plan.case_retention))));
  all.back().settings["max.message.bytes"] = std::to_string(kMaxMessageBytes);
  // A single broker acknowledges before fsync; with this the case log survives a loss of power too.
  if (one) all.back().settings["flush.messages"] = "1";
  all.push_back(topic(names.delivery, plan.shards, kept(days(30))));
  all.push_back(topic(names.policy, 1, compacted));
  all.push_back(topic(names.roster, 1, compacted));
  all.push_back(topic(names.subject_key, 1, compacted));
  all.push_back(topic(names.submission, plan.shards, kept(days(7))));
  all.push_back(topic(names.dead_letter, 1, kept(days(30))));
  all.push_back(topic(names.root, 1, kept(for_ever)));
  all.push_back(topic(names.cluster, 1, kept(for_ever)));
  return all;
}

std::string TopicFinding::ToString() const {
  return topic + ": " + setting + " is " + (actual.empty() ? "not there" : actual) + ", must be " + wanted + "; " +
         remedy;
}

std::vector<TopicFinding> CompareTopics(const TopicPlan& plan, const std::vector<TopicSpec>& wanted,
                                        const ClusterState& cluster) {
  std::vector<TopicFinding> findings;
  const std::string cases = TopicNames(plan.prefix, plan.generation).cases;
  for (const TopicSpec& spec : wanted) {
    const auto found = cluster.topics.find(spec.name);
    if (found == cluster.topics.end()) {
      findings.push_back({spec.name, "topic", "", "there", "create it with `escalonctl topics create`", true});
      continue;
    }
    const TopicState& state = found->second;
    const auto find = [&](const char* setting, const std::string& want, const std::string& remedy, bool fatal) {
      findings.push_back({spec.name, setting, "", want, remedy, fatal});
      const auto actual = state.settings.find(setting);
      if (actual != state.settings.end()) findings.back().actual = actual->second;
    };
    const auto set = [&](const char* setting, const std::string& want) {
      return "set " + std::string(setting) + "=" + want + " on the topic (kafka-configs.sh --alter)";
    };
    const auto demand = [&](const char* setting, const std::string& want, bool fatal) {
      const auto actual = state.settings.find(setting);
      if (actual == state.settings.end() || actual->second != want) find(setting, want, set(setting, want), fatal);
    };
    const auto number = [&](const char* setting) {
      const auto actual = state.settings.find(setting);
      return actual == state.settings.end() ? int64_t{0} : std::strtoll(actual->second.c_str(), nullptr, 10);
    };

    if (state.partitions != spec.partitions) {
      findings.push_back({spec.name, "partitions", std::to_string(state.partitions), std::to_string(spec.partitions),
                          "configure the number that the cluster was made with; a topic cannot be re-partitioned, "
                          "another number is a new generation",
                          true});
    }
    if (cluster.brokers > 1) {
      if (state.replication < 3) {
        findings.push_back({spec.name, "replication.factor", std::to_string(state.replication), "3 or more",
                            "reassign the partitions to three brokers (kafka-reassign-partitions.sh)", true});
      }
      if (number("min.insync.replicas") < 2)
        find("min.insync.replicas", "2 or more", set("min.insync.replicas", "2"), true);
      demand("unclean.leader.election.enable", "false", true);
    }
    demand("cleanup.policy", spec.settings.at("cleanup.policy"), true);
    if (spec.name == cases) {
      demand("retention.bytes", "-1", true);
      demand("message.timestamp.type", "LogAppendTime", true);
      const int64_t retention = number("retention.ms"), least = 3 * plan.base_period;
      if (retention != -1 && retention < least)
        find("retention.ms", "-1 or at least " + std::to_string(least) + " (three base periods)",
             set("retention.ms", "-1"), true);
      if (number("max.message.bytes") < static_cast<int64_t>(kMaxMessageBytes))
        find("max.message.bytes", "at least " + std::to_string(kMaxMessageBytes),
             set("max.message.bytes", std::to_string(kMaxMessageBytes)), true);
      if (cluster.brokers == 1) demand("flush.messages", "1", false);
    } else if (spec.settings.at("cleanup.policy") == "delete" && spec.settings.at("retention.ms") == "-1") {
      demand("retention.ms", "-1", true);
      demand("retention.bytes", "-1", true);
    }
  }
  return findings;
}

}  // namespace escalon::log

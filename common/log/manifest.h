#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/core/result.h"
#include "common/log/kafka_config.h"

namespace escalon::log {

/// What all services of one cluster must agree on (rule 18), written once to `escalon.cluster.v1`. The topic is not
/// compacted and kept for ever: the first manifest counts, a later one only if it raises the feature level or
/// generation and changes nothing else of the identity.
struct Manifest {
  int cell = 0;            ///< 0..255, part of every case id
  int shards = 0;          ///< N
  int generation = 1;      ///< of the case topic
  std::string case_topic;  ///< with its prefix
  int feature_level = 1;   ///< the newest event kinds that all readers know
  bool dev = false;        ///< a development cluster: a clock with a factor is allowed
  bool operator==(const Manifest&) const = default;
};

/// One line of JSON with sorted keys.
std::string EncodeManifest(const Manifest& manifest);
Result<Manifest> DecodeManifest(std::string_view text);

/// Ok, or kWrongState naming every field in which what this service was configured for (`mine`) differs from the
/// cluster's. A service may know a higher feature level than the cluster uses, not a lower one.
Status CompareManifest(const Manifest& cluster, const Manifest& mine);

/// kNotFound: none written yet. Blocks up to `timeout_ms`.
Result<Manifest> ReadManifest(const KafkaConfig& kafka, const std::string& topic, int timeout_ms);
/// Writes it unless there is one; returns the one that counts, which may be another's if two wrote at once.
Result<Manifest> WriteManifestOnce(const KafkaConfig& kafka, const std::string& topic, const Manifest& manifest,
                                   int timeout_ms);

}  // namespace escalon::log

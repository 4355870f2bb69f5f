#include "common/log/manifest.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "common/log/plain_topic.h"

namespace escalon::log {
namespace {

constexpr std::string_view kKey = "manifest";

template <typename T>
bool Take(const nlohmann::json& object, const char* name, T* out) {
  const auto found = object.find(name);
  if (found == object.end()) return false;
  if constexpr (std::is_same_v<T, std::string>) {
    if (!found->is_string()) return false;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!found->is_boolean()) return false;
  } else {
    if (!found->is_number_integer() || *found < 0 || *found > 1'000'000) return false;
  }
  *out = found->get<T>();
  return true;
}

/// Whether `later` may follow `now`: a raised feature level or a next generation, nothing else.
bool Succeeds(const Manifest& now, const Manifest& later) {
  if (later.cell != now.cell || later.dev != now.dev) return false;
  if (later.generation == now.generation)
    return later.shards == now.shards && later.case_topic == now.case_topic && later.feature_level > now.feature_level;
  return later.generation == now.generation + 1 && later.feature_level >= now.feature_level;
}

}  // namespace

std::string EncodeManifest(const Manifest& m) {
  return nlohmann::json{{"cell", m.cell},
                        {"shards", m.shards},
                        {"generation", m.generation},
                        {"case_topic", m.case_topic},
                        {"feature_level", m.feature_level},
                        {"dev", m.dev}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Manifest> DecodeManifest(std::string_view text) {
  const nlohmann::json object = nlohmann::json::parse(text, nullptr, false);
  if (!object.is_object()) return InvalidField("manifest", "not a JSON object");
  Manifest m;
  const auto bad = [](const char* field) { return InvalidField(std::string("manifest.") + field, "missing or wrong"); };
  if (!Take(object, "cell", &m.cell) || m.cell > 255) return bad("cell");
  if (!Take(object, "shards", &m.shards) || m.shards < 1) return bad("shards");
  if (!Take(object, "generation", &m.generation) || m.generation < 1) return bad("generation");
  if (!Take(object, "case_topic", &m.case_topic) || m.case_topic.empty()) return bad("case_topic");
  if (!Take(object, "feature_level", &m.feature_level) || m.feature_level < 1) return bad("feature_level");
  if (!Take(object, "dev", &m.dev)) return bad("dev");
  return m;
}

Status CompareManifest(const Manifest& cluster, const Manifest& mine) {
  Error e{ErrorCode::kWrongState, "this service does not fit the cluster:"};
  const auto differ = [&](const char* field, const std::string& theirs, const std::string& ours) {
    const std::string text = "the cluster has " + theirs + ", this service is configured for " + ours;
    e.message += std::string(" ") + field + ": " + text + ";";
    e.fields.push_back({field, text});
  };
  const auto number = [&](const char* field, int theirs, int ours) {
    if (theirs != ours) differ(field, std::to_string(theirs), std::to_string(ours));
  };
  number("cell", cluster.cell, mine.cell);
  number("shards", cluster.shards, mine.shards);
  number("generation", cluster.generation, mine.generation);
  if (cluster.case_topic != mine.case_topic) differ("case_topic", cluster.case_topic, mine.case_topic);
  if (mine.feature_level < cluster.feature_level)
    differ("feature_level", std::to_string(cluster.feature_level), std::to_string(mine.feature_level) + " at most");
  if (cluster.dev != mine.dev) differ("dev", cluster.dev ? "true" : "false", mine.dev ? "true" : "false");
  if (e.fields.empty()) return {};
  e.message += " correct the configuration, or point it at the right cluster";
  return e;
}

Result<Manifest> ReadManifest(const KafkaConfig& kafka, const std::string& topic, int timeout_ms) {
  Result<std::unique_ptr<PlainReader>> reader = PlainReader::Open(kafka, topic);
  if (!reader) return reader.error();
  std::optional<Manifest> counted;
  std::optional<Error> broken;
  const Status s = reader.value()->ReadToEnd(0, 0, timeout_ms, [&](const PlainMessage& m) {
    if (m.key != kKey) return true;
    Result<Manifest> next = DecodeManifest(m.value);
    if (!next) {
      broken = next.error();
      broken->message = topic + ", offset " + std::to_string(m.offset) + ": " + broken->message;
      return false;
    }
    if (!counted || Succeeds(*counted, *next)) counted = *next;
    return true;
  });
  if (!s) return s.error();
  if (broken) return *broken;
  if (!counted) return Error{ErrorCode::kNotFound, topic + " holds no manifest yet: run `escalonctl cluster init`"};
  return *counted;
}

Result<Manifest> WriteManifestOnce(const KafkaConfig& kafka, const std::string& topic, const Manifest& manifest,
                                   int timeout_ms) {
  Result<Manifest> there = ReadManifest(kafka, topic, timeout_ms);
  if (there || there.error().code != ErrorCode::kNotFound) return there;
  Result<std::unique_ptr<PlainProducer>> producer = PlainProducer::Open(kafka, 0, timeout_ms);
  if (!producer) return producer.error();
  const Result<int64_t> written =
      producer.value()->AppendAndWait(topic, 0, kKey, EncodeManifest(manifest), {}, timeout_ms);
  if (!written) return written.error();
  return ReadManifest(kafka, topic, timeout_ms);
}

}  // namespace escalon::log

#include "tests/load/cluster_log.h"

#include "common/log/manifest.h"
#include "common/log/plain_topic.h"
#include "common/log/topics.h"

namespace escalon::load {
namespace {

Status ReadDeliveries(const ClusterLogPlace& place, const std::string& topic, LogCollector* collector,
                      LogFacts* facts) {
  auto reader = log::PlainReader::Open(place.kafka, topic);
  if (!reader.ok()) return reader.error();
  const Result<int> partitions = (*reader)->Partitions(place.timeout_ms);
  if (!partitions.ok()) return partitions.error();
  for (int partition = 0; partition < *partitions; ++partition) {
    const Status read = (*reader)->ReadToEnd(partition, 0, place.timeout_ms, [&](const log::PlainMessage& message) {
      Result<wire::DeliveryRecord> record = wire::DecodeDelivery(message.value);
      if (record.ok()) {
        collector->TakeDelivery(std::move(*record));
      } else {
        facts->unreadable.push_back("delivery log, partition " + std::to_string(partition) + ", offset " +
                                    std::to_string(message.offset) + ": " + record.error().message);
      }
      return true;
    });
    if (!read.ok()) return read;
  }
  return {};
}

}  // namespace

Result<LogFacts> ReadClusterLog(const ClusterLogPlace& place) {
  const log::TopicNames first(place.prefix, 1);
  const Result<log::Manifest> manifest = log::ReadManifest(place.kafka, first.cluster, place.timeout_ms);
  if (!manifest.ok()) return manifest.error();
  const log::TopicNames names(place.prefix, manifest->generation);
  auto reader = log::RangeReader::Open(place.kafka, names.cases);
  if (!reader.ok()) return reader.error();
  LogFacts facts;
  LogCollector collector(place.factor, &facts, place.since);
  // Before the cases: what it speaks of is then among them.
  if (const Status read = ReadDeliveries(place, names.delivery, &collector, &facts); !read.ok()) return read.error();
  for (int shard = 0; shard < manifest->shards; ++shard) {
    const Result<log::Watermarks> ends = (*reader)->QueryEnds(shard, place.timeout_ms);
    if (!ends.ok()) return ends.error();
    const Status read =
        (*reader)->ReadRange(shard, ends->low, ends->high, place.timeout_ms, [&](const log::LogEntry& entry) {
          collector.Take(entry);
          return true;
        });
    if (!read.ok()) return read.error();
    collector.EndShard();
  }
  return facts;
}

}  // namespace escalon::load

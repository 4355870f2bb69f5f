#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/log/manifest.h"
#include "common/log/reader.h"
#include "common/log/shard_source.h"
#include "common/log/topics.h"
#include "services/escalonctl/cli/session.h"

namespace escalon::escalonctl {

/// The case log of a cluster, read directly. One thread; everything blocks.
class LogPlace {
 public:
  /// Asks the manifest for N and the topic. kNotFound: no manifest; kUnavailable: no brokers.
  static Result<std::unique_ptr<LogPlace>> Open(const Session& session);

  const log::Manifest& manifest() const { return manifest_; }
  const log::TopicNames& names() const { return names_; }
  int shards() const { return manifest_.shards; }

  /// What is there now.
  Result<log::Watermarks> Ends(int shard);
  /// The floor of the last complete base; kNotFound: none.
  Result<Position> LastBase(int shard);
  /// Every entry of [from, to); `each` returns false to stop.
  Status Read(int shard, int64_t from, int64_t to, const std::function<bool(const log::LogEntry&)>& each);
  /// The same from the beginning to the end as it is now, with what the reader's rule makes of each.
  using OnJudged = std::function<bool(const log::LogEntry& entry, log::Verdict verdict)>;
  Status ReadJudged(int shard, const OnJudged& each);

 private:
  LogPlace(const Session& session, log::TopicNames names, log::Manifest manifest,
           std::unique_ptr<log::RangeReader> reader);

  const log::KafkaConfig kafka_;
  const int timeout_ms_;
  const log::TopicNames names_;
  const log::Manifest manifest_;
  const std::unique_ptr<log::RangeReader> reader_;
};

}  // namespace escalon::escalonctl

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/log/reader.h"
#include "common/log/shard_source.h"
#include "common/runtime/logging.h"
#include "services/intake/application/live_view.h"

namespace escalon::intake {

/// A version of a case that counts.
struct CountedChange {
  CaseId id;
  uint64_t version = 0;
  std::string tenant;
  std::vector<uint32_t> kinds;
  std::string body;  ///< encoded EventBatch
};

/// Follows the whole case log without a group, from where the live view stands, by the rule of every reader. Only while
/// somebody watches. Loop thread only, but for Open and the destructor, which must not run while the loop does.
class CaseTail {
 public:
  struct Events {
    std::function<void(std::vector<CountedChange>&&)> on_changes;
    /// Changes may have been missed.
    std::function<void()> on_gap;
  };
  CaseTail(log::ShardSourceConfig source, LiveView& view, Events events, runtime::Logger log);
  ~CaseTail();

  /// Every shard, each as soon as the view says where it stands.
  void Start();
  void Stop();

 private:
  struct Shard {
    log::Reader reader;
    uint64_t read = 0;  ///< 0: not being read
    runtime::EventLoop::TimerId retry = 0;
  };
  Status Open();
  void Begin(int shard, uint64_t session);
  void BeginLater(int shard);
  void OnBatch(log::LogBatch&& batch);
  void OnError(int shard, uint64_t read, const Error& error);

  const log::ShardSourceConfig config_;
  LiveView& view_;
  const Events events_;
  const runtime::Logger log_;
  runtime::LogLimit trouble_;
  std::vector<Shard> shards_;
  uint64_t session_ = 0;
  bool running_ = false;
  std::unique_ptr<log::ShardSource> source_;  ///< last: its thread posts to the loop
};

}  // namespace escalon::intake

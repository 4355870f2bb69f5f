#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "common/core/clock.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/logging.h"
#include "services/routing/keeper/shard.h"

namespace escalon::routing {

/// Writes one base of one shard (DESIGN §4 "Bases", protocol.md rule 12): begin, a snapshot of every live case, pages
/// of live keys, end. A little at a time, behind the ordinary records, so that commands go on; whatever happens to a
/// case after its snapshot follows it in the log. An ownership that ends voids it. Loop thread only; deletes nothing,
/// is owned by the keeper until `done`.
class BaseWriter {
 public:
  using Done = std::function<void(Result<rpc::WrittenBase>)>;
  BaseWriter(runtime::EventLoop& loop, const Clock& clock, Shard& shard, CaseLog& log, KeeperMetrics& metrics,
             Done done);
  ~BaseWriter();
  void Start();

 private:
  void Slice();
  void Failed(const std::string& why);
  Status Append(log::RecordHead head, std::string body, std::function<void(bool)> counted = {});

  runtime::EventLoop& loop_;
  const Clock& clock_;
  Shard& shard_;
  CaseLog& log_;
  KeeperMetrics& metrics_;
  Done done_;
  rpc::WrittenBase base_;
  std::vector<CaseId> cases_;
  std::vector<LiveKey> keys_;
  size_t next_case_ = 0, next_key_ = 0;
  bool ended_ = false;
  runtime::EventLoop::TimerId timer_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace escalon::routing

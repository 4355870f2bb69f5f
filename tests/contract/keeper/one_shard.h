#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/log/envelope.h"
#include "tests/contract/keeper/world.h"

namespace escalon::routing::testing {

/// One shard, its log and its view, and as many instances as a test starts.
class OneShard : public ::testing::Test {
 protected:
  std::unique_ptr<Instance> Start(const std::string& name) {
    return std::make_unique<Instance>(log_, view_, clock_, name);
  }

  /// A record of nobody who counts.
  void AppendForeign(uint64_t epoch, uint8_t owner, uint64_t seq, log::RecordType type = log::RecordType::kTick) {
    log::Record record;
    record.head.type = type;
    record.head.epoch = epoch;
    record.head.owner.fill(owner);
    record.head.seq = seq;
    if (type == log::RecordType::kFence) record.body = log::EncodeFence({"other:1", "other"});
    log_.records.push_back(record);
  }

  /// Counted versions of each case, by the one rule.
  std::map<CaseId, std::vector<uint64_t>> History() const {
    std::map<CaseId, std::vector<uint64_t>> out;
    log::Reader reader;
    for (size_t i = 0; i < log_.records.size(); ++i) {
      const log::Record& record = log_.records[i];
      if (reader.Judge(static_cast<int64_t>(i), record.head) == log::Verdict::kCounts &&
          record.head.type == log::RecordType::kEvents) {
        out[record.head.case_id].push_back(record.head.version);
      }
    }
    return out;
  }

  SharedLog log_;
  SharedView view_;
  TestClock clock_;
};

}  // namespace escalon::routing::testing

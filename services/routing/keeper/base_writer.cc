#include "services/routing/keeper/base_writer.h"

#include <algorithm>

#include "common/log/envelope.h"
#include "services/routing/keeper/live_key.h"

namespace escalon::routing {
namespace {

constexpr size_t kSlice = 100;         ///< records per turn
constexpr size_t kMostPending = 1000;  ///< leaves half of the shard's queue to commands
constexpr size_t kKeysPerPage = 1000;
constexpr DurationMs kPauseMs = 5;

log::RecordHead HeadOf(log::RecordType type) {
  log::RecordHead head;
  head.type = type;
  return head;
}

}  // namespace

BaseWriter::BaseWriter(runtime::EventLoop& loop, const Clock& clock, Shard& shard, CaseLog& log, KeeperMetrics& metrics,
                       Done done)
    : loop_(loop), clock_(clock), shard_(shard), log_(log), metrics_(metrics), done_(std::move(done)) {}

BaseWriter::~BaseWriter() {
  *alive_ = false;
  loop_.Cancel(timer_);
}

void BaseWriter::Start() {
  if (shard_.state() != Shard::State::kServing) return Failed("the shard is not served here");
  // The floor is what has counted; what is decided beyond it follows it in the log and is folded again.
  base_.floor = shard_.counted();
  cases_ = shard_.table().Ids();
  keys_ = shard_.table().Keys(clock_.WallMs());
  const Status begun =
      Append(HeadOf(log::RecordType::kBaseBegin), log::EncodeBaseBegin({base_.floor, clock_.WallMs()}));
  if (!begun.ok()) return Failed(begun.error().message);
  Slice();
}

Status BaseWriter::Append(log::RecordHead head, std::string body, std::function<void(bool)> counted) {
  if (!counted) {
    counted = [this, alive = alive_](bool ok) {
      if (*alive && !ok) Failed("the ownership ended");
    };
  }
  return shard_.AppendRaw(std::move(head), std::move(body), std::move(counted));
}

void BaseWriter::Slice() {
  timer_ = 0;
  if (ended_) return;
  for (size_t n = 0; n < kSlice && shard_.pending() < kMostPending; ++n) {
    Status handed;
    if (next_case_ < cases_.size()) {
      const CaseId& id = cases_[next_case_++];
      std::optional<CaseTable::Snapshot> snapshot = shard_.table().SnapshotOf(id);
      if (!snapshot) continue;
      ++base_.cases;
      log::RecordHead head = HeadOf(log::RecordType::kBaseCase);
      head.case_id = id;
      head.tenant = std::move(snapshot->tenant);
      head.version = snapshot->version;
      handed = Append(std::move(head), std::move(snapshot->bytes));
    } else if (next_key_ < keys_.size()) {
      std::vector<log::BaseKey> page;
      for (; next_key_ < keys_.size() && page.size() < kKeysPerPage; ++next_key_)
        page.push_back(ToBaseKey(keys_[next_key_]));
      ++base_.key_pages;
      handed = Append(HeadOf(log::RecordType::kBaseKeys), log::EncodeBaseKeys(page));
    } else {
      handed = Append(HeadOf(log::RecordType::kBaseEnd),
                      log::EncodeBaseEnd({base_.floor, base_.cases, base_.key_pages}), [this, alive = alive_](bool ok) {
                        if (!*alive) return;
                        if (!ok) return Failed("the ownership ended");
                        metrics_.bases->Increment();
                        log_.SaveBase(shard_.number(), base_.floor);
                        ended_ = true;
                        done_(base_);
                      });
      if (!handed.ok()) return Failed(handed.error().message);
      return;
    }
    if (!handed.ok()) return Failed(handed.error().message);
  }
  timer_ = loop_.After(kPauseMs, [this] { Slice(); });
}

void BaseWriter::Failed(const std::string& why) {
  if (ended_) return;
  ended_ = true;
  done_(Error{ErrorCode::kUnavailable, "the base is void: " + why});
}

}  // namespace escalon::routing

#include "services/intake/watch/case_tail.h"

#include <utility>

namespace escalon::intake {
namespace {

constexpr DurationMs kRetryMs = 500;

}  // namespace

CaseTail::CaseTail(log::ShardSourceConfig source, LiveView& view, Events events, runtime::Logger log)
    : config_(std::move(source)),
      view_(view),
      events_(std::move(events)),
      log_(std::move(log)),
      shards_(static_cast<size_t>(view.queries().shards())) {}

CaseTail::~CaseTail() = default;

Status CaseTail::Open() {
  if (source_ != nullptr) return {};
  auto source = log::ShardSource::Open(
      config_,
      {.on_batch =
           [this](log::LogBatch&& batch) {
             view_.loop().Post(
                 [this, b = std::make_unique<log::LogBatch>(std::move(batch))] { OnBatch(std::move(*b)); });
           },
       .on_error =
           [this](int shard, uint64_t read, const Error& error) {
             view_.loop().Post([this, shard, read, e = std::make_unique<Error>(error)] { OnError(shard, read, *e); });
           }});
  if (!source.ok()) return source.error();
  source_ = std::move(*source);
  return {};
}

void CaseTail::Start() {
  if (running_) return;
  if (const Status opened = Open(); !opened.ok()) {
    log_.Error("the case log cannot be watched", {runtime::ErrorField(opened.error())});
    return events_.on_gap();
  }
  running_ = true;
  ++session_;
  for (size_t i = 0; i < shards_.size(); ++i) Begin(static_cast<int>(i), session_);
}

void CaseTail::Stop() {
  running_ = false;
  ++session_;
  for (size_t i = 0; i < shards_.size(); ++i) {
    view_.loop().Cancel(std::exchange(shards_[i].retry, 0));
    if (std::exchange(shards_[i].read, 0) != 0) source_->Stop(static_cast<int>(i));
  }
}

void CaseTail::Begin(int shard, uint64_t session) {
  view_.queries().At(shard, [this, shard, session](Result<std::optional<Position>> at) {
    if (session != session_ || !running_) return;
    if (!at.ok() || !at->has_value()) return BeginLater(shard);
    Shard& s = shards_[static_cast<size_t>(shard)];
    s.reader = log::Reader(**at);
    s.read = source_->Start(shard, (*at)->offset);
  });
}

void CaseTail::BeginLater(int shard) {
  Shard& s = shards_[static_cast<size_t>(shard)];
  s.read = 0;
  view_.loop().Cancel(s.retry);
  s.retry = view_.loop().After(kRetryMs, [this, shard, session = session_] {
    shards_[static_cast<size_t>(shard)].retry = 0;
    if (session == session_ && running_) Begin(shard, session);
  });
}

void CaseTail::OnBatch(log::LogBatch&& batch) {
  Shard& s = shards_[static_cast<size_t>(batch.shard)];
  if (!running_ || s.read == 0 || batch.read != s.read) return;
  std::vector<CountedChange> changes;
  for (log::LogEntry& entry : batch.entries) {
    if (!entry.record.ok()) {
      s.reader.JudgeUndecodable(entry.offset);
      continue;
    }
    log::Record& record = *entry.record;
    const log::Verdict verdict = s.reader.Judge(entry.offset, record.head);
    if (verdict == log::Verdict::kMissing) {
      source_->Stop(batch.shard);
      events_.on_gap();
      BeginLater(batch.shard);
      break;
    }
    if (verdict != log::Verdict::kCounts || record.head.type != log::RecordType::kEvents) continue;
    changes.push_back({record.head.case_id, record.head.version, std::move(record.head.tenant),
                       std::move(record.head.kinds), std::move(record.body)});
  }
  if (!changes.empty()) events_.on_changes(std::move(changes));
}

void CaseTail::OnError(int shard, uint64_t read, const Error& error) {
  if (!running_ || read != shards_[static_cast<size_t>(shard)].read) return;
  log_.Limited(trouble_, runtime::LogLevel::kWarn, "watching a shard begins again",
               {{"shard", shard}, runtime::ErrorField(error)});
  events_.on_gap();
  BeginLater(shard);
}

}  // namespace escalon::intake

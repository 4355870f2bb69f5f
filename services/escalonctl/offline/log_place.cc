#include "services/escalonctl/offline/log_place.h"

#include <algorithm>
#include <utility>

#include "common/log/base_index.h"

namespace escalon::escalonctl {
namespace {

/// Read at once, so that a long log needs no long deadline.
constexpr int64_t kSlice = 20'000;

}  // namespace

LogPlace::LogPlace(const Session& session, log::TopicNames names, log::Manifest manifest,
                   std::unique_ptr<log::RangeReader> reader)
    : kafka_(session.settings().Kafka()),
      timeout_ms_(session.timeout_ms()),
      names_(std::move(names)),
      manifest_(std::move(manifest)),
      reader_(std::move(reader)) {}

Result<std::unique_ptr<LogPlace>> LogPlace::Open(const Session& session) {
  const Settings& settings = session.settings();
  log::TopicNames names(settings.prefix, settings.generation);
  Result<log::Manifest> manifest = log::ReadManifest(settings.Kafka(), names.cluster, session.timeout_ms());
  if (!manifest) return manifest.error();
  Result<std::unique_ptr<log::RangeReader>> reader = log::RangeReader::Open(settings.Kafka(), names.cases);
  if (!reader) return reader.error();
  return std::unique_ptr<LogPlace>(new LogPlace(session, std::move(names), std::move(*manifest), std::move(*reader)));
}

Result<log::Watermarks> LogPlace::Ends(int shard) { return reader_->QueryEnds(shard, timeout_ms_); }

Result<Position> LogPlace::LastBase(int shard) {
  const auto index = log::BaseIndex::Open(kafka_, names_.cases, names_.base_group);
  if (!index) return index.error();
  return (*index)->LastBase(shard, timeout_ms_);
}

Status LogPlace::Read(int shard, int64_t from, int64_t to, const std::function<bool(const log::LogEntry&)>& each) {
  bool more = true;
  for (int64_t at = from; at < to && more; at += kSlice) {
    const Status read =
        reader_->ReadRange(shard, at, std::min(at + kSlice, to), timeout_ms_, [&](const log::LogEntry& entry) {
          more = each(entry);
          return more;
        });
    if (!read) return read;
  }
  return {};
}

Status LogPlace::ReadJudged(int shard, const OnJudged& each) {
  const Result<log::Watermarks> ends = Ends(shard);
  if (!ends) return ends.error();
  log::Reader reader(Position{ends->low, 0, {}, 0});
  return Read(shard, ends->low, ends->high, [&](const log::LogEntry& entry) {
    const log::Verdict verdict =
        entry.record.ok() ? reader.Judge(entry.offset, entry.record->head) : reader.JudgeUndecodable(entry.offset);
    return each(entry, verdict);
  });
}

}  // namespace escalon::escalonctl

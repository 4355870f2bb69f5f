#include "services/notification/application/history.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace escalon::notification {
namespace {

constexpr int kTimeoutMs = 10'000;
constexpr size_t kMostWaiting = 16;
constexpr std::array<DurationMs, 4> kWindows{kMinuteMs, 15 * kMinuteMs, 6 * kHourMs, 7 * kDayMs};

std::tuple<InstantMs, int, int64_t> PlaceOf(const HistoryEntry& entry) {
  return {entry.record.at, entry.partition, entry.offset};
}

bool Matches(const HistoryQuery& query, const wire::DeliveryRecord& record) {
  if (!query.tenant.empty() && record.tenant != query.tenant) return false;
  if (!query.case_id.empty() && record.case_id != query.case_id) return false;
  if (!query.person.empty() && record.person != query.person) return false;
  return query.outcomes.empty() ||
         std::find(query.outcomes.begin(), query.outcomes.end(), record.outcome) != query.outcomes.end();
}

}  // namespace

History::History(log::KafkaConfig kafka, std::string topic, int shards, const Clock& machine_clock,
                 runtime::Logger logger)
    : kafka_(std::move(kafka)),
      topic_(std::move(topic)),
      shards_(shards),
      clock_(machine_clock),
      executor_("history", 1, kMostWaiting, std::move(logger)) {}

void History::List(HistoryQuery query, Done done) {
  const auto shared = std::make_shared<HistoryQuery>(std::move(query));
  if (executor_.TryPost([this, shared, done] { done(Read(*shared)); })) return;
  done(Error{ErrorCode::kResourceExhausted, "too many queries of the delivery log wait; repeat later", {}, {}, 1000});
}

Result<std::vector<HistoryEntry>> History::Read(const HistoryQuery& query) const {
  auto reader = log::PlainReader::Open(kafka_, topic_);
  if (!reader.ok()) return reader.error();
  std::vector<int> partitions;
  if (query.case_id.empty()) {
    for (int i = 0; i < shards_; ++i) partitions.push_back(i);
  } else {
    partitions.push_back(ShardOf(query.case_id.bucket(), shards_));
  }
  const auto deadline = clock_.Steady() + std::chrono::milliseconds(kTimeoutMs);
  const auto newer = [](const HistoryEntry& a, const HistoryEntry& b) { return PlaceOf(a) > PlaceOf(b); };
  const std::tuple before(query.before_at, query.before_partition, query.before_offset);
  std::vector<HistoryEntry> found;
  // A case's partition is read whole at once: its records may lie anywhere in it.
  for (size_t window = query.case_id.empty() ? 0 : kWindows.size(); window <= kWindows.size(); ++window) {
    const InstantMs since = window == kWindows.size() ? 0 : clock_.WallMs() - kWindows[window];
    found.clear();
    for (const int partition : partitions) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock_.Steady()).count();
      if (left <= 0)
        return Error{
            ErrorCode::kUnavailable, "the delivery log is too long to be read in time; ask for one case", {}, {}, 1000};
      const Status read =
          (*reader)->ReadToEnd(partition, since, static_cast<int>(left), [&](const log::PlainMessage& message) {
            if (stopping_) return false;
            if (!query.case_id.empty() && message.key != query.case_id.AsBytes()) return true;
            Result<wire::DeliveryRecord> record = wire::DecodeDelivery(message.value);
            if (!record.ok() || !Matches(query, *record)) return true;
            HistoryEntry entry{std::move(*record), partition, message.offset};
            if (query.before_at >= 0 && PlaceOf(entry) >= before) return true;
            found.push_back(std::move(entry));
            // Twice the page is kept and halved when full: memory stays bounded whatever is read.
            if (found.size() < 2 * query.limit) return true;
            std::nth_element(found.begin(), found.begin() + static_cast<long>(query.limit), found.end(), newer);
            found.resize(query.limit);
            return true;
          });
      if (!read.ok()) return read.error();
      if (stopping_) return Error{ErrorCode::kUnavailable, "the service is stopping"};
    }
    if (found.size() >= query.limit) break;
  }
  std::sort(found.begin(), found.end(), newer);
  if (found.size() > query.limit) found.resize(query.limit);
  return found;
}

}  // namespace escalon::notification

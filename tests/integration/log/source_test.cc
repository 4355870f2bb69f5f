#include "common/log/shard_source.h"

#include "common/log/base_index.h"
#include "common/log/reader.h"
#include "tests/integration/log/log_test.h"
#include "tests/support/event_waiter.h"

namespace escalon::log {
namespace {

using test::EventWaiter;

class SourceTest : public LogTest {
 protected:
  struct Seen {
    std::vector<LogBatch> batches;
    std::vector<std::pair<uint64_t, Error>> errors;
    std::vector<int64_t> Offsets(uint64_t read) const {
      std::vector<int64_t> offsets;
      for (const LogBatch& b : batches)
        if (b.read == read)
          for (const LogEntry& e : b.entries) offsets.push_back(e.offset);
      return offsets;
    }
    bool Finished(uint64_t read) const {
      for (const LogBatch& b : batches)
        if (b.read == read && b.finished) return true;
      return false;
    }
    int64_t End(uint64_t read) const {
      int64_t end = -1;
      for (const LogBatch& b : batches)
        if (b.read == read && b.at_end) end = b.end;
      return end;
    }
  };

  void SetUp() override {
    LogTest::SetUp();
    ShardSourceConfig config;
    config.kafka = kafka_;
    config.topic = names_.cases;
    Result<std::unique_ptr<ShardSource>> opened = ShardSource::Open(
        config, {[this](LogBatch&& b) { seen_.Change([&](Seen& s) { s.batches.push_back(std::move(b)); }); },
                 [this](int, uint64_t read, const Error& e) {
                   seen_.Change([&](Seen& s) { s.errors.emplace_back(read, e); });
                 }});
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    source_ = std::move(opened).value();
  }

  EventWaiter<Seen> seen_;
  std::unique_ptr<ShardSource> source_;
};

std::vector<int64_t> Numbers(int64_t from, int64_t to) {
  std::vector<int64_t> numbers;
  for (int64_t i = from; i < to; ++i) numbers.push_back(i);
  return numbers;
}

TEST_F(SourceTest, OffsetsOfOneProducerAreContiguousAndReadBackAsWritten) {
  std::vector<Record> records = EventsOf(1, 1, 1, 500);
  records.insert(records.begin(), FenceOf(1, 1));
  EXPECT_EQ(Append(2, records), Numbers(0, 501));
  const uint64_t read = source_->Start(2, 0, 501);
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.Finished(read); }));
  const Seen seen = seen_.Get();
  EXPECT_EQ(seen.Offsets(read), Numbers(0, 501));
  size_t i = 0;
  for (const LogBatch& b : seen.batches)
    for (const LogEntry& e : b.entries) {
      ASSERT_TRUE(e.record.ok());
      EXPECT_EQ(e.record.value(), records[i++]);
      EXPECT_GT(e.broker_time_ms, 1'600'000'000'000) << "the broker's own clock";
    }
}

TEST_F(SourceTest, FollowsShardsThatComeAndGo) {
  Append(0, FenceOf(1, 1));
  Append(1, FenceOf(1, 1));
  const uint64_t first = source_->Start(0, 0);
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.End(first) == 1; }));
  const uint64_t second = source_->Start(1, 0);
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.End(second) == 1; }));
  Append(0, EventOf(1, 1, 1));
  Append(1, EventOf(1, 1, 1));
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.End(first) == 2 && s.End(second) == 2; }));
  source_->Stop(0);
  Append(0, EventOf(1, 1, 2));
  Append(1, EventOf(1, 1, 2));
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.End(second) == 3; }));
  const uint64_t again = source_->Start(0, 1, 3);
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.Finished(again); }));
  EXPECT_EQ(seen_.Get().Offsets(again), Numbers(1, 3));
  EXPECT_EQ(seen_.Get().Offsets(first), Numbers(0, 2)) << "nothing after Stop";
}

TEST_F(SourceTest, AnEmptyRangeFinishesAtOnceAndAFutureRangeWhenItIsWritten) {
  const uint64_t empty = source_->Start(0, 5, 5);
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.Finished(empty); }));
  const uint64_t future = source_->Start(0, 0, 2);
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.End(future) == 0; }));
  Append(0, FenceOf(1, 1));
  Append(0, EventsOf(1, 1, 1, 5));
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.Finished(future); }));
  EXPECT_EQ(seen_.Get().Offsets(future), Numbers(0, 2));
}

TEST_F(SourceTest, missing_offset_is_an_error_not_a_skip) {
  Append(0, FenceOf(1, 1));
  Append(0, EventsOf(1, 1, 1, 9));
  DeleteBefore(0, 5);
  const uint64_t gone = source_->Start(0, 2);
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.errors.size() == 1; }));
  const uint64_t beyond = source_->Start(0, 11);
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.errors.size() == 2; }));
  const Seen seen = seen_.Get();
  EXPECT_EQ(seen.errors[0].first, gone);
  EXPECT_EQ(seen.errors[0].second.code, ErrorCode::kNotFound) << seen.errors[0].second.message;
  EXPECT_EQ(seen.errors[1].first, beyond);
  EXPECT_EQ(seen.errors[1].second.code, ErrorCode::kNotFound);
  EXPECT_TRUE(seen.Offsets(gone).empty());
}

TEST_F(SourceTest, TellsBothEnds) {
  Append(3, FenceOf(1, 1));
  Append(3, EventsOf(1, 1, 1, 4));
  DeleteBefore(3, 2);
  EventWaiter<std::vector<Watermarks>> ends;
  source_->QueryEnds(3, kTimeoutMs, [&](int, const Result<Watermarks>& w) {
    ends.Change([&](auto& all) { all.push_back(w ? w.value() : Watermarks{-1, -1}); });
  });
  ASSERT_TRUE(ends.Wait([](const auto& all) { return !all.empty(); }));
  EXPECT_EQ(ends.Get()[0].low, 2);
  EXPECT_EQ(ends.Get()[0].high, 5);
}

TEST_F(SourceTest, BytesThatAreNoRecordArriveAsAnError) {
  Append(0, FenceOf(1, 1));
  AppendRaw(0, "garbage");
  const uint64_t read = source_->Start(0, 0, 2);
  ASSERT_TRUE(seen_.Wait([&](const Seen& s) { return s.Finished(read); }));
  std::vector<LogEntry> entries;
  for (const LogBatch& b : seen_.Get().batches) entries.insert(entries.end(), b.entries.begin(), b.entries.end());
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_FALSE(entries[1].record.ok());
}

TEST_F(SourceTest, RangeReaderReadsAGapQuicklyAndRepeatedly) {
  Append(1, FenceOf(1, 1));
  Append(1, EventsOf(1, 1, 1, 50));
  Result<std::unique_ptr<RangeReader>> reader = RangeReader::Open(kafka_, names_.cases);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.value()->Partitions(kTimeoutMs).value(), kShards);
  ASSERT_TRUE(reader.value()->ReadRange(1, 0, 1, kTimeoutMs).ok());
  const auto begun = clock_.Steady();
  for (int i = 0; i < 10; ++i) {
    const Result<std::vector<LogEntry>> gap = reader.value()->ReadRange(1, 20 + i, 23 + i, kTimeoutMs);
    ASSERT_TRUE(gap.ok()) << gap.error().message;
    ASSERT_EQ(gap.value().size(), 3u);
    EXPECT_EQ(gap.value()[0].offset, 20 + i);
  }
  const auto each_ms = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.Steady() - begun).count() / 10;
  RecordProperty("gap_read_ms", static_cast<int>(each_ms));
  std::cout << "gap read: " << each_ms << " ms each\n";
  EXPECT_LT(each_ms, 1000);
  EXPECT_EQ(reader.value()->ReadRange(1, 60, 61, kTimeoutMs).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(reader.value()->ReadRange(1, 51, 52, 200).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(reader.value()->QueryEnds(1, kTimeoutMs).value().high, 51);
}

TEST_F(SourceTest, BaseIndexKeepsTheLastFloorPerShard) {
  Result<std::unique_ptr<BaseIndex>> bases = BaseIndex::Open(kafka_, names_.cases, names_.base_group);
  ASSERT_TRUE(bases.ok());
  EXPECT_EQ(bases.value()->LastBase(0, kTimeoutMs).error().code, ErrorCode::kNotFound);
  const Position floor{17, 3, Owner(3), 9}, later{170, 4, Owner(4), 2};
  ASSERT_TRUE(bases.value()->Commit(0, floor, kTimeoutMs).ok());
  EXPECT_EQ(bases.value()->LastBase(0, kTimeoutMs).value(), floor);
  ASSERT_TRUE(bases.value()->Commit(0, later, kTimeoutMs).ok());
  Result<std::unique_ptr<BaseIndex>> other = BaseIndex::Open(kafka_, names_.cases, names_.base_group);
  EXPECT_EQ(other.value()->LastBase(0, kTimeoutMs).value(), later);
  EXPECT_EQ(other.value()->LastBase(1, kTimeoutMs).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace escalon::log

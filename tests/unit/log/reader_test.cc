#include "common/log/reader.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/unit/log/records.h"

namespace escalon::log {
namespace {

std::vector<Verdict> JudgeAll(Reader* reader, const std::vector<RecordHead>& log) {
  std::vector<Verdict> verdicts;
  for (const RecordHead& head : log) verdicts.push_back(reader->Judge(reader->next_offset(), head));
  return verdicts;
}

TEST(ReaderRule, two_fences_with_one_epoch_first_wins) {
  Reader reader;
  EXPECT_EQ(JudgeAll(&reader, {FenceHead(1, 1), FenceHead(1, 2), TickHead(1, 2, 1), TickHead(1, 1, 1)}),
            (std::vector{Verdict::kFence, Verdict::kFenceLost, Verdict::kForeign, Verdict::kCounts}));
  EXPECT_EQ(reader.position(), (Position{4, 1, OwnerNamed(1), 1}));
}

TEST(ReaderRule, stale_owner_appends_after_fence_is_skipped) {
  Reader reader;
  EXPECT_EQ(JudgeAll(&reader, {FenceHead(1, 1), EventsHead(1, 1, 1), FenceHead(2, 2), EventsHead(1, 1, 2),
                               EventsHead(2, 2, 1), EventsHead(1, 1, 3)}),
            (std::vector{Verdict::kFence, Verdict::kCounts, Verdict::kFence, Verdict::kForeign, Verdict::kCounts,
                         Verdict::kForeign}));
  EXPECT_EQ(reader.position(), (Position{5, 2, OwnerNamed(2), 1})) << "behind the last record that counted";
  EXPECT_EQ(reader.next_offset(), 6);
  EXPECT_EQ(reader.stats().foreign, 2u);
}

TEST(ReaderRule, seq_hole_voids_the_rest_of_the_epoch) {
  Reader reader;
  EXPECT_EQ(JudgeAll(&reader, {FenceHead(1, 1), TickHead(1, 1, 1), TickHead(1, 1, 3), TickHead(1, 1, 2),
                               TickHead(1, 1, 4), TickHead(1, 1, 1), FenceHead(2, 1), TickHead(2, 1, 1)}),
            (std::vector{Verdict::kFence, Verdict::kCounts, Verdict::kVoid, Verdict::kVoid, Verdict::kVoid,
                         Verdict::kLower, Verdict::kFence, Verdict::kCounts}))
      << "seq 2 comes too late to mend it";
  EXPECT_EQ(reader.stats().voided, 3u);
}

TEST(ReaderRule, reader_restarts_right_after_a_fence) {
  Reader before;
  JudgeAll(&before, {FenceHead(1, 1), TickHead(1, 1, 1), FenceHead(2, 2)});
  Reader after(before.position());
  EXPECT_EQ(JudgeAll(&after, {TickHead(1, 1, 2), TickHead(2, 2, 1)}),
            (std::vector{Verdict::kForeign, Verdict::kCounts}))
      << "the deposed owner's next record must not be believed";
  Reader offset_only(Position{3, 0, {}, 0});
  EXPECT_EQ(JudgeAll(&offset_only, {TickHead(2, 2, 1)}), std::vector{Verdict::kForeign});
}

TEST(ReaderRule, missing_offset_is_an_error_not_a_skip) {
  Reader reader;
  EXPECT_EQ(reader.Judge(0, FenceHead(1, 1)), Verdict::kFence);
  const Position before = reader.position();
  EXPECT_EQ(reader.Judge(2, TickHead(1, 1, 1)), Verdict::kMissing);
  EXPECT_EQ(reader.JudgeUndecodable(2), Verdict::kMissing);
  EXPECT_EQ(reader.position(), before);
  EXPECT_EQ(reader.next_offset(), 1) << "nothing changes, so the caller can fetch what is missing";
  EXPECT_EQ(reader.Judge(1, TickHead(1, 1, 1)), Verdict::kCounts);
}

TEST(ReaderRule, NothingCountsBeforeTheFirstFence) {
  Reader reader;
  RecordHead head = TickHead(1, 1, 1);
  head.epoch = 0;
  head.owner = {};
  EXPECT_EQ(reader.Judge(0, head), Verdict::kForeign) << "the zero of an empty log is nobody";
  EXPECT_EQ(reader.Judge(1, FenceHead(0, 1)), Verdict::kFenceLost);
}

TEST(ReaderRule, ARepeatedOffsetChangesNothing) {
  Reader reader;
  JudgeAll(&reader, {FenceHead(1, 1), TickHead(1, 1, 1)});
  const Position before = reader.position();
  EXPECT_EQ(reader.Judge(0, FenceHead(9, 9)), Verdict::kRepeated);
  EXPECT_EQ(reader.JudgeUndecodable(1), Verdict::kRepeated);
  EXPECT_EQ(reader.position(), before);
}

TEST(ReaderRule, AnUndecodableRecordOfTheOwnerVoidsTheRestOfItsEpoch) {
  Reader reader;
  JudgeAll(&reader, {FenceHead(1, 1)});
  EXPECT_EQ(reader.JudgeUndecodable(1), Verdict::kUndecodable);
  EXPECT_EQ(reader.Judge(2, TickHead(1, 1, 2)), Verdict::kVoid);
  EXPECT_EQ(reader.Judge(3, FenceHead(2, 2)), Verdict::kFence);
}

TEST(ReaderRule, AnUndecodableRecordOfAStrangerChangesNothingElse) {
  Reader reader;
  JudgeAll(&reader, {FenceHead(1, 1)});
  EXPECT_EQ(reader.JudgeUndecodable(1), Verdict::kUndecodable);
  EXPECT_EQ(reader.Judge(2, TickHead(1, 1, 1)), Verdict::kCounts);
}

// The rule once more, written as protocol.md states it, over a whole log.
std::vector<size_t> CountedBySpecification(const std::vector<RecordHead>& log) {
  std::vector<size_t> counted;
  uint64_t epoch = 0, last = 0;
  Bytes16 owner{};
  bool dead = false;
  for (size_t i = 0; i < log.size(); ++i) {
    const RecordHead& r = log[i];
    if (r.type == RecordType::kFence) {
      if (r.epoch <= epoch) continue;
      epoch = r.epoch;
      owner = r.owner;
      last = 0;
      dead = false;
      counted.push_back(i);
    } else if (epoch > 0 && r.epoch == epoch && r.owner == owner && !dead) {
      if (r.seq == last + 1) {
        last = r.seq;
        counted.push_back(i);
      } else if (r.seq > last) {
        dead = true;
      }
    }
  }
  return counted;
}

// Writers that see the log late, whose queued records land after another's fence, get lost, or land twice.
std::vector<RecordHead> RandomLog(std::mt19937* random) {
  const auto roll = [&](unsigned n) { return (*random)() % n; };
  struct Writer {
    uint64_t epoch = 0, seq = 0;
    uint8_t owner = 0;
    std::vector<RecordHead> queue;
  };
  std::vector<Writer> writers(1 + roll(3));
  std::vector<RecordHead> log;
  uint8_t incarnations = 0;
  while (log.size() < 48) {
    Writer& w = writers[roll(static_cast<unsigned>(writers.size()))];
    switch (roll(8)) {
      case 0: {  // a take-over, perhaps with an old idea of the log's end
        const size_t seen = log.empty() || roll(3) > 0 ? log.size() : roll(static_cast<unsigned>(log.size()));
        w.epoch = 1;
        for (size_t i = 0; i < seen; ++i) w.epoch = std::max(w.epoch, log[i].epoch + 1);
        w.owner = ++incarnations;
        w.seq = 0;
        w.queue.push_back(FenceHead(w.epoch, w.owner));
        break;
      }
      case 1:
      case 2:
      case 3:
        if (w.epoch > 0) w.queue.push_back(TickHead(w.epoch, w.owner, ++w.seq));
        break;
      case 4:  // a lost record
        if (!w.queue.empty() && roll(4) == 0) w.queue.erase(w.queue.begin());
        break;
      default:
        if (w.queue.empty()) break;
        log.push_back(w.queue.front());
        if (roll(16) > 0) w.queue.erase(w.queue.begin());  // else it lands twice
    }
  }
  return log;
}

TEST(ReaderProperty, CountsWhatTheRuleSaysAndARestartAtAnyOffsetChangesNothing) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    const std::vector<RecordHead> log = RandomLog(&random);
    const std::vector<size_t> expected = CountedBySpecification(log);
    for (size_t cut = 0; cut <= log.size(); ++cut) {
      Reader first;
      std::vector<size_t> counted;
      for (size_t i = 0; i < cut; ++i)
        if (Counts(first.Judge(static_cast<int64_t>(i), log[i]))) counted.push_back(i);
      Reader second(first.position());
      ASSERT_LE(second.next_offset(), static_cast<int64_t>(cut));
      for (auto i = static_cast<size_t>(second.next_offset()); i < log.size(); ++i)
        if (Counts(second.Judge(static_cast<int64_t>(i), log[i]))) counted.push_back(i);
      ASSERT_EQ(counted, expected) << "seed " << seed << ", restarted at " << cut;
    }
  }
}

TEST(ReaderProperty, ThePositionNamesTheRecordBeforeIt) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    const std::vector<RecordHead> log = RandomLog(&random);
    Reader reader;
    for (size_t i = 0; i < log.size(); ++i) {
      reader.Judge(static_cast<int64_t>(i), log[i]);
      const Position& p = reader.position();
      if (p.offset == 0) continue;
      const RecordHead& named = log[static_cast<size_t>(p.offset - 1)];
      ASSERT_EQ(named.epoch, p.epoch);
      ASSERT_EQ(named.owner, p.owner);
      ASSERT_EQ(named.seq, p.seq);
    }
  }
}

}  // namespace
}  // namespace escalon::log

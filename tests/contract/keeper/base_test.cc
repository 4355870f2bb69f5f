// Bases (DESIGN §4, protocol.md rule 12): written by the real writer, and what may be believed of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/snapshot_codec.h"
#include "services/routing/keeper/base_writer.h"
#include "tests/contract/keeper/one_shard.h"
#include "tests/support/oracle/log_oracle.h"

namespace escalon::routing::testing {
namespace {

class BaseTest : public OneShard {
 protected:
  std::unique_ptr<BaseWriter> Begin(Instance& instance) {
    auto writer = std::make_unique<BaseWriter>(instance.loop, clock_, *instance.shard, instance.log, instance.metrics,
                                               [this](Result<rpc::WrittenBase> base) { base_ = std::move(base); });
    writer->Start();
    return writer;
  }
  /// Lets the writer's pauses pass.
  void Finish(Instance& instance) {
    for (int i = 0; i < 50 && !base_; ++i) {
      instance.Settle();
      clock_.Advance(10);
    }
    instance.Settle();
  }
  void ExpectTruth(Instance& instance) {
    test::LogOracle oracle;
    for (int64_t at = 0; at < log_.end(); ++at) oracle.Read(at, log_.records[static_cast<size_t>(at)]);
    EXPECT_THAT(oracle.faults(), ::testing::IsEmpty());
    const auto truth = oracle.LiveAt(log_.end());
    EXPECT_EQ(instance.shard->table().size(), truth.size());
    for (const auto& [id, c] : truth) {
      const CaseTable::Entry* entry = instance.shard->table().Find(id);
      ASSERT_NE(entry, nullptr) << id.ToString();
      EXPECT_EQ(wire::EncodeCase(*entry->counted), wire::EncodeCase(*c));
    }
  }
  /// The view is lost, and retention deletes everything before the floor.
  void LoseAllButTheBase() {
    view_.now = SharedView::State{};
    ASSERT_TRUE(log_.base);
    log_.low = log_.base->offset;
  }
  void CountBases(int expected) const {
    int begun = 0;
    for (const log::Record& record : log_.records) begun += record.head.type == log::RecordType::kBaseBegin ? 1 : 0;
    EXPECT_EQ(begun, expected);
  }

  std::optional<Result<rpc::WrittenBase>> base_;
};

TEST_F(BaseTest, rebuild_from_base_equals_fold_of_whole_log) {
  std::vector<Command> opened;
  {
    auto a = Start("a");
    a->rules.policy.after.reopen_within = kSecondMs;
    a->TakeOver();
    for (int i = 0; i < 300; ++i) {
      opened.push_back(Open("k" + std::to_string(i)));
      a->Execute(opened.back());
      if (i % 3 == 0) a->Execute(On(opened.back().case_id, LogAttempt{"restarted", false}, "c" + std::to_string(i)));
    }
    a->Settle();
    a->Execute(On(opened[5].case_id, Cancel{CancelCause::kWithdrawn, {}, "mistake"}, "cancel"));
    a->Settle();
    // Commands go on while the base is written: before a case's snapshot, and after it.
    a->log.hold = true;
    a->clock.Advance(10 * kSecondMs);
    a->shard->Sweep();  // the cancelled case is retired behind the floor, and has no snapshot
    auto writer = Begin(*a);
    a->Execute(On(opened[299].case_id, LogAttempt{"late", false}, "late"));
    for (int i = 0; i < 20; ++i) {
      a->Turn();
      clock_.Advance(6);
      a->Execute(On(opened[static_cast<size_t>(i)].case_id, LogAttempt{"during", false}, "during" + std::to_string(i)));
      a->Execute(Open("new" + std::to_string(i)));
    }
    a->log.hold = false;
    Finish(*a);
    ASSERT_TRUE(base_ && base_->ok()) << base_->error().message;
    EXPECT_EQ((*base_)->cases, 299u);
    a->Execute(On(opened[7].case_id, LogAttempt{"after", false}, "after"));
    a->Settle();
  }
  LoseAllButTheBase();
  auto b = Start("b");
  b->TakeOver();
  ASSERT_EQ(b->shard->state(), Shard::State::kServing) << b->shard->why_closed();
  EXPECT_THAT(b->shard->table().quarantined(), ::testing::IsEmpty());
  ExpectTruth(*b);
  // The keys came along: a repeat of any submission finds its case.
  for (const size_t i : {0u, 5u, 299u}) {
    Command again = opened[i];
    again.case_id = Open("x").case_id;
    auto call = b->Execute(again);
    b->Settle();
    ASSERT_TRUE(call->ok());
    EXPECT_EQ((*call->answer)->case_id, opened[i].case_id) << "the repeat made a second case";
  }
}

TEST_F(BaseTest, a_fence_in_the_middle_voids_the_base) {
  auto a = Start("a");
  a->TakeOver();
  for (int i = 0; i < 250; ++i) a->Execute(Open("k" + std::to_string(i)));
  a->Settle();
  a->log.hold = true;
  auto writer = Begin(*a);  // the first slice is handed over: begin and a hundred snapshots
  for (int i = 0; i < 50; ++i) a->log.Land();
  auto b = Start("b");
  b->TakeOver();
  ASSERT_EQ(b->shard->state(), Shard::State::kServing);
  a->log.hold = false;
  Finish(*a);
  ASSERT_TRUE(base_);
  EXPECT_FALSE(base_->ok()) << "a base that was interrupted calls itself complete";
  EXPECT_FALSE(log_.base) << "and was put into the index";
  // Even an index that points at it does not make it a base.
  b->shard->Lose("test");
  view_.now = SharedView::State{};
  log::Reader reader;
  for (size_t i = 0; log_.records[i].head.type != log::RecordType::kBaseBegin; ++i)
    reader.Judge(static_cast<int64_t>(i), log_.records[i].head);
  log_.base = reader.position();
  auto c = Start("c");
  c->TakeOver();
  ASSERT_EQ(c->shard->state(), Shard::State::kServing);
  ExpectTruth(*c);
}

TEST_F(BaseTest, a_base_without_its_end_or_a_part_is_not_started_from) {
  auto a = Start("a");
  a->TakeOver();
  for (int i = 0; i < 30; ++i) a->Execute(Open("k" + std::to_string(i)));
  a->Settle();
  auto writer = Begin(*a);
  Finish(*a);
  ASSERT_TRUE(base_ && base_->ok());
  a->shard->Lose("test");
  const std::vector<log::Record> whole = log_.records;
  const SharedView::State nothing;
  // Its end says more cases than there are: a record of the index's base is not what it was.
  log_.records.back().body = log::EncodeBaseEnd({*log_.base, 31, 1});
  view_.now = nothing;
  auto b = Start("b");
  b->TakeOver();
  ASSERT_EQ(b->shard->state(), Shard::State::kServing);
  EXPECT_EQ(b->shard->table().size(), 30u);
  b->shard->Lose("test");
  // Its end is missing.
  log_.records = whole;
  log_.records.pop_back();
  view_.now = nothing;
  auto c = Start("c");
  c->TakeOver();
  ASSERT_EQ(c->shard->state(), Shard::State::kServing);
  EXPECT_EQ(c->shard->table().size(), 30u);
  c->shard->Lose("test");
  // And without the beginning of the log there is nothing to start from: closed, not half full.
  log_.records = whole;
  log_.records.pop_back();
  log_.low = log_.base->offset;
  view_.now = nothing;
  auto d = Start("d");
  d->TakeOver();
  EXPECT_EQ(d->shard->state(), Shard::State::kClosed);
}

TEST_F(BaseTest, a_sleeper_does_not_move_the_index_back) {
  auto a = Start("a");
  a->TakeOver();
  for (int i = 0; i < 5; ++i) a->Execute(Open("k" + std::to_string(i)));
  a->Settle();
  a->log.hold = true;
  auto old_writer = Begin(*a);
  for (int i = 0; i < 10; ++i) {
    a->Turn();
    clock_.Advance(6);
  }
  while (a->log.handed() > 0) a->log.Land();  // the whole base is in the log; A sleeps before it hears of it
  auto b = Start("b");
  b->TakeOver();
  for (int i = 0; i < 5; ++i) b->Execute(Open("n" + std::to_string(i)));
  b->Settle();
  auto writer = Begin(*b);
  base_.reset();
  Finish(*b);
  ASSERT_TRUE(base_ && base_->ok());
  const int64_t floor = log_.base->offset;
  while (a->log.reports() > 0) a->log.Report();
  a->log.hold = false;
  a->Settle();
  EXPECT_EQ(log_.base->offset, floor);
}

TEST_F(BaseTest, case_too_big_is_refused) {
  auto a = Start("a");
  a->TakeOver();
  Command open = Open("k1");
  OpenCase& body = std::get<OpenCase>(open.body);
  body.facts.sealed_text = std::string(60 * 1024, 'x');
  for (int i = 0; i < 60; ++i) body.facts.labels["k" + std::to_string(i)] = std::string(4000, 'v');
  a->Execute(open);
  a->Execute(On(open.case_id, Acknowledge{}, "ack"));
  a->Settle();
  std::shared_ptr<Call> last;
  int taken = 0;
  for (; taken < 16; ++taken) {
    last = a->Execute(On(open.case_id, Consult{"desk", "", std::string(16 * 1024, 'q')}, "c" + std::to_string(taken)));
    a->Settle();
    if (!last->ok()) break;
  }
  ASSERT_EQ(last->code(), ErrorCode::kResourceExhausted);
  EXPECT_THAT(last->answer->error().message, ::testing::HasSubstr("512 KiB"));
  const Case& c = *a->shard->table().Find(open.case_id)->counted;
  EXPECT_EQ(c.consultations.size(), static_cast<size_t>(taken)) << "what was refused changed something";
  EXPECT_LE(wire::EncodeCase(c).size(), log::kMaxRecordBytes / 2 + 64 * 1024);
  auto small = a->Execute(On(open.case_id, LogAttempt{"restarted", false}, "small"));
  a->Settle();
  EXPECT_TRUE(small->ok()) << "a full case takes small things";
  auto writer = Begin(*a);
  Finish(*a);
  EXPECT_TRUE(base_ && base_->ok()) << "the largest case fits a base";
}

}  // namespace
}  // namespace escalon::routing::testing

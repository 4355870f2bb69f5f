// What an owner may believe, and what must survive it: the view (protocol.md rules 7, 13, 14), the group's suggestions
// (rule 16), and the end of a case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/keeper/one_shard.h"
#include "tests/support/oracle/log_oracle.h"

namespace escalon::routing::testing {
namespace {

using ::testing::HasSubstr;

class TrustTest : public OneShard {
 protected:
  test::LogOracle Truth() const {
    test::LogOracle oracle;
    for (int64_t at = 0; at < log_.end(); ++at) oracle.Read(at, log_.records[static_cast<size_t>(at)]);
    return oracle;
  }
};

// The keeper holds every live case in memory (docs/adr/0001): nothing is loaded for a decision. So a Redis that fell
// back is never seen by one.
TEST_F(TrustTest, evicted_case_after_redis_rollback_is_not_decided) {
  auto a = Start("a");
  a->TakeOver();
  const Command open = Open("k1");
  a->Execute(open);
  a->Settle();
  const SharedView::State old = view_.now;
  for (int i = 0; i < 3; ++i) a->Execute(On(open.case_id, LogAttempt{"n", false}, "c" + std::to_string(i)));
  a->Settle();
  const uint64_t version = a->shard->table().Find(open.case_id)->counted->version;
  view_.now = old;  // the case at version 1 again
  auto call = a->Execute(On(open.case_id, LogAttempt{"last", false}, "last"));
  auto repeat = a->Execute(On(open.case_id, LogAttempt{"n", false}, "c1"));
  a->Settle();
  ASSERT_TRUE(call->ok());
  EXPECT_EQ((*call->answer)->version, version + 1) << "decided on what Redis fell back to";
  ASSERT_TRUE(repeat->ok());
  EXPECT_EQ((*repeat->answer)->version, 3u) << "a repeat that Redis has forgotten took effect again";
  EXPECT_THAT(Truth().faults(), ::testing::IsEmpty());
  EXPECT_EQ(view_.now.cases.at(open.case_id)->version, version + 1);
}

TEST_F(TrustTest, late_answer_of_a_load_is_not_used) {
  auto a = Start("a");
  a->TakeOver();
  const Command open = Open("k1");
  a->Execute(open);
  a->Settle();
  auto b = Start("b");
  b->shard->Want();  // its load is under way
  b->shard->Lose("the group thought better of it");
  a->Execute(On(open.case_id, LogAttempt{"n", false}, "c1"));
  a->Settle();
  a->shard->Release([] {});
  a->Settle();
  view_.away = true;
  b->shard->Want();  // asks again; the first answer comes now, of an ownership that never was
  b->view.Answer();
  EXPECT_EQ(b->shard->state(), Shard::State::kLoading) << "an answer to an earlier question was used";
  b->Settle();
  ASSERT_EQ(b->shard->state(), Shard::State::kServing);
  EXPECT_EQ(b->shard->table().Find(open.case_id)->counted->version, 2u);
}

TEST_F(TrustTest, keys_folded_in_a_take_over_reach_the_view) {
  const Command open = Open("k1");
  {
    auto a = Start("a");
    a->TakeOver();
    a->view.hold = true;  // A dies before it writes the view
    a->Execute(open);
    a->Settle();
    a->view.TakeScripts();
  }
  {
    auto b = Start("b");
    b->TakeOver();
    ASSERT_EQ(view_.now.keys.size(), 1u) << "the view has the case and not its key";
  }
  auto c = Start("c");
  c->TakeOver();
  Command again = open;
  again.case_id = Open("x").case_id;
  auto call = c->Execute(again);
  c->Settle();
  ASSERT_TRUE(call->ok());
  EXPECT_EQ((*call->answer)->case_id, open.case_id);
  EXPECT_EQ(c->shard->table().size(), 1u);
}

TEST_F(TrustTest, key_of_an_opening_that_never_counted_is_not_in_the_view) {
  const Command lost = Open("k1");
  {
    auto a = Start("a");
    a->TakeOver();
    a->Execute(Open("k0"));
    a->Settle();
    a->log.hold = true;
    a->Execute(lost);                 // decided, and never lands
    view_.now = SharedView::State{};  // Redis is emptied: the view is written whole meanwhile
    view_.now.epoch = 1;
    a->shard->OnElsewhere(std::nullopt);
    a->Settle();
    ASSERT_TRUE(view_.now.at);
    EXPECT_EQ(view_.now.keys.size(), 1u) << "the key of a case that may never be";
    a->log.TakeHanded();
  }
  auto b = Start("b");
  b->TakeOver();
  auto call = b->Execute(lost);
  b->Settle();
  ASSERT_TRUE(call->ok());
  EXPECT_NE(b->shard->table().Find((*call->answer)->case_id), nullptr) << "answered with a case that never was";
}

TEST_F(TrustTest, view_that_falls_back_again_while_it_is_replayed_is_written_whole) {
  auto a = Start("a");
  a->TakeOver();
  std::vector<SharedView::State> old;
  for (int i = 0; i < 6; ++i) {
    old.push_back(view_.now);
    a->Execute(Open("k" + std::to_string(i)));
    a->Settle();
  }
  a->log.hold_reads = true;
  view_.now = old[4];
  a->Execute(Open("m1"));
  a->Settle();  // a replay is under way
  a->log.Fetch(1000);
  a->log.Deliver();
  view_.now = old[2];
  a->shard->OnElsewhere(view_.now.at);
  a->Execute(Open("m2"));
  a->log.hold_reads = false;
  a->Settle();
  EXPECT_EQ(view_.now.cases.size(), 8u);
  EXPECT_EQ(*view_.now.at, a->shard->counted());
}

// Rule 14 across owners: whoever takes over from the view must know that a case could not be folded.
TEST_F(TrustTest, quarantine_survives_the_next_take_over) {
  Command bad = Open("k1", "disk-full@db7"), good = Open("k2");
  {
    auto a = Start("a");
    a->TakeOver();
    a->Execute(bad);
    a->Execute(good);
    a->Settle();
    a->view.hold = true;  // what follows is in the log alone
    a->Execute(On(bad.case_id, LogAttempt{"n", false}, "c1"));
    a->Settle();
    a->view.TakeScripts();
  }
  log_.records.back().body += "\x9a\x06\x01x";  // an event of a version to come
  {
    auto b = Start("b");
    b->TakeOver();
    ASSERT_EQ(b->shard->state(), Shard::State::kServing);
    auto call = b->Execute(On(bad.case_id, LogAttempt{"n", false}, "c2"));
    b->Settle();
    EXPECT_EQ(call->code(), ErrorCode::kWrongState);
    EXPECT_THAT(b->shard->table().quarantined(), ::testing::ElementsAre(bad.case_id));
  }
  auto c = Start("c");  // starts from the view, behind the record
  c->TakeOver();
  auto on_bad = c->Execute(On(bad.case_id, LogAttempt{"n", false}, "c3"));
  auto on_good = c->Execute(On(good.case_id, LogAttempt{"n", false}, "c4"));
  c->Settle();
  EXPECT_EQ(on_bad->code(), ErrorCode::kWrongState) << "decided on a case that nobody could fold: it has forked";
  EXPECT_TRUE(on_good->ok());
  EXPECT_EQ(History()[bad.case_id], (std::vector<uint64_t>{1, 2}));
  clock_.Advance(kHourMs);
  c->shard->Sweep();
  c->Settle();
  EXPECT_EQ(History()[bad.case_id].size(), 2u) << "a clock of a quarantined case was acted on";
  // Who reports the same again is heard: by a new case. A repeat of what opened it still finds it.
  auto anew = c->Execute(Open("k3", "disk-full@db7"));
  auto repeat = c->Execute(bad);
  c->Settle();
  ASSERT_TRUE(anew->ok() && repeat->ok());
  EXPECT_NE((*anew->answer)->case_id, bad.case_id);
  EXPECT_EQ((*anew->answer)->outcome, OutcomeKind::kOpened);
  EXPECT_EQ((*repeat->answer)->case_id, bad.case_id);
}

TEST_F(TrustTest, suggested_again_while_it_drains_it_takes_over_again) {
  auto a = Start("a");
  a->TakeOver();
  a->log.hold = true;
  auto call = a->Execute(Open("k1"));
  int released = 0;
  a->shard->Release([&] { ++released; });
  a->shard->Want();
  a->shard->Release([&] { ++released; });
  a->shard->Want();
  EXPECT_EQ(a->shard->state(), Shard::State::kDraining);
  a->log.hold = false;
  a->Settle();
  EXPECT_TRUE(call->ok());
  EXPECT_EQ(released, 2) << "the group waits for each";
  clock_.Advance(1000);
  a->Settle();
  EXPECT_EQ(a->shard->state(), Shard::State::kServing) << "wanted, and idle for ever";
}

TEST_F(TrustTest, report_of_an_earlier_ownership_is_never_used) {
  auto a = Start("a");
  a->TakeOver();
  a->log.hold = true;
  a->Execute(Open("k1"));
  const uint64_t stale = a->log.last_token();
  a->shard->OnProducerGone(Error{ErrorCode::kUnavailable, "fatal"});
  a->log.TakeHanded();
  a->log.hold = false;
  clock_.Advance(1000);
  a->Settle();
  ASSERT_EQ(a->shard->state(), Shard::State::kServing);
  a->log.hold = true;
  auto call = a->Execute(Open("k2"));  // with the same sequence number as the lost one
  a->shard->OnReport(stale, log_.end());
  EXPECT_FALSE(call->answer) << "answered by the report of a record of before";
  a->log.hold = false;
  a->Settle();
  EXPECT_TRUE(call->ok());
}

TEST_F(TrustTest, nothing_follows_a_retirement) {
  auto a = Start("a");
  a->rules.policy.after.reopen_within = kSecondMs;
  a->TakeOver();
  const Command open = Open("k1");
  a->Execute(open);
  a->Execute(On(open.case_id, Cancel{CancelCause::kWithdrawn, {}, "mistake"}, "cancel"));
  a->Settle();
  clock_.Advance(10 * kSecondMs);
  a->log.hold = true;
  a->shard->Sweep();  // the retirement is on its way
  ASSERT_TRUE(a->shard->table().Find(open.case_id)->decided->retired);
  auto reopen = a->Execute(On(open.case_id, Reopen{"again"}, "reopen"));
  a->log.hold = false;
  a->Settle();
  EXPECT_EQ(reopen->code(), ErrorCode::kNotFound);
  EXPECT_THAT(Truth().faults(), ::testing::IsEmpty());
  EXPECT_EQ(a->shard->table().size(), 0u);
}

TEST_F(TrustTest, repeat_without_a_key_finds_its_case_though_another_has_the_dedup_key) {
  auto a = Start("a");
  a->TakeOver();
  const Command first = Open("", "disk-full@db7");
  a->Execute(first);
  a->Execute(On(first.case_id, Cancel{CancelCause::kWithdrawn, {}, "mistake"}, "cancel"));
  a->Execute(Open("k2", "disk-full@db7"));
  a->Settle();
  auto again = a->Execute(first);
  a->Settle();
  ASSERT_TRUE(again->ok());
  EXPECT_EQ((*again->answer)->case_id, first.case_id);
  EXPECT_EQ((*again->answer)->outcome, OutcomeKind::kOpened);
}

// ---- shard reconcile (rule 13)

class ReconcileTest : public TrustTest {
 protected:
  /// Three cases, two of them changed; then the log loses its last `records`.
  void CutTail(size_t records) {
    auto a = Start("a");
    a->TakeOver();
    for (int i = 0; i < 3; ++i) {
      opened_.push_back(Open("k" + std::to_string(i)));
      a->Execute(opened_.back());
    }
    a->Settle();
    a->Execute(On(opened_[0].case_id, LogAttempt{"n", false}, "c0"));
    a->Execute(On(opened_[1].case_id, LogAttempt{"n", false}, "c1"));
    a->Settle();
    before_ = view_.now;
    a->shard->Lose("test");
    log_.records.resize(log_.records.size() - records);
  }
  std::optional<Result<rpc::Reconciled>> Reconcile(Instance& instance, bool dry_run) {
    auto said = std::make_shared<std::optional<Result<rpc::Reconciled>>>();
    Recovery recovery = instance.view.Viewed();
    recovery.dry_run = dry_run;
    recovery.done = [said](Result<rpc::Reconciled> outcome) { *said = std::move(outcome); };
    instance.shard->Reconcile(std::move(recovery));
    for (int i = 0; i < 5; ++i) {
      instance.Settle();
      clock_.Advance(300);
    }
    return *said;
  }
  std::vector<Command> opened_;
  SharedView::State before_;
};

TEST_F(ReconcileTest, puts_back_what_only_the_view_knows) {
  CutTail(3);  // both attempts and the third opening
  auto b = Start("b");
  b->TakeOver();
  ASSERT_EQ(b->shard->state(), Shard::State::kClosed);
  EXPECT_THAT(b->shard->why_closed(), HasSubstr("missing from the log"));
  const size_t length = log_.records.size();
  const auto dry = Reconcile(*b, true);
  ASSERT_TRUE(dry && dry->ok());
  EXPECT_EQ((*dry)->records, 3u);
  EXPECT_EQ(b->shard->state(), Shard::State::kClosed);
  EXPECT_EQ(log_.records.size(), length) << "a dry run wrote";
  EXPECT_EQ(b->Execute(Open("k9"))->code(), ErrorCode::kUnavailable);
  const auto done = Reconcile(*b, false);
  ASSERT_TRUE(done && done->ok()) << (done ? done->error().message : "no answer");
  EXPECT_EQ((*done)->records, 3u);
  ASSERT_EQ(b->shard->state(), Shard::State::kServing);
  const test::LogOracle truth = Truth();
  EXPECT_THAT(truth.faults(), ::testing::IsEmpty());
  EXPECT_EQ(truth.recovered(), 3u) << "recovered records are marked";
  for (const auto& [id, c] : before_.cases) {
    const CaseTable::Entry* entry = b->shard->table().Find(id);
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->counted->version, c->version);
    EXPECT_EQ(entry->counted->chain, c->chain) << "a recovered record keeps its hash";
  }
  EXPECT_EQ(*view_.now.at, b->shard->counted());
  auto again = b->Execute(opened_[2]);
  b->Settle();
  ASSERT_TRUE(again->ok());
  EXPECT_EQ((*again->answer)->case_id, opened_[2].case_id);
}

TEST_F(ReconcileTest, the_new_fence_is_above_the_epoch_that_only_the_view_knows) {
  {
    auto a = Start("a");
    a->TakeOver();
    a->Execute(Open("k0"));
    a->Settle();
  }
  const size_t kept = log_.records.size();
  for (int i = 0; i < 3; ++i) {  // three more owners, whose fences the log then loses
    auto next = Start("n" + std::to_string(i));
    next->TakeOver();
    next->Execute(Open("m" + std::to_string(i)));
    next->Settle();
  }
  const uint64_t seen = view_.now.epoch;
  log_.records.resize(kept);
  auto b = Start("b");
  b->TakeOver();
  ASSERT_EQ(b->shard->state(), Shard::State::kClosed);
  const auto done = Reconcile(*b, false);
  ASSERT_TRUE(done && done->ok());
  EXPECT_GT(b->shard->counted().epoch, seen) << "Redis takes this owner for a deposed one for ever";
  EXPECT_EQ(*view_.now.at, b->shard->counted());
  EXPECT_EQ(view_.now.cases.size(), 4u);
}

TEST_F(ReconcileTest, a_dry_run_that_cannot_read_the_log_says_so) {
  CutTail(3);
  auto b = Start("b");
  b->TakeOver();
  ASSERT_EQ(b->shard->state(), Shard::State::kClosed);
  log_.low = 2;  // and retention took the beginning, without a base
  const auto dry = Reconcile(*b, true);
  ASSERT_TRUE(dry) << "nobody was answered";
  EXPECT_FALSE(dry->ok());
  EXPECT_EQ(b->shard->state(), Shard::State::kClosed);
}

TEST_F(ReconcileTest, an_owner_deposed_in_mid_recovery_leaves_the_rest_to_the_next) {
  CutTail(3);
  auto b = Start("b");
  b->TakeOver();
  ASSERT_EQ(b->shard->state(), Shard::State::kClosed);
  Recovery recovery = b->view.Viewed();
  const Recovery same = b->view.Viewed();
  std::optional<Result<rpc::Reconciled>> said;
  recovery.done = [&](Result<rpc::Reconciled> outcome) { said = std::move(outcome); };
  b->log.hold = true;
  b->shard->Reconcile(std::move(recovery));
  b->Settle();
  b->log.Land();  // the fence
  b->Settle();
  ASSERT_EQ(b->shard->state(), Shard::State::kRecovering);
  b->log.Land();  // one of three
  AppendForeign(b->shard->counted().epoch + 1, 9, 0, log::RecordType::kFence);
  b->log.hold = false;
  b->Settle();
  ASSERT_TRUE(said);
  EXPECT_EQ(said->error().code, ErrorCode::kOutcomeUnknown);
  clock_.Advance(1000);
  b->Settle();
  ASSERT_EQ(b->shard->state(), Shard::State::kClosed) << "the view is still another one than the log's";
  const auto done = Reconcile(*b, false);
  ASSERT_TRUE(done && done->ok());
  EXPECT_EQ((*done)->records, 2u);
  EXPECT_THAT(Truth().faults(), ::testing::IsEmpty());
  EXPECT_EQ(b->shard->table().size(), 3u);
}

}  // namespace
}  // namespace escalon::routing::testing

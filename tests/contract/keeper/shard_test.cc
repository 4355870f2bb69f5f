// The core protocol, one test for each counterexample of the model, by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/log/envelope.h"
#include "tests/contract/keeper/one_shard.h"

namespace escalon::routing::testing {
namespace {

class ShardTest : public OneShard {};

TEST_F(ShardTest, opens_a_case_and_answers_when_it_counts) {
  auto a = Start("a");
  a->TakeOver();
  ASSERT_EQ(a->shard->state(), Shard::State::kServing);
  a->log.hold = true;
  const Command open = Open("k1");
  auto call = a->Execute(open);
  EXPECT_FALSE(call->answer);
  a->log.Land();
  EXPECT_FALSE(call->answer) << "landed, but not reported";
  a->log.Report();
  ASSERT_TRUE(call->ok());
  EXPECT_EQ((*call->answer)->version, 1u);
  EXPECT_EQ((*call->answer)->outcome, OutcomeKind::kOpened);
  EXPECT_EQ(History()[open.case_id], std::vector<uint64_t>{1});
  EXPECT_TRUE(view_.now.cases.contains(open.case_id));
}

TEST_F(ShardTest, no_answer_before_own_fence_is_read) {
  auto a = Start("a");
  a->log.hold = true;
  a->shard->Want();
  a->Settle();
  EXPECT_EQ(a->shard->state(), Shard::State::kFencing);
  EXPECT_EQ(a->Execute(Open("k1"))->code(), ErrorCode::kUnavailable);
  a->log.Land();  // in the log; the report comes first and is no reason to serve
  a->log.Report();
  EXPECT_EQ(a->shard->state(), Shard::State::kFencing);
  a->Settle();
  EXPECT_EQ(a->shard->state(), Shard::State::kServing);
}

TEST_F(ShardTest, foreign_record_between_two_own_is_read_before_answering) {
  auto a = Start("a");
  a->TakeOver();
  a->log.hold = true;
  auto first = a->Execute(Open("k1"));
  a->log.Land();
  a->log.Report();
  ASSERT_TRUE(first->ok());
  AppendForeign(0, 9, 7);  // a zombie of before
  auto second = a->Execute(Open("k2"));
  a->log.Land();
  a->log.Report();
  EXPECT_FALSE(second->answer) << "answered over a gap that nobody has read";
  a->Settle();
  EXPECT_TRUE(second->ok());
}

TEST_F(ShardTest, counted_fence_in_gap_answers_unknown) {
  auto a = Start("a");
  a->TakeOver();
  const uint64_t epoch = a->shard->counted().epoch;
  a->log.hold = true;
  auto call = a->Execute(Open("k1"));
  AppendForeign(epoch + 1, 9, 0, log::RecordType::kFence);
  a->log.Land();
  a->log.Report();
  a->Settle();
  ASSERT_TRUE(call->answer);
  EXPECT_EQ(call->code(), ErrorCode::kOutcomeUnknown);
  EXPECT_TRUE(History().empty());
}

TEST_F(ShardTest, duplicate_sequence_reports_no_offset) {
  auto a = Start("a");
  a->TakeOver();
  a->log.hold = true;
  auto call = a->Execute(Open("k1"));
  auto next = a->Execute(Open("k2"));
  a->log.Land();
  a->log.Land();
  a->log.ReportWithoutOffset();
  EXPECT_EQ(call->code(), ErrorCode::kOutcomeUnknown);
  a->log.Report();  // of an ownership that has ended: never used
  EXPECT_EQ(next->code(), ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(next->answers, 1);
  a->log.hold = false;
  clock_.Advance(1000);
  a->Settle();
  EXPECT_EQ(a->shard->state(), Shard::State::kServing);
  EXPECT_EQ(a->shard->table().size(), 2u) << "the log says that both happened";
}

TEST_F(ShardTest, repeat_after_unknown_outcome) {
  auto a = Start("a");
  a->TakeOver();
  a->log.hold = true;
  const Command open = Open("k1");
  auto lost = a->Execute(open);
  a->log.Land();
  a->log.ReportWithoutOffset();
  ASSERT_EQ(lost->code(), ErrorCode::kOutcomeUnknown);
  a->log.hold = false;
  clock_.Advance(1000);
  a->Settle();
  Command again = open;
  again.case_id = Open("x").case_id;  // the door makes a new id; the key decides
  auto call = a->Execute(again);
  a->Settle();
  ASSERT_TRUE(call->ok());
  EXPECT_EQ((*call->answer)->case_id, open.case_id);
  EXPECT_EQ(History()[open.case_id].size(), 1u);
  EXPECT_EQ(a->shard->table().size(), 1u);
}

TEST_F(ShardTest, repeat_while_in_flight) {
  auto a = Start("a");
  a->TakeOver();
  a->log.hold = true;
  const Command open = Open("k1");
  auto first = a->Execute(open);
  auto again = a->Execute(open);
  a->shard->EndOfTurn();
  a->log.Land();
  a->log.Report();
  EXPECT_TRUE(first->ok());
  EXPECT_FALSE(again->answer) << "a repeat waits for its own proof";
  a->log.hold = false;
  a->Settle();
  ASSERT_TRUE(again->ok());
  EXPECT_EQ((*again->answer)->case_id, open.case_id);
  EXPECT_EQ(History()[open.case_id].size(), 1u);
}

TEST_F(ShardTest, same_id_other_body) {
  auto a = Start("a");
  a->TakeOver();
  a->Execute(Open("k1", {}, "printer on fire"));
  a->Settle();
  auto other = a->Execute(Open("k1", {}, "coffee machine on fire"));
  a->Settle();
  EXPECT_EQ(other->code(), ErrorCode::kInvalidArgument);
  const CaseId id = a->shard->table().Ids().front();
  Command attempt = On(id, LogAttempt{"restarted", false}, "c1");
  auto first = a->Execute(attempt);
  attempt.body = LogAttempt{"replaced", true};
  attempt.body_hash = CommandHash("another body");
  auto second = a->Execute(attempt);
  a->Settle();
  EXPECT_TRUE(first->ok());
  EXPECT_EQ(second->code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(History()[id].size(), 2u);
}

TEST_F(ShardTest, two_submissions_with_one_dedup_key_are_one_case) {
  auto a = Start("a");
  a->TakeOver();
  const Command open = Open("k1", "disk-full@db7");
  a->Execute(open);
  a->Settle();
  auto second = a->Execute(Open("k2", "disk-full@db7"));
  a->Settle();
  ASSERT_TRUE(second->ok());
  EXPECT_EQ((*second->answer)->case_id, open.case_id);
  EXPECT_EQ((*second->answer)->outcome, OutcomeKind::kAttached);
  for (int i = 0; i < 50; ++i) a->Execute(Open("n" + std::to_string(i), "disk-full@db7"));
  a->Settle();
  const size_t before = History()[open.case_id].size();
  a->shard->Sweep();
  a->Settle();
  EXPECT_EQ(History()[open.case_id].size(), before + 1) << "fifty reports, one record";
  EXPECT_EQ(a->shard->table().Find(open.case_id)->counted->reports, 52u);
}

TEST_F(ShardTest, view_rolled_back_is_replayed) {
  auto a = Start("a");
  a->TakeOver();
  a->Execute(Open("k1"));
  a->Settle();
  const SharedView::State old = view_.now;
  const Command second = Open("k2");
  a->Execute(second);
  a->Settle();
  view_.now = old;  // Redis fell back
  const Command third = Open("k3");
  a->Execute(third);
  a->Settle();
  EXPECT_TRUE(view_.now.cases.contains(second.case_id)) << "a hole in the view";
  EXPECT_TRUE(view_.now.cases.contains(third.case_id));
  EXPECT_EQ(*view_.now.at, a->shard->counted());
  EXPECT_GT(a->view.resets, 0);
}

TEST_F(ShardTest, older_epoch_cannot_write_view) {
  auto a = Start("a");
  auto b = Start("b");
  a->TakeOver();
  a->log.hold = true;
  a->Execute(Open("k1"));
  a->log.Land();  // lands, but A sleeps before its report
  b->TakeOver();
  const Command by_b = Open("k2");
  b->Execute(by_b);
  b->Settle();
  a->log.hold = false;
  a->Settle();  // wakes; what it would write of its old ownership must not show
  EXPECT_EQ(*view_.now.at, b->shard->counted());
  EXPECT_EQ(view_.now.epoch, b->shard->counted().epoch);
  EXPECT_EQ(view_.now.cases.size(), 2u);
}

TEST_F(ShardTest, rejection_by_deposed_owner_is_not_sent) {
  auto a = Start("a");
  auto b = Start("b");
  a->TakeOver();
  b->TakeOver();
  const Command open = Open("k1");
  b->Execute(open);
  b->Settle();
  auto call =
      a->Execute(On(open.case_id, AddNote{}, "c1"));  // A knows no such case, and does not know that it is deposed
  a->log.hold = true;
  a->shard->EndOfTurn();
  EXPECT_FALSE(call->answer) << "no such case, says an owner that was deposed";
  a->log.hold = false;
  a->Settle();
  ASSERT_TRUE(call->answer);
  EXPECT_EQ(call->code(), ErrorCode::kOutcomeUnknown);
}

TEST_F(ShardTest, rejection_waits_for_what_it_rests_on) {
  auto a = Start("a");
  a->TakeOver();
  const Command open = Open("k1");
  a->Execute(open);
  a->Settle();
  a->log.hold = true;
  auto cancel = a->Execute(On(open.case_id, Cancel{CancelCause::kWithdrawn, {}, "mistake"}, "c1"));
  auto refused = a->Execute(On(open.case_id, Acknowledge{}, "c2"));  // refused because of c1, which has not landed
  a->shard->EndOfTurn();
  EXPECT_FALSE(refused->answer);
  a->log.Drop();
  a->log.Report();
  EXPECT_EQ(cancel->code(), ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(refused->code(), ErrorCode::kOutcomeUnknown) << "it rests on a record that never landed";
}

TEST_F(ShardTest, record_under_way_at_arrival_is_no_proof) {
  auto a = Start("a");
  a->TakeOver();
  a->log.hold = true;
  auto first = a->Execute(Open("k1"));
  const CaseId unknown = Open("k9").case_id;
  auto question = a->Execute(On(unknown, AddNote{}, "c1"));
  a->shard->EndOfTurn();
  a->log.Land();
  a->log.Report();
  ASSERT_TRUE(first->ok());
  EXPECT_FALSE(question->answer) << "the record was under way when the question came: it proves nothing";
  a->log.hold = false;
  a->Settle();
  EXPECT_EQ(question->code(), ErrorCode::kNotFound);
}

TEST_F(ShardTest, delivery_error_in_mid_batch) {
  auto a = Start("a");
  a->TakeOver();
  a->log.hold = true;
  const Command lost = Open("k1"), landed = Open("k2");
  auto first = a->Execute(lost);
  auto second = a->Execute(landed);
  a->log.Drop();  // record 1 never arrives,
  a->log.Land();  // record 2 does: it must not count
  a->log.Report();
  a->log.Report();
  EXPECT_EQ(first->code(), ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(second->code(), ErrorCode::kOutcomeUnknown);
  a->log.hold = false;
  clock_.Advance(1000);
  a->Settle();
  ASSERT_EQ(a->shard->state(), Shard::State::kServing);
  EXPECT_TRUE(History().empty());
  auto again = a->Execute(landed);
  a->Settle();
  ASSERT_TRUE(again->ok());
  EXPECT_EQ(History()[landed.case_id], std::vector<uint64_t>{1});
}

TEST_F(ShardTest, fatal_error_refences_all_once) {
  auto a = Start("a");
  a->TakeOver();
  const uint64_t epoch = a->shard->counted().epoch;
  a->log.hold = true;
  auto call = a->Execute(Open("k1"));
  a->shard->OnProducerGone(Error{ErrorCode::kUnavailable, "fatal"});
  EXPECT_EQ(call->code(), ErrorCode::kOutcomeUnknown);
  a->log.hold = false;
  clock_.Advance(1000);
  a->Settle();
  EXPECT_EQ(a->shard->state(), Shard::State::kServing);
  EXPECT_EQ(a->shard->counted().epoch, epoch + 1);
}

TEST_F(ShardTest, between_two_attempts_to_take_over_it_is_still_on_its_way) {
  auto a = Start("a");
  EXPECT_FALSE(a->shard->coming());
  a->TakeOver();
  EXPECT_FALSE(a->shard->coming());
  a->shard->OnProducerGone(Error{ErrorCode::kUnavailable, "fatal"});
  EXPECT_EQ(a->shard->state(), Shard::State::kIdle);
  EXPECT_TRUE(a->shard->coming()) << "a service that says it is ready now would refuse everything";
  EXPECT_EQ(a->Execute(Open("k1"))->code(), ErrorCode::kUnavailable);
  clock_.Advance(1000);
  a->Settle();
  EXPECT_FALSE(a->shard->coming());
  a->shard->Lose("revoked");
  EXPECT_FALSE(a->shard->coming());
}

TEST_F(ShardTest, two_instances_one_wins_and_the_log_says_who) {
  auto a = Start("a");
  auto b = Start("b");
  a->log.hold = b->log.hold = true;
  a->shard->Want();
  b->shard->Want();
  a->Settle();
  b->Settle();  // both have handed over a fence of the same epoch
  b->log.Land();
  a->log.Land();
  a->Settle();
  b->Settle();
  EXPECT_EQ(b->shard->state(), Shard::State::kServing);
  EXPECT_NE(a->shard->state(), Shard::State::kServing);
}

TEST_F(ShardTest, log_shorter_than_view_keeps_shard_closed) {
  {
    auto a = Start("a");
    a->TakeOver();
    a->Execute(Open("k1"));
    a->Settle();
  }
  log_.records.pop_back();
  auto b = Start("b");
  b->TakeOver();
  EXPECT_EQ(b->shard->state(), Shard::State::kClosed);
  EXPECT_EQ(b->Execute(Open("k2"))->code(), ErrorCode::kUnavailable);
}

TEST_F(ShardTest, other_log_of_same_length_keeps_shard_closed) {
  {
    auto a = Start("a");
    a->TakeOver();
    a->Execute(Open("k1"));
    a->Settle();
  }
  log_.records.back().head.seq = 77;
  auto b = Start("b");
  b->TakeOver();
  EXPECT_EQ(b->shard->state(), Shard::State::kClosed);
}

TEST_F(ShardTest, unknown_event_kind_quarantines_one_case) {
  Command bad, good;
  {
    auto a = Start("a");
    a->TakeOver();
    bad = Open("k1");
    good = Open("k2");
    a->Execute(bad);
    a->Execute(good);
    a->Settle();
  }
  for (log::Record& record : log_.records) {
    if (record.head.case_id == bad.case_id) record.body += "\x9a\x06\x01x";  // a field that this version does not know
  }
  view_.now = SharedView::State{};
  auto b = Start("b");
  b->TakeOver();
  ASSERT_EQ(b->shard->state(), Shard::State::kServing);
  auto on_bad = b->Execute(On(bad.case_id, Acknowledge{}, "c1"));
  auto on_good = b->Execute(On(good.case_id, LogAttempt{"restarted", false}, "c2"));
  b->Settle();
  EXPECT_EQ(on_bad->code(), ErrorCode::kWrongState);
  EXPECT_TRUE(on_good->ok());
}

TEST_F(ShardTest, accept_goes_on_while_redis_is_stopped) {
  auto a = Start("a");
  a->TakeOver();
  view_.away = true;
  std::vector<std::shared_ptr<Instance::Call>> calls;
  for (int i = 0; i < 100; ++i) calls.push_back(a->Execute(Open("k" + std::to_string(i))));
  a->Settle();
  for (const auto& call : calls) EXPECT_TRUE(call->ok());
}

TEST_F(ShardTest, kafka_away_bounds_the_queue) {
  auto a = Start("a");
  a->TakeOver();
  a->log.hold = true;
  std::vector<std::shared_ptr<Instance::Call>> calls;
  for (int i = 0; i < 2100; ++i) calls.push_back(a->Execute(Open("k" + std::to_string(i))));
  EXPECT_EQ(calls.back()->code(), ErrorCode::kResourceExhausted);
  EXPECT_EQ(a->shard->pending(), 2000u);
  clock_.Advance(600);
  EXPECT_EQ(a->Execute(Open("late"))->code(), ErrorCode::kResourceExhausted);
  clock_.Advance(5000);
  a->shard->Sweep();
  EXPECT_EQ(calls.front()->code(), ErrorCode::kOutcomeUnknown);
}

TEST_F(ShardTest, a_late_clock_is_rescued_once_its_owner_was_able_to_hear_of_it) {
  auto a = Start("a");
  a->rules.policy.triage_wait = kSecondMs;
  a->TakeOver();
  const Command open = Open("k1");
  a->Execute(open);
  a->Settle();
  const auto triaged = [&] { return a->shard->table().Find(open.case_id)->counted->state != CaseState::kNew; };
  a->log.hold = true;
  a->Execute(Open("k2"));
  clock_.Advance(4 * kSecondMs);
  a->shard->Sweep();  // the log is away: sla-timer was refused, as anybody would be
  a->log.hold = false;
  a->Settle();
  a->shard->Sweep();
  a->Settle();
  EXPECT_FALSE(triaged()) << "sla-timer had no time to ask again";
  clock_.Advance(2 * kSecondMs);
  a->shard->Sweep();
  a->Settle();
  EXPECT_TRUE(triaged());
  EXPECT_EQ(a->metrics.rescued->Value(), 2) << "both cases, each once";
  a->shard->Sweep();
  a->Settle();
  EXPECT_EQ(a->metrics.rescued->Value(), 2);
}

TEST_F(ShardTest, a_very_late_clock_is_rescued_however_busy_its_owner_is) {
  auto a = Start("a");
  a->rules.policy.triage_wait = kSecondMs;
  a->TakeOver();
  a->Execute(Open("k1"));
  a->Settle();
  for (int i = 0; i < 12; ++i) {
    a->log.hold = true;
    a->Execute(Open("n" + std::to_string(i)));
    clock_.Advance(kSecondMs);
    a->shard->Sweep();  // slow each time, and well again
    a->log.hold = false;
    a->Settle();
    a->shard->Sweep();
    a->Settle();
  }
  EXPECT_GT(a->metrics.rescued->Value(), 0);
}

TEST_F(ShardTest, a_command_past_its_deadline_is_not_decided) {
  auto a = Start("a");
  a->TakeOver();
  Command open = Open("k1");
  open.deadline = clock_.wall - 1;
  EXPECT_EQ(a->Execute(open)->code(), ErrorCode::kDeadlineExceeded);
  a->Settle();
  EXPECT_TRUE(History().empty());
}

TEST_F(ShardTest, clock_steps_back) {
  auto a = Start("a");
  a->TakeOver();
  const Command open = Open("k1");
  a->Execute(open);
  a->Settle();
  const InstantMs before = a->shard->table().Find(open.case_id)->counted->last_at;
  clock_.wall -= kHourMs;
  a->Execute(On(open.case_id, LogAttempt{"restarted", false}, "c1"));
  a->Settle();
  EXPECT_GE(a->shard->table().Find(open.case_id)->counted->last_at, before);
}

TEST_F(ShardTest, another_tenant_sees_nothing) {
  auto a = Start("a");
  a->TakeOver();
  const Command open = Open("k1");
  a->Execute(open);
  a->Settle();
  Command foreign = On(open.case_id, LogAttempt{"x", false}, "c1");
  foreign.actor.tenant = "globex";
  auto call = a->Execute(foreign);
  a->Settle();
  EXPECT_EQ(call->code(), ErrorCode::kNotFound);
}

TEST_F(ShardTest, rolling_restart_answers_everything) {
  auto a = Start("a");
  auto b = Start("b");
  a->TakeOver();
  std::vector<std::shared_ptr<Instance::Call>> calls;
  for (int i = 0; i < 10; ++i) calls.push_back(a->Execute(Open("k" + std::to_string(i))));
  bool released = false;
  a->shard->Release([&] { released = true; });
  EXPECT_EQ(a->Execute(Open("late"))->code(), ErrorCode::kNotOwner);
  a->Settle();
  EXPECT_TRUE(released);
  for (const auto& call : calls) EXPECT_TRUE(call->ok());
  b->TakeOver();
  EXPECT_EQ(b->shard->table().size(), 10u);
}

}  // namespace
}  // namespace escalon::routing::testing

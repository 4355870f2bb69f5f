#include "tests/load/checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/events_codec.h"

namespace escalon::load {
namespace {

using testing::HasSubstr;
using wire::DeliveryOutcome;

constexpr InstantMs kStart = 1'800'000'000'000;

/// A history and a log that agree; tests plant a fault and look whether it is found, and nothing else.
class CheckerTest : public testing::Test {
 protected:
  CaseId NewCase() { return CaseId::Make(kStart, 17, 0, ++cases_); }

  void Log(const CaseId& id, uint64_t version, const std::string& command, std::vector<Event> events,
           InstantMs at = kStart) {
    EventBatch batch;
    batch.at = at;
    batch.command_id = command;
    batch.events = std::move(events);
    log::Record record;
    record.head.type = log::RecordType::kEvents;
    record.head.case_id = id;
    record.head.version = version;
    record.head.tenant = "shop";
    record.head.command_id = command;
    record.body = wire::EncodeBatch(batch);
    collector_.TakeCounted(record);
  }

  void LogOpened(const CaseId& id, const std::string& key, std::vector<Event> more = {}) {
    Opened opened;
    opened.facts.source = "desk";
    opened.facts.title = "t";
    opened.idempotency_key = key;
    more.insert(more.begin(), opened);
    Log(id, 1, "submit/" + key, std::move(more));
  }

  /// A submission and two commands, answered as they stand in the log.
  CaseId Agree() {
    const CaseId id = NewCase();
    LogOpened(id, "k1");
    Log(id, 2, "c1", {NoteAdded{}});
    Log(id, 3, "c2", {NoteAdded{}});
    history_.Answer(history_.Submitted("desk", "k1"), CallOutcome::kOpened, id, 1);
    history_.Answer(history_.Commanded("c1", id), CallOutcome::kDone, id, 2);
    history_.Answer(history_.Commanded("c2", id), CallOutcome::kDone, id, 3);
    return id;
  }

  NotifyIntended Told(std::vector<std::string> people) {
    NotifyIntended told;
    told.people = std::move(people);
    told.message = "assigned";
    return told;
  }

  void Deliver(const CaseId& id, uint64_t version, const std::string& person, DeliveryOutcome outcome,
               const std::string& reason = "a reason", InstantMs again_at = 0) {
    wire::DeliveryRecord record;
    record.case_id = id;
    record.version = version;
    record.person = person;
    record.outcome = outcome;
    record.reason = reason;
    record.next_attempt_at = again_at;
    collector_.TakeDelivery(record);
  }

  CheckReport Check() {
    collector_.EndShard();
    return CheckHistory(history_, facts_, options_);
  }

  History history_;
  LogFacts facts_;
  LogCollector collector_{1, &facts_};
  CheckOptions options_;
  uint64_t cases_ = 0;
};

TEST_F(CheckerTest, FindsNothingWhereHistoryAndLogAgree) {
  Agree();
  const CheckReport report = Check();
  EXPECT_TRUE(report.ok()) << testing::PrintToString(report.first_faults);
  EXPECT_EQ(report.calls, 3u);
  EXPECT_EQ(report.answered, 3u);
}

TEST_F(CheckerTest, FindsASubmissionThatWasAnsweredAndIsNotInTheLog) {
  Agree();
  history_.Answer(history_.Submitted("desk", "k2"), CallOutcome::kOpened, NewCase(), 1);
  const CheckReport report = Check();
  EXPECT_EQ(report.lost, 1u);
  EXPECT_EQ(report.faults(), 1u);
  EXPECT_THAT(report.first_faults.front(), HasSubstr("k2"));
}

TEST_F(CheckerTest, FindsACommandThatWasAnsweredAndIsNotInTheLog) {
  const CaseId id = Agree();
  history_.Answer(history_.Commanded("c3", id), CallOutcome::kDone, id, 4);
  EXPECT_EQ(Check().lost, 1u);
}

TEST_F(CheckerTest, FindsAnAttachedSubmissionWhoseCaseIsMissing) {
  Agree();
  history_.Answer(history_.Submitted("desk", "k2"), CallOutcome::kAttached, NewCase(), 3);
  EXPECT_EQ(Check().lost, 1u);
}

TEST_F(CheckerTest, FindsACommandWithTwoEffects) {
  const CaseId id = Agree();
  Log(id, 4, "c2", {NoteAdded{}});
  const CheckReport report = Check();
  EXPECT_EQ(report.doubled, 1u);
  EXPECT_EQ(report.faults(), 1u);
}

TEST_F(CheckerTest, FindsAnUnknownCommandWithTwoEffects) {
  const CaseId id = Agree();
  Log(id, 4, "c3", {NoteAdded{}});
  Log(id, 5, "c3", {NoteAdded{}});
  history_.Commanded("c3", id);
  EXPECT_EQ(Check().doubled, 1u);
}

TEST_F(CheckerTest, TakesAnUnknownCallWithOneEffectOrNone) {
  const CaseId id = Agree();
  Log(id, 4, "c3", {NoteAdded{}});
  history_.Commanded("c3", id);
  history_.Commanded("c4", id);
  history_.Submitted("desk", "k9");
  const CheckReport report = Check();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.unknown, 3u);
  EXPECT_EQ(report.unknown_applied, 1u);
}

TEST_F(CheckerTest, FindsARefusedCommandInTheLog) {
  const CaseId id = Agree();
  Log(id, 4, "c3", {NoteAdded{}});
  history_.Answer(history_.Commanded("c3", id), CallOutcome::kRejected, {}, 0);
  EXPECT_EQ(Check().phantom, 1u);
}

TEST_F(CheckerTest, FindsACommandSaidToHaveChangedNothingInTheLog) {
  const CaseId id = Agree();
  Log(id, 4, "c3", {NoteAdded{}});
  history_.Answer(history_.Commanded("c3", id), CallOutcome::kUnchanged, id, 3);
  EXPECT_EQ(Check().phantom, 1u);
}

TEST_F(CheckerTest, FindsARefusedSubmissionInTheLogUnlessAnotherOneTookItsKey) {
  Agree();
  history_.Answer(history_.Submitted("desk", "k1"), CallOutcome::kRejected, {}, 0);  // another body under a key in use
  EXPECT_TRUE(Check().ok());
  LogOpened(NewCase(), "k5");
  history_.Answer(history_.Submitted("desk", "k5"), CallOutcome::kRejected, {}, 0);
  EXPECT_EQ(Check().phantom, 1u);
}

TEST_F(CheckerTest, FindsAnAnswerWithAnotherVersionThanTheLogs) {
  const CaseId id = Agree();
  Log(id, 4, "c3", {NoteAdded{}});
  history_.Answer(history_.Commanded("c3", id), CallOutcome::kDone, id, 5);
  EXPECT_EQ(Check().misplaced, 1u);
}

TEST_F(CheckerTest, FindsAnAnswerWithAnotherCaseThanTheLogs) {
  Agree();
  LogOpened(NewCase(), "k2");
  history_.Answer(history_.Submitted("desk", "k2"), CallOutcome::kOpened, NewCase(), 1);
  EXPECT_EQ(Check().misplaced, 1u);
}

TEST_F(CheckerTest, FindsTwoCasesOfOneKey) {
  Agree();
  LogOpened(NewCase(), "k1");
  EXPECT_EQ(Check().second_cases, 1u);
}

TEST_F(CheckerTest, TakesSubmissionsWithoutAKeyAsCasesOfTheirOwn) {
  LogOpened(NewCase(), "");
  LogOpened(NewCase(), "");
  EXPECT_TRUE(Check().ok());
}

TEST_F(CheckerTest, FindsAGapInTheVersionsOfACase) {
  const CaseId id = NewCase();
  LogOpened(id, "k1");
  Log(id, 3, "c1", {NoteAdded{}});
  EXPECT_EQ(Check().gaps, 1u);
}

TEST_F(CheckerTest, FindsARecordThatCannotBeRead) {
  log::Record record;
  record.head.type = log::RecordType::kEvents;
  record.head.case_id = NewCase();
  record.head.version = 1;
  record.body = "\x07garbage";
  collector_.TakeCounted(record);
  EXPECT_EQ(Check().unreadable, 1u);
}

TEST_F(CheckerTest, FindsAnIntentOfWhichTheDeliveryLogKnowsNothing) {
  LogOpened(NewCase(), "k1", {Told({"ana"})});
  EXPECT_EQ(Check().untold, 1u);
}

TEST_F(CheckerTest, FindsThePersonWhoWasForgottenAmongSeveral) {
  const CaseId id = NewCase();
  LogOpened(id, "k1", {Told({"ana", "ben"})});
  Deliver(id, 1, "ana", DeliveryOutcome::kDelivered);
  const CheckReport report = Check();
  EXPECT_EQ(report.untold, 1u);
  EXPECT_THAT(report.first_faults.front(), HasSubstr("ben"));
}

TEST_F(CheckerTest, TakesEveryEndOfADelivery) {
  const CaseId id = NewCase();
  LogOpened(id, "k1", {Told({"ana", "ben", "cleo", "dora"})});
  Deliver(id, 1, "ana", DeliveryOutcome::kRetrying);
  Deliver(id, 1, "ana", DeliveryOutcome::kDelivered);
  Deliver(id, 1, "ben", DeliveryOutcome::kSuppressed);
  Deliver(id, 1, "cleo", DeliveryOutcome::kDead);
  Deliver(id, 1, "dora", DeliveryOutcome::kHeld);
  const CheckReport report = Check();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.delivered, 1u);
  EXPECT_EQ(report.suppressed, 1u);
  EXPECT_EQ(report.dead, 1u);
  EXPECT_EQ(report.under_way, 1u);
}

TEST_F(CheckerTest, FindsAMessageThatWasDeliveredTwice) {
  const CaseId id = NewCase();
  LogOpened(id, "k1", {Told({"ana"})});
  Deliver(id, 1, "ana", DeliveryOutcome::kDelivered);
  Deliver(id, 1, "ana", DeliveryOutcome::kDelivered);
  EXPECT_EQ(Check().delivered_twice, 1u);
}

TEST_F(CheckerTest, TakesAMessageThatWasSentAgainAfterACrash) {
  const CaseId id = NewCase();
  LogOpened(id, "k1", {Told({"ana"})});
  Deliver(id, 1, "ana", DeliveryOutcome::kDelivered);
  Deliver(id, 1, "ana", DeliveryOutcome::kDelivered);
  options_.with_crashes = true;
  EXPECT_TRUE(Check().ok());
}

TEST_F(CheckerTest, FindsAMessageThatWasGivenUpWithoutAReason) {
  const CaseId id = NewCase();
  LogOpened(id, "k1", {Told({"ana", "ben", "cleo"})});
  Deliver(id, 1, "ana", DeliveryOutcome::kSuppressed, "");
  Deliver(id, 1, "ben", DeliveryOutcome::kDead, "");
  Deliver(id, 1, "cleo", DeliveryOutcome::kDelivered, "");
  const CheckReport report = Check();
  EXPECT_EQ(report.unexplained, 2u);
  EXPECT_EQ(report.faults(), 2u);
}

TEST_F(CheckerTest, FindsAMessageThatWasToBeTriedAgainAndWasNot) {
  const CaseId id = NewCase();
  LogOpened(id, "k1", {Told({"ana", "ben"})});
  Deliver(id, 1, "ana", DeliveryOutcome::kRetrying, "busy", kStart + kMinuteMs);
  Deliver(id, 1, "ben", DeliveryOutcome::kHeld, "quiet hours", kStart + kHourMs);
  options_.ended_at = kStart + 10 * kMinuteMs;
  options_.settle_ms = kSecondMs;
  const CheckReport report = Check();
  EXPECT_EQ(report.stalled, 1u) << "the other one is still to come";
  EXPECT_EQ(report.faults(), 1u);
  EXPECT_THAT(report.first_faults.front(), HasSubstr("ana"));
}

TEST_F(CheckerTest, FindsAMessageThatNobodyIntended) {
  const CaseId id = NewCase();
  LogOpened(id, "k1");
  Deliver(id, 1, "ana", DeliveryOutcome::kDelivered);
  Deliver({}, 0, "ben", DeliveryOutcome::kDelivered);  // a test page
  const CheckReport report = Check();
  EXPECT_EQ(report.unasked, 1u);
  EXPECT_EQ(report.faults(), 1u);
}

TEST_F(CheckerTest, DoesNotJudgeAnIntentThatIsTooYoung) {
  LogOpened(NewCase(), "k1", {Told({"ana"})});
  options_.ended_at = kStart + 1000;
  options_.settle_ms = 2000;
  const CheckReport report = Check();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.under_way, 1u);
}

ClockArmed Armed(InstantMs due_at) {
  ClockArmed armed;
  armed.clock.name = "step.functional";
  armed.clock.generation = 1;
  armed.clock.due_at = due_at;
  armed.clock.alarms = {Alarm{due_at, AlarmKind::kDeadline, {}, ""}};
  return armed;
}

ClockFired Fired(InstantMs due_at) {
  ClockFired fired;
  fired.name = "step.functional";
  fired.generation = 1;
  fired.alarm = Alarm{due_at, AlarmKind::kDeadline, {}, ""};
  return fired;
}

TEST_F(CheckerTest, FindsAClockThatWasDueAndOnWhichNobodyActed) {
  LogOpened(NewCase(), "k1", {Armed(kStart + kMinuteMs)});
  LogOpened(NewCase(), "k2", {Armed(kStart + kHourMs)});
  options_.ended_at = kStart + 10 * kMinuteMs;
  options_.settle_ms = kSecondMs;
  const CheckReport report = Check();
  EXPECT_EQ(report.missed, 1u) << "the other one is not due yet";
  EXPECT_EQ(report.faults(), 1u);
  EXPECT_THAT(report.first_faults.front(), HasSubstr("step.functional"));
}

TEST_F(CheckerTest, FindsAClockThatWasHandledTooLate) {
  const CaseId id = NewCase();
  LogOpened(id, "k1", {Armed(kStart + 500)});
  Log(id, 2, "clock/1", {Fired(kStart + 500)}, kStart + 1800);
  const CheckReport report = Check();
  EXPECT_EQ(report.late, 1u);
  EXPECT_EQ(report.lateness.max(), 1'300'000);
}

TEST_F(CheckerTest, CountsLatenessInRealTimeUnderADevelopmentClock) {
  LogFacts facts;
  LogCollector fast(60, &facts);
  std::swap(facts, facts_);
  const CaseId id = NewCase();
  LogOpened(id, "k1", {Armed(kStart + 500)});
  Log(id, 2, "clock/1", {Fired(kStart + 500)}, kStart + 500 + 6000);
  collector_.EndShard();
  EXPECT_EQ(facts_.lateness.max(), 6'000'000);  // this one counts real time as case time
  log::Record record;
  record.head.type = log::RecordType::kEvents;
  record.head.case_id = id;
  record.head.version = 1;
  EventBatch batch;
  batch.at = kStart;
  batch.events = {Opened{}, Armed(kStart + 500)};
  record.body = wire::EncodeBatch(batch);
  fast.TakeCounted(record);
  batch.at = kStart + 500 + 6000;
  batch.events = {Fired(kStart + 500)};
  record.head.version = 2;
  record.body = wire::EncodeBatch(batch);
  fast.TakeCounted(record);
  fast.EndShard();
  EXPECT_EQ(facts.lateness.max(), 100'000);
}

TEST_F(CheckerTest, DoesNotCallAClockLateThatWasArmedAfterItsInstant) {
  const CaseId id = NewCase();
  LogOpened(id, "k1");
  Log(id, 2, "c1", {Armed(kStart - 5000)}, kStart + 10);
  Log(id, 3, "clock/1", {Fired(kStart - 5000)}, kStart + 12);
  const CheckReport report = Check();
  EXPECT_EQ(report.late, 0u);
  EXPECT_EQ(report.lateness.max(), 2000);
}

TEST_F(CheckerTest, DoesNotBlameTheClusterForWhatCameDueWhileNothingRan) {
  LogFacts facts;
  LogCollector collector(1, &facts, kStart + 60'000);
  const CaseId id = NewCase();
  const auto take = [&](uint64_t version, InstantMs at, std::vector<Event> events) {
    EventBatch batch;
    batch.at = at;
    batch.events = std::move(events);
    log::Record record;
    record.head.type = log::RecordType::kEvents;
    record.head.case_id = id;
    record.head.version = version;
    record.body = wire::EncodeBatch(batch);
    collector.TakeCounted(record);
  };
  take(1, kStart, {Opened{}, Armed(kStart + 500)});
  take(2, kStart + 60'040, {Fired(kStart + 500)});
  collector.EndShard();
  EXPECT_EQ(facts.lateness.max(), 40'000);
}

}  // namespace
}  // namespace escalon::load

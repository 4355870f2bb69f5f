#include "services/escalonctl/verify/log_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/escalonctl/log_of_world.h"

// Faults that are planted into an honest log, and what the verifier says of them.

namespace escalon::escalonctl {
namespace {

using test::kMonday10;
using test::ShardLog;
using test::World;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kShards = 8;

/// A case that was triaged, climbed twice by its clocks, was acknowledged, worked on and resolved.
void Live(World& w) {
  w.OpenAt(Priority::kP3);
  w.Run(9 * kHourMs);
  w.Must(Acknowledge{}, w.Manager("mia"));
  w.Must(StartWork{}, w.Manager("mia"));
  AddNote note;
  note.sealed_text = "sealed";
  w.Must(note, w.Manager("mia"));
  w.Must(Resolve{}, w.Manager("mia"));
}

class LogVerifierTest : public testing::Test {
 protected:
  void SetUp() override {
    Live(world_);
    log_.Write(world_);
  }

  LogVerifier Verify(VerifyOptions options = {.shard = 0, .shards = kShards, .from = {}, .from_base = false}) {
    LogVerifier verifier(options);
    for (const log::LogEntry& entry : log_.entries) {
      if (entry.offset >= options.from.offset) verifier.Take(entry);
    }
    return verifier;
  }
  VerifyReport Report() { return Verify().Report(); }

  /// Index of the record of a version.
  size_t At(uint64_t version) const {
    for (size_t i = 0; i < log_.entries.size(); ++i) {
      if (log_.entries[i].record.ok() && log_.entries[i].record->head.version == version) return i;
    }
    ADD_FAILURE() << "no version " << version;
    return 0;
  }
  log::Record& RecordOf(uint64_t version) { return log_.entries[At(version)].record.value(); }
  /// Offsets follow each other again, and so do the owner's numbers: as if the record had never been.
  void Drop(uint64_t version) {
    log_.entries.erase(log_.entries.begin() + static_cast<std::ptrdiff_t>(At(version)));
    Renumber();
  }
  void Renumber() {
    uint64_t seq = 0;
    for (size_t i = 0; i < log_.entries.size(); ++i) {
      log_.entries[i].offset = static_cast<int64_t>(i);
      log::RecordHead& head = log_.entries[i].record.value().head;
      seq = head.type == log::RecordType::kFence ? 0 : seq + 1;
      head.seq = seq;
    }
  }

  void ExpectOnly(const VerifyReport& report, FaultKind kind, uint64_t count = 1) {
    EXPECT_EQ(report.count(kind), count) << NameOf(kind);
    EXPECT_EQ(report.fault_count(), count);
    for (const Fault& fault : report.first_faults) {
      if (fault.kind != kind) ADD_FAILURE() << NameOf(fault.kind) << ": " << fault.what;
    }
  }

  World world_;
  ShardLog log_;
};

TEST_F(LogVerifierTest, AnHonestLogHasNoFaultsAndIsCountedWhole) {
  const VerifyReport report = Report();
  for (const Fault& fault : report.first_faults) ADD_FAILURE() << NameOf(fault.kind) << ": " << fault.what;
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.records, log_.entries.size());
  EXPECT_EQ(report.verdicts.counted, log_.entries.size());
  EXPECT_EQ(report.skipped(), 0u);
  EXPECT_EQ(report.versions, world_.history.size());
  EXPECT_EQ(report.cases, 1u);
  EXPECT_EQ(report.state[static_cast<size_t>(world_.c().state)], 1u);
  EXPECT_EQ(report.ownerless, 0u);
  EXPECT_EQ(report.escalations, world_.c().escalations);
  EXPECT_GT(report.escalations, 0u);
  EXPECT_THAT(report.lateness_ms, SizeIs(::testing::Gt(1u)));
  EXPECT_EQ(report.LatenessAt(1.0), 0) << "every clock acted at its instant";
}

TEST_F(LogVerifierTest, TheFoldIsTheCaseOfTheDecider) {
  const LogVerifier verifier = Verify();
  ASSERT_NE(verifier.Find(world_.c().id), nullptr);
  EXPECT_EQ(wire::EncodeCase(*verifier.Find(world_.c().id)), wire::EncodeCase(log_.Fold(world_.c().id)));
}

TEST_F(LogVerifierTest, ALostRecordIsAGapAndTheCaseIsLeftAsideOnce) {
  Drop(3);
  const VerifyReport report = Report();
  ExpectOnly(report, FaultKind::kVersionGap);
  EXPECT_THAT(report.first_faults[0].what, HasSubstr("version 4 follows version 2"));
  EXPECT_EQ(report.first_faults[0].case_id, world_.c().id);
  EXPECT_EQ(report.aside, 1u);
}

TEST_F(LogVerifierTest, ALogThatBeginsInTheMiddleOfACaseIsAGap) {
  Drop(1);
  ExpectOnly(Report(), FaultKind::kVersionGap);
}

TEST_F(LogVerifierTest, ARecordThatCountsTwiceIsAVersionTwice) {
  log_.entries.insert(log_.entries.begin() + static_cast<std::ptrdiff_t>(At(4)), log_.entries[At(3)]);
  Renumber();
  ExpectOnly(Report(), FaultKind::kVersionTwice);
}

TEST_F(LogVerifierTest, AChangedBodyBreaksTheChainOnce) {
  log::Record& record = RecordOf(3);
  EventBatch batch = wire::DecodeBatch(record.body).value();
  batch.actor.subject = "somebody-else";
  record.body = wire::EncodeBatch(batch);
  ExpectOnly(Report(), FaultKind::kBrokenChain);
}

TEST_F(LogVerifierTest, AChangedEnvelopeBreaksTheChain) {
  RecordOf(2).head.command_id = "another";
  ExpectOnly(Report(), FaultKind::kBrokenChain);
}

TEST_F(LogVerifierTest, ABodyThatCannotBeReadLeavesTheCaseAside) {
  RecordOf(3).body = "\xff\xff\xff";
  const VerifyReport report = Report();
  ExpectOnly(report, FaultKind::kUnfoldable);
  EXPECT_EQ(report.aside, 1u);
}

TEST_F(LogVerifierTest, ADeposedOwnersRecordChangesNothingAndIsCounted) {
  log::Record late = RecordOf(4);
  log_.Fence();
  late.head.seq = log_.entries.size();
  log_.entries.push_back({static_cast<int64_t>(log_.entries.size()), 0, late});
  const VerifyReport report = Report();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.verdicts.foreign, 1u);
  EXPECT_EQ(report.skipped(), 1u);
}

TEST_F(LogVerifierTest, AHoleInTheOwnersSequenceIsOneFault) {
  const size_t at = At(3);
  for (size_t i = at; i < log_.entries.size(); ++i) ++log_.entries[i].record.value().head.seq;
  const VerifyReport report = Report();
  ExpectOnly(report, FaultKind::kVoid);
  EXPECT_EQ(report.verdicts.voided, log_.entries.size() - at);
}

TEST_F(LogVerifierTest, AHoleInTheLogIsAFault) {
  for (size_t i = At(3); i < log_.entries.size(); ++i) log_.entries[i].offset += 5;
  const VerifyReport report = Report();
  ExpectOnly(report, FaultKind::kHole);
  EXPECT_EQ(report.verdicts.counted, log_.entries.size()) << "what stands behind it is judged all the same";
}

TEST_F(LogVerifierTest, BytesThatAreNoRecordAreAFault) {
  log_.entries.push_back({static_cast<int64_t>(log_.entries.size()), 0, log::Decode("nonsense")});
  ASSERT_FALSE(log_.entries.back().record.ok());
  ExpectOnly(Report(), FaultKind::kUndecodable);
}

TEST_F(LogVerifierTest, ACaseInAForeignShardIsMisplaced) {
  const VerifyReport report = Verify({.shard = 3, .shards = kShards, .from = {}, .from_base = false}).Report();
  EXPECT_EQ(report.count(FaultKind::kMisplaced), world_.history.size());
}

TEST_F(LogVerifierTest, AnAlarmThatFiresTwiceInAGenerationIsAFault) {
  const EventBatch* fired = nullptr;
  for (const EventBatch& batch : world_.history) {
    if (escalon::test::Find<ClockFired>(batch) != nullptr) fired = &batch;
  }
  ASSERT_NE(fired, nullptr);
  EventBatch again;
  again.at = world_.now;
  again.actor = world_.Service();
  again.command_id = "again";
  again.events = {*escalon::test::Find<ClockFired>(*fired)};
  log_.Append(world_.c().id, again);
  ExpectOnly(Report(), FaultKind::kFiredTwice);
}

TEST_F(LogVerifierTest, ABreachTwiceInAGenerationOrInTimeIsAFault) {
  EventBatch batch;
  batch.at = world_.now;
  batch.actor = world_.Human("mia");
  batch.command_id = "b1";
  batch.events = {Breached{"resolution", 77, world_.now - 10, 10, "", {}}};
  log_.Append(world_.c().id, batch);
  EXPECT_TRUE(Report().ok());
  batch.command_id = "b2";
  log_.Append(world_.c().id, batch);
  ExpectOnly(Report(), FaultKind::kBrokenTwice);
  batch.command_id = "b3";
  batch.events = {Breached{"resolution", 78, world_.now, 0, "", {}}};
  log_.Append(world_.c().id, batch);
  EXPECT_EQ(Report().count(FaultKind::kFiredEarly), 1u) << "at the deadline is in time";
}

TEST_F(LogVerifierTest, AnAlarmBeforeItsInstantIsAFault) {
  const EventBatch* fired = nullptr;
  for (const EventBatch& batch : world_.history) {
    if (escalon::test::Find<ClockFired>(batch) != nullptr) fired = &batch;
  }
  ASSERT_NE(fired, nullptr);
  EventBatch early;
  early.at = world_.now;
  early.actor = world_.Service();
  early.command_id = "early";
  ClockFired alarm = *escalon::test::Find<ClockFired>(*fired);
  alarm.generation += 1000;
  alarm.alarm.at = world_.now + 1;
  early.events = {alarm};
  log_.Append(world_.c().id, early);
  ExpectOnly(Report(), FaultKind::kFiredEarly);
}

TEST_F(LogVerifierTest, AnAlarmOnWhichNobodyActedIsAFaultWhenTheLogWentOnWithoutIt) {
  World silent;
  silent.OpenAt(Priority::kP3);
  ShardLog log;
  log.Write(silent);
  LogVerifier quiet({.shard = 0, .shards = kShards, .from = {}, .from_base = false});
  for (const log::LogEntry& entry : log.entries) quiet.Take(entry);
  VerifyReport report = quiet.Report();
  ASSERT_FALSE(report.open_alarms.empty());
  report.JudgeMissed(kMinuteMs);
  EXPECT_TRUE(report.ok()) << "nothing is due yet";
  VerifyReport later;  // another shard, where life went on
  later.last_at = silent.now + 30 * kDayMs;
  report.Add(later);
  report.JudgeMissed(60 * kDayMs);
  EXPECT_TRUE(report.ok()) << "not for long enough";
  report.JudgeMissed(kMinuteMs);
  EXPECT_GT(report.count(FaultKind::kMissed), 0u);
  EXPECT_EQ(report.fault_count(), report.count(FaultKind::kMissed));
  EXPECT_THAT(report.first_faults.front().what, ::testing::HasSubstr("nobody had acted"));
}

TEST_F(LogVerifierTest, OfManyOpenAlarmsTheSoonestAreKept) {
  VerifyReport report;
  for (int i = 0; i < 1000; ++i) report.AddOpen({(i * 7919) % 1000, 0, {}, 0, "clock"});
  ASSERT_EQ(report.open_alarms.size(), VerifyReport::kOpenKept);
  for (const OpenAlarm& alarm : report.open_alarms) EXPECT_LT(alarm.at, 100);
}

TEST_F(LogVerifierTest, AnEnvelopeThatDiffersFromItsBodyIsAFault) {
  EventBatch batch;
  batch.at = world_.now;
  batch.actor = world_.Human("mia");
  batch.command_id = "rated";
  batch.events = {Rated{"resolution", "", 5, "mia", ""}};
  const Case before = log_.Fold(world_.c().id);
  log::Record& record = log_.Append(world_.c().id, batch);
  record.head.kinds.push_back(KindOf(Event(Retired{})));
  const log::RecordHead& h = record.head;
  record.head.chain_hash = NextChainHash(
      before.chain, {h.case_id, h.version, h.tenant, h.kinds, h.policy_version, h.command_id, h.schema_level},
      record.body);
  ExpectOnly(Report(), FaultKind::kEnvelope);
}

TEST_F(LogVerifierTest, ACaseOfAnotherTenantThanBeforeIsAFault) {
  EventBatch batch;
  batch.at = world_.now;
  batch.actor = world_.Human("mia");
  batch.command_id = "rated";
  batch.events = {Rated{"resolution", "", 5, "mia", ""}};
  const Case before = log_.Fold(world_.c().id);
  log::Record& record = log_.Append(world_.c().id, batch);
  record.head.tenant = "globex";
  const log::RecordHead& h = record.head;
  record.head.chain_hash = NextChainHash(
      before.chain, {h.case_id, h.version, h.tenant, h.kinds, h.policy_version, h.command_id, h.schema_level},
      record.body);
  ExpectOnly(Report(), FaultKind::kEnvelope);
}

TEST_F(LogVerifierTest, ACaseThatWaitsForNothingIsStuck) {
  EventBatch batch;
  batch.at = world_.now;
  batch.actor = world_.Human("mia");
  batch.command_id = "frozen";
  for (const ClockRun& clock : world_.c().clocks)
    batch.events.push_back(ClockStopped{clock.name, clock.generation, false, "by mistake"});
  ASSERT_FALSE(batch.events.empty());
  log_.Append(world_.c().id, batch);
  ExpectOnly(Report(), FaultKind::kStuck);
}

TEST_F(LogVerifierTest, ACommandWithTwoEffectsIsAFault) {
  EventBatch batch;
  batch.at = world_.now;
  batch.actor = world_.Human("mia");
  batch.command_id = world_.history.back().command_id;
  batch.events = {Rated{"resolution", "", 5, "mia", ""}};
  log_.Append(world_.c().id, batch);
  ExpectOnly(Report(), FaultKind::kCommandTwice);
}

TEST_F(LogVerifierTest, TimeThatRunsBackIsAFault) {
  EventBatch batch;
  batch.at = world_.c().last_at - 1;
  batch.actor = world_.Human("mia");
  batch.command_id = "back";
  batch.events = {Rated{"resolution", "", 5, "mia", ""}};
  log_.Append(world_.c().id, batch);
  ExpectOnly(Report(), FaultKind::kTimeBack);
}

TEST_F(LogVerifierTest, AnAutomaticDecisionWithoutATraceIsAFault) {
  EventBatch batch;
  batch.at = world_.now;
  batch.actor = {"acme", "sla-timer", {"service"}, ActorKind::kClock};
  batch.command_id = "silent";
  batch.events = {Breached{"resolution", 99, world_.now - 10, 10, "", {}}};
  log_.Append(world_.c().id, batch);
  ExpectOnly(Report(), FaultKind::kUntraced);
}

TEST_F(LogVerifierTest, ATraceThatIsTooLongIsAFault) {
  EventBatch batch;
  batch.at = world_.now;
  batch.actor = world_.Human("mia");
  batch.command_id = "talkative";
  batch.events = {Rated{"resolution", "", 5, "mia", ""}};
  batch.trace = {{"rule", std::string(5000, 'x'), {}}};
  log_.Append(world_.c().id, batch);
  ExpectOnly(Report(), FaultKind::kUntraced);
}

TEST_F(LogVerifierTest, ASecondCaseOfOneSubmissionIsAFault) {
  const CaseId other = CaseId::Make(kMonday10, 7, 0, 2);
  log_.Append(other, world_.history.front());
  const VerifyReport report = Report();
  EXPECT_EQ(report.count(FaultKind::kSubmittedTwice), 2u) << "by its idempotency key, and by its dedup key";
  EXPECT_EQ(report.fault_count(), 2u);
}

TEST_F(LogVerifierTest, AnOpenCaseThatNothingMovesIsWithoutAnOwner) {
  const CaseId other = CaseId::Make(kMonday10, 7, 0, 2);
  EventBatch batch = world_.history.front();
  std::get<Opened>(batch.events.front()).dedup_key = "another";
  std::get<Opened>(batch.events.front()).idempotency_key = "another";
  batch.events.resize(1);
  log_.Append(other, batch);
  const VerifyReport report = Report();
  ExpectOnly(report, FaultKind::kOwnerless);
  EXPECT_EQ(report.ownerless, 1u);
}

TEST_F(LogVerifierTest, ABaseWhoseSnapshotIsTheFoldIsFine) {
  log_.Base(log_.End());
  const VerifyReport report = Report();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.bases, 1u);
}

TEST_F(LogVerifierTest, ABaseWhoseSnapshotDiffersIsAFault) {
  Case other = log_.Fold(world_.c().id);
  other.owner.person = "nobody";
  const Position floor = log_.End();
  log_.Frame(log::RecordType::kBaseBegin, log::EncodeBaseBegin({floor, kMonday10}));
  log_.Frame(log::RecordType::kBaseCase, wire::EncodeCase(other), other.id);
  log_.Frame(log::RecordType::kBaseEnd, log::EncodeBaseEnd({floor, 1, 0}));
  ExpectOnly(Report(), FaultKind::kBase);
}

TEST_F(LogVerifierTest, AVerificationMayBeginAtABase) {
  const Position floor = log_.End();
  log_.Base(floor);
  world_.RunUntil(world_.now + kDayMs);
  log_.Write(world_);
  const LogVerifier verifier = Verify({.shard = 0, .shards = kShards, .from = floor, .from_base = true});
  const VerifyReport report = verifier.Report();
  EXPECT_TRUE(verifier.complete());
  EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.first_faults[0].what);
  EXPECT_EQ(report.cases, 1u);
  EXPECT_EQ(verifier.Find(world_.c().id)->version, world_.c().version);
}

TEST_F(LogVerifierTest, AViewThatIsTheFoldIsFine) {
  LogVerifier verifier = Verify();
  verifier.CompareView(log_.End(), {wire::EncodeCase(log_.Fold(world_.c().id))});
  EXPECT_TRUE(verifier.Report().ok());
  EXPECT_EQ(verifier.Report().view_cases, 1u);
}

TEST_F(LogVerifierTest, AViewThatDiffersLacksOrInventsACaseIsAFault) {
  Case other = log_.Fold(world_.c().id);
  other.owner.person = "nobody";
  LogVerifier differs = Verify();
  differs.CompareView(log_.End(), {wire::EncodeCase(other)});
  ExpectOnly(differs.Report(), FaultKind::kView);
  LogVerifier lacks = Verify();
  lacks.CompareView(log_.End(), {});
  ExpectOnly(lacks.Report(), FaultKind::kView);
  LogVerifier invents = Verify();
  other = log_.Fold(world_.c().id);
  other.id = CaseId::Make(kMonday10, 7, 0, 99);
  invents.CompareView(log_.End(), {wire::EncodeCase(log_.Fold(world_.c().id)), wire::EncodeCase(other)});
  ExpectOnly(invents.Report(), FaultKind::kView);
  Position elsewhere = log_.End();
  ++elsewhere.seq;
  LogVerifier misplaced = Verify();
  misplaced.CompareView(elsewhere, {wire::EncodeCase(log_.Fold(world_.c().id))});
  ExpectOnly(misplaced.Report(), FaultKind::kView);
}

TEST_F(LogVerifierTest, ARetiredCaseIsGoneFromTheViewAndStaysCounted) {
  world_.RunUntil(world_.now + 400 * kDayMs);
  ASSERT_TRUE(world_.c().retired);
  log_.Write(world_);
  LogVerifier verifier = Verify();
  verifier.CompareView(log_.End(), {});
  const VerifyReport report = verifier.Report();
  EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.first_faults[0].what);
  EXPECT_EQ(report.retired, 1u);
  EXPECT_EQ(report.cases, 1u);
  EXPECT_EQ(report.state[static_cast<size_t>(CaseState::kClosed)], 1u);
}

TEST_F(LogVerifierTest, ReportsOfShardsAddUp) {
  VerifyReport sum = Report();
  VerifyReport other = Report();
  other.AddFault({FaultKind::kView, 1, -1, {}, 0, "x"});
  sum.Add(other);
  EXPECT_EQ(sum.shards, 2u);
  EXPECT_EQ(sum.cases, 2u);
  EXPECT_EQ(sum.records, 2 * log_.entries.size());
  EXPECT_EQ(sum.verdicts.counted, sum.records);
  EXPECT_FALSE(sum.ok());
  EXPECT_THAT(sum.first_faults, SizeIs(1));
}

}  // namespace
}  // namespace escalon::escalonctl

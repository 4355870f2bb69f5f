#include "common/wire/snapshot_codec.h"

#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "common/wire/events_codec.h"
#include "escalon/events/v1/snapshot.pb.h"
#include "tests/unit/wire/fill.h"
#include "tests/unit/wire/samples.h"

namespace escalon::wire {
namespace {

namespace ev = ::escalon::events::v1;

ev::CaseSnapshot FullSnapshot(std::vector<std::string> without = {}) {
  ev::CaseSnapshot snapshot;
  Filler filler;
  filler.LeaveOut(std::move(without));
  filler.Fill(&snapshot);
  return snapshot;
}

TEST(SnapshotCodec, EveryMemberOfACaseHasAField) {
  EXPECT_EQ(static_cast<size_t>(ev::CaseSnapshot::descriptor()->field_count()), MemberCount<Case>());
  EXPECT_EQ(static_cast<size_t>(ev::TrackState::descriptor()->field_count()), MemberCount<TrackState>());
  EXPECT_EQ(static_cast<size_t>(ev::Owner::descriptor()->field_count()), MemberCount<Owner>());
  EXPECT_EQ(static_cast<size_t>(ev::PendingPause::descriptor()->field_count()), MemberCount<PendingPause>());
  EXPECT_EQ(static_cast<size_t>(ev::OpenHandover::descriptor()->field_count()), MemberCount<OpenHandover>());
  EXPECT_EQ(static_cast<size_t>(ev::OpenApproval::descriptor()->field_count()), MemberCount<OpenApproval>());
  EXPECT_EQ(static_cast<size_t>(ev::OpenConsultation::descriptor()->field_count()), MemberCount<OpenConsultation>());
  EXPECT_EQ(static_cast<size_t>(ev::OpenDecision::descriptor()->field_count()), MemberCount<OpenDecision>());
  EXPECT_EQ(static_cast<size_t>(ev::TakenDecision::descriptor()->field_count()), MemberCount<TakenDecision>());
  EXPECT_EQ(static_cast<size_t>(ev::TeamVisit::descriptor()->field_count()), MemberCount<TeamVisit>());
  EXPECT_EQ(static_cast<size_t>(ev::Milestone::descriptor()->field_count()), MemberCount<Milestone>());
  EXPECT_EQ(static_cast<size_t>(ev::MajorRecord::descriptor()->field_count()), MemberCount<MajorRecord>());
  EXPECT_EQ(static_cast<size_t>(ev::MajorMember::descriptor()->field_count()), MemberCount<MajorMember>());
  EXPECT_EQ(static_cast<size_t>(ev::MajorContact::descriptor()->field_count()), MemberCount<MajorContact>());
  EXPECT_EQ(static_cast<size_t>(ev::MajorReference::descriptor()->field_count()), MemberCount<MajorReference>());
  EXPECT_EQ(static_cast<size_t>(ev::MajorPlan::descriptor()->field_count()), MemberCount<MajorPlan>());
  EXPECT_EQ(static_cast<size_t>(ev::OpenIntent::descriptor()->field_count()), MemberCount<OpenIntent>());
  EXPECT_EQ(static_cast<size_t>(ev::OpenCrossCase::descriptor()->field_count()), MemberCount<OpenCrossCase>());
  EXPECT_EQ(static_cast<size_t>(ev::PastCommand::descriptor()->field_count()), MemberCount<PastCommand>());
}

TEST(SnapshotCodec, EveryFieldSurvivesARoundTrip) {
  const std::string bytes = FullSnapshot().SerializeAsString();
  auto c = DecodeCase(bytes);
  ASSERT_TRUE(c.ok()) << c.error().message;
  EXPECT_EQ(EncodeCase(*c), bytes);
}

TEST(SnapshotCodec, BytesOfEveryFieldNeverChange) {
  EXPECT_EQ(ToHex(AsView(Sha256Of(EncodeCase(*DecodeCase(FullSnapshot().SerializeAsString()))))),
            "e4c7e8eba7172e88b4c3a036708fca0392361342a27b2d175206a3a652983677");
  EXPECT_EQ(ToHex(AsView(Sha256Of(EncodeCase(*DecodeCase(FullSnapshot({"TrackState.informed"}).SerializeAsString()))))),
            "82733d92eef8f8a568e380662769af6b36e9df844d777c5487b399c5d7822e83");
  const std::vector<std::string> later{"TrackState.informed", "ClockRun.legs", "ClockRun.penalty"};
  EXPECT_EQ(ToHex(AsView(Sha256Of(EncodeCase(*DecodeCase(FullSnapshot(later).SerializeAsString()))))),
            "c775d0d6692a9993ffc511ee85215303ef5d143d44d375f314bd1bedeb0eb649");
  auto c =
      DecodeCase(FullSnapshot({"TrackState.informed", "ClockRun.legs", "ClockRun.penalty", "NotifyIntended.urgency"})
                     .SerializeAsString());
  ASSERT_TRUE(c.ok());
  EXPECT_EQ(ToHex(AsView(Sha256Of(EncodeCase(*c)))),
            "191a192fc8cc8d9578ab92c8afcd5e6f28c0e58b18d0f8c6f4a02622b00418d4");
  c->majors.clear();  // what came later
  EXPECT_EQ(ToHex(AsView(Sha256Of(EncodeCase(*c)))),
            "3776248c48ab6231c66e64427ccf8d7b4b40907e662b206a56984a97fa069a70");
  c->decision_requests.clear();
  c->decisions.clear();
  c->visits.clear();
  c->milestones.clear();
  EXPECT_EQ(ToHex(AsView(Sha256Of(EncodeCase(*c)))),
            "8e6a5ab6054ccaebe24a2343bbf58b314ba3e77bae561cf72272a9d6fdf62dde");
}

TEST(SnapshotCodec, ValuesComeBackAsTheyWere) {
  const Case c = SampleCase();
  auto decoded = DecodeCase(EncodeCase(c));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->id, c.id);
  EXPECT_EQ(decoded->version, c.version);
  EXPECT_EQ(decoded->chain, c.chain);
  EXPECT_TRUE(*decoded->facts == *c.facts);
  EXPECT_TRUE(decoded->clocks == c.clocks);
  EXPECT_TRUE(decoded->generations == c.generations);
  EXPECT_TRUE(decoded->functional == c.functional);
  EXPECT_TRUE(decoded->hierarchical == c.hierarchical);
  EXPECT_TRUE(decoded->owner == c.owner);
  EXPECT_TRUE(decoded->intents == c.intents);
  EXPECT_TRUE(decoded->commands == c.commands);
  EXPECT_EQ(decoded->next_due_at(), c.next_due_at());
  EXPECT_EQ(EncodeCase(*decoded), EncodeCase(c));
}

TEST(SnapshotCodec, ADecodedCaseFoldsOnLikeTheOriginal) {
  Case original = SampleCase();
  auto decoded = DecodeCase(EncodeCase(original));
  ASSERT_TRUE(decoded.ok());
  EventBatch batch;
  batch.at = original.last_at + 1;
  batch.command_id = "ack-1";
  batch.events = {Acknowledged{"p.maier", Track::kFunctional, "link"}, ClockStopped{"acknowledgement", 1, true, ""}};
  Evolve(original, batch);
  Evolve(*decoded, batch);
  EXPECT_EQ(EncodeCase(*decoded), EncodeCase(original));
}

TEST(SnapshotCodec, AFreshCaseComesBackAsItWas) {
  Case c;
  c.id = CaseId::Make(1, 2, 3, 4);
  c.version = 1;
  auto decoded = DecodeCase(EncodeCase(c));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(EncodeCase(*decoded), EncodeCase(c));
  EXPECT_EQ(decoded->functional.step, -2);
  EXPECT_EQ(decoded->reports, 1u);
  EXPECT_EQ(decoded->pending.before, CaseState::kNew);
}

TEST(SnapshotCodec, WhatACaseCannotBeWithoutIsRequired) {
  ev::CaseSnapshot snapshot = FullSnapshot();
  snapshot.clear_case_id();
  snapshot.clear_version();
  snapshot.clear_state();
  auto c = DecodeCase(snapshot.SerializeAsString());
  ASSERT_FALSE(c.ok());
  EXPECT_EQ(c.error().fields.size(), 3u);
}

TEST(SnapshotCodec, BadFieldsAreNamed) {
  ev::CaseSnapshot snapshot = FullSnapshot();
  snapshot.set_chain("too short");
  snapshot.set_parent("too short");
  snapshot.mutable_clocks(1)->mutable_alarms(0)->set_kind(static_cast<::escalon::common::v1::AlarmKind>(99));
  auto c = DecodeCase(snapshot.SerializeAsString());
  ASSERT_FALSE(c.ok());
  std::vector<std::string> fields;
  for (const auto& violation : c.error().fields) fields.push_back(violation.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"chain", "clocks[1].alarms[0].kind", "parent"}));
}

}  // namespace
}  // namespace escalon::wire

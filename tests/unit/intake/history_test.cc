#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/domain/hash_chain.h"
#include "common/wire/events_codec.h"
#include "services/intake/history/case_history.h"
#include "services/intake/history/event_words.h"

namespace escalon::intake {
namespace {

using ::testing::HasSubstr;

Escalated Climb() {
  Escalated e;
  e.from_level = "L1";
  e.to_level = "L2";
  e.step = 1;
  e.reason = EscalationReason::kNoAcknowledgement;
  return e;
}

NotifyIntended Page() {
  NotifyIntended e;
  e.purpose = IntentPurpose::kPage;
  e.audience = Audience::kStep;
  e.people = {"ann", "bob"};
  e.message = "escalated";
  return e;
}

template <size_t... I>
std::vector<Event> OneOfEach(std::index_sequence<I...>) {
  return {Event(std::in_place_index<I>)...};
}

TEST(EventWords, EveryKindOfEventHasWords) {
  for (const Event& event : OneOfEach(std::make_index_sequence<kEventKinds>())) {
    const std::string words = WordsOf(event);
    EXPECT_GE(words.size(), 5u) << KindName(KindOf(event));
    EXPECT_EQ(words.find('\n'), std::string::npos);
  }
}

TEST(EventWords, SayWhatAPersonWantsToKnow) {
  EXPECT_EQ(WordsOf(Climb()), "escalated from L1 to L2 (no_acknowledgement, step 2)");
  EXPECT_EQ(WordsOf(Assigned{"network", "ann", AssignMode::kPush, "L1", true, "on call"}),
            "assigned to ann of team network at L1: on call");
  EXPECT_EQ(WordsOf(Page()), "pages ann and bob (escalated, step)");
  EXPECT_EQ(ListOf({"a", "b", "c"}), "a, b and c");
}

EventBatch Batch(std::string id, std::vector<Event> events, std::vector<TraceLine> trace = {}) {
  EventBatch batch;
  batch.at = 1'900'000'000'000;
  batch.actor = {"acme", "ann", {"agent"}, ActorKind::kHuman};
  batch.command_id = std::move(id);
  batch.events = std::move(events);
  batch.trace = std::move(trace);
  return batch;
}

FoundHistory Stored(const std::vector<EventBatch>& batches) {
  auto c = std::make_shared<Case>();
  c->id = CaseId::Make(1, 2, 3, 4);
  c->tenant = "acme";
  c->policy = "p@1";
  c->version = batches.size();
  c->state = CaseState::kAssigned;
  FoundHistory out;
  uint64_t version = 0;
  for (const EventBatch& batch : batches) {
    out.batches.push_back(wire::EncodeBatch(batch));
    std::vector<uint32_t> kinds;
    for (const Event& event : batch.events) {
      kinds.push_back(KindOf(event));
      if (const auto* migrated = std::get_if<PolicyMigrated>(&event)) c->policy = migrated->to;
    }
    c->chain = NextChainHash(c->chain, {c->id, ++version, c->tenant, kinds, c->policy, batch.command_id, 1},
                             out.batches.back());
  }
  out.c = c;
  return out;
}

TEST(CaseHistory, AWholeHistoryBearsItsChain) {
  const FoundHistory found = Stored({Batch("a", {WorkStarted{"ann"}}), Batch("b", {SnoozeEnded{}})});
  const auto chapters = ChaptersOf(found);
  ASSERT_EQ(chapters.size(), 2u);
  EXPECT_EQ(chapters[0].version, 1u);
  ASSERT_TRUE(chapters[0].chain && chapters[1].chain);
  EXPECT_EQ(*chapters[1].chain, found.c->chain);
}

TEST(CaseHistory, EachVersionBearsThePolicyThatTheCaseWasPinnedToThen) {
  const FoundHistory found =
      Stored({Batch("a", {WorkStarted{"ann"}}), Batch("b", {PolicyMigrated{"p@1", "p@2", "incident", -2, -2, ""}}),
              Batch("c", {SnoozeEnded{}})});
  const auto chapters = ChaptersOf(found);
  ASSERT_EQ(chapters.size(), 3u);
  EXPECT_EQ(chapters[0].policy, "p@1");
  EXPECT_EQ(chapters[1].policy, "p@2");
  EXPECT_EQ(chapters[2].policy, "p@2");
  ASSERT_TRUE(chapters[0].chain && chapters[2].chain);
  EXPECT_EQ(*chapters[2].chain, found.c->chain);
}

TEST(CaseHistory, ACutHistoryBearsOnlyTheChainThatIsKnown) {
  FoundHistory found =
      Stored({Batch("a", {WorkStarted{"ann"}}), Batch("b", {SnoozeEnded{}}), Batch("c", {SnoozeEnded{}})});
  found.batches.erase(found.batches.begin());
  found.first_version = 2;
  const auto chapters = ChaptersOf(found);
  ASSERT_EQ(chapters.size(), 2u);
  EXPECT_EQ(chapters[0].version, 2u);
  EXPECT_FALSE(chapters[0].chain);
  EXPECT_EQ(*chapters[1].chain, found.c->chain);
}

TEST(CaseHistory, ABatchThatCannotBeReadIsLeftOut) {
  FoundHistory found = Stored({Batch("a", {WorkStarted{"ann"}}), Batch("b", {SnoozeEnded{}})});
  found.batches[0] = "\xff\xff\xff";
  const auto chapters = ChaptersOf(found);
  ASSERT_EQ(chapters.size(), 1u);
  EXPECT_EQ(chapters[0].version, 2u);
}

TEST(Explanation, SaysWhoWasPagedAndWhichRuleDidIt) {
  const FoundHistory found =
      Stored({Batch("a", {Climb(), Page()}, {TraceLine{"paths.incident.functional.steps[1]", "reached", {}}})});
  const auto all = ExplainTelling(*found.c, ChaptersOf(found), "", 0);
  ASSERT_EQ(all.size(), 2u);
  const auto ann = ExplainTelling(*found.c, ChaptersOf(found), "ann", 0);
  ASSERT_EQ(ann.size(), 1u);
  EXPECT_EQ(ann[0].person, "ann");
  EXPECT_THAT(ann[0].words, HasSubstr("escalated from L1 to L2 (no_acknowledgement"));
  ASSERT_EQ(ann[0].lines.size(), 1u);
  EXPECT_EQ(ann[0].lines[0].rule, "paths.incident.functional.steps[1]");
}

TEST(Explanation, SaysWhyNobodyWasTold) {
  const FoundHistory found = Stored({Batch("a", {StepEmpty{Track::kFunctional, 0, true, "nobody is on call"}}),
                                     Batch("b", {NobodyReached{1, 0, "mail: refused"}})});
  const auto findings = ExplainTelling(*found.c, ChaptersOf(found), "", 0);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_THAT(findings[0].words, HasSubstr("nobody is on call"));
  EXPECT_THAT(findings[1].words, HasSubstr("mail: refused"));
}

TEST(Explanation, SaysWhyAPersonWasNot) {
  FoundHistory found = Stored({Batch("a", {WorkStarted{"ann"}})});
  Case c = *found.c;
  c.acknowledged_by = "ann";
  found.c = std::make_shared<const Case>(c);
  const auto findings = ExplainTelling(*found.c, ChaptersOf(found), "bob", 0);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_THAT(findings[0].words, HasSubstr("ann has acknowledged it"));
}

TEST(Explanation, LooksOnlyAroundTheInstantAskedFor) {
  const FoundHistory found = Stored({Batch("a", {StepEmpty{Track::kFunctional, 0, false, "x"}})});
  const auto chapters = ChaptersOf(found);
  EXPECT_THAT(ExplainTelling(*found.c, chapters, "", 1'900'000'000'000 + kMinuteMs)[0].words, HasSubstr("x"));
  EXPECT_EQ(ExplainTelling(*found.c, chapters, "", 1'900'000'000'000 + 2 * kHourMs)[0].words,
            "nobody was told in this time");
}

}  // namespace
}  // namespace escalon::intake

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// Decisions on a case: taken, asked for, by two people, in somebody's place (domain.md §2).

namespace escalon {
namespace {

using test::Find;
using test::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Money Euros(int64_t euros) { return {euros * 100, "EUR"}; }

TakeDecision Spend(int64_t euros) { return {"spend", Euros(euros), "a spare disk"}; }

class DecideAuthority : public testing::Test {
 protected:
  void SetUp() override { w_.OpenAt(Priority::kP2); }

  const OpenDecision& request() const { return w_.c().decision_requests.at(0); }
  std::string Refusal(CommandBody body, const Actor& actor) {
    const auto result = w_.Do(std::move(body), actor);
    return result.ok() ? "none" : result.error().message;
  }

  World w_;
};

TEST_F(DecideAuthority, WhoeverMayDecidesAndTheEventSaysByWhatRule) {
  const EventBatch batch = w_.Must(Spend(400), w_.Human("cho"));
  EXPECT_EQ(batch.outcome, OutcomeKind::kDone);
  const auto* taken = Find<DecisionTaken>(batch);
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(taken->person, "cho");
  EXPECT_EQ(taken->level, "L2");
  EXPECT_EQ(taken->rule, "levels.L2.may.spend");
  EXPECT_EQ(taken->amount, Euros(400));
  EXPECT_EQ(taken->text, "a spare disk");
  EXPECT_EQ(taken->delegator, "");
  ASSERT_THAT(w_.c().decisions, SizeIs(1));
  EXPECT_EQ(w_.c().decisions[0].at, w_.now);
  EXPECT_THAT(batch.trace, Contains(Field(&TraceLine::rule, "levels.L2.may.spend")));
}

TEST_F(DecideAuthority, LackOfAuthorityBecomesARequestThatLeavesTheOwnerWhereItIs) {
  w_.Must(Acknowledge{}, w_.Human("ana"));
  const Owner owner = w_.c().owner;
  const TrackState functional = w_.c().functional, hierarchical = w_.c().hierarchical;
  const EventBatch batch = w_.Must(Spend(3'000), w_.Human("ana"));
  EXPECT_EQ(batch.outcome, OutcomeKind::kAwaitsApproval);
  EXPECT_EQ(w_.c().owner, owner);
  EXPECT_EQ(w_.c().functional, functional);
  EXPECT_EQ(w_.c().hierarchical, hierarchical);
  const auto* escalated = Find<Escalated>(batch);
  ASSERT_NE(escalated, nullptr);
  EXPECT_EQ(escalated->track, Track::kHierarchical);
  EXPECT_EQ(escalated->reason, EscalationReason::kAuthority);
  EXPECT_EQ(escalated->to_level, "L3");
  EXPECT_TRUE(escalated->counted);
  EXPECT_EQ(w_.c().escalations, 1u);
  EXPECT_EQ(request().request.requested_by, "ana");
  EXPECT_THAT(request().request.people, ElementsAre("eva"));
  const auto* page = Find<NotifyIntended>(batch);
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page->message, "decision_requested");
  EXPECT_EQ(page->purpose, IntentPurpose::kPage);
  EXPECT_THAT(page->people, ElementsAre("eva"));
  EXPECT_THAT(w_.c().decisions, IsEmpty());
}

TEST_F(DecideAuthority, AskingDoesNotPutTheNextEscalationUnderTheCooldown) {
  w_.Must(Spend(3'000), w_.Human("ana"));
  w_.Must(Escalate{Track::kFunctional, "", EscalationReason::kSkill, "needs more", false}, w_.Human("ana"));
  EXPECT_EQ(w_.c().functional.level, "L2");
}

TEST_F(DecideAuthority, TheAskedLevelDecidesAndWhoeverAskedHears) {
  w_.Must(Spend(3'000), w_.Human("ana"));
  const EventBatch batch = w_.Must(AnswerDecision{"", true, "go ahead"}, w_.Human("eva"));
  const auto* taken = Find<DecisionTaken>(batch);
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(taken->person, "eva");
  EXPECT_EQ(taken->requested_by, "ana");
  EXPECT_EQ(taken->text, "go ahead");
  EXPECT_THAT(w_.c().decision_requests, IsEmpty());
  EXPECT_EQ(w_.c().clock("decision." + taken->id), nullptr);
  EXPECT_THAT(w_.All<NotifyIntended>(), Contains(testing::AllOf(Field(&NotifyIntended::message, "decision_taken"),
                                                                Field(&NotifyIntended::people, ElementsAre("ana")))));
  EXPECT_THAT(w_.c().intents,
              Not(Contains(Field(&OpenIntent::intent, Field(&NotifyIntended::message, "decision_requested")))));
}

TEST_F(DecideAuthority, ARefusalNeedsItsReasonAndTheAuthorityOrAPartInIt) {
  w_.Must(Spend(3'000), w_.Human("ana"));
  EXPECT_THAT(Refusal(AnswerDecision{"", false, ""}, w_.Human("eva")), HasSubstr("text: a refusal needs its reason"));
  EXPECT_THAT(Refusal(AnswerDecision{"", false, "no"}, w_.Human("cho")), HasSubstr("L2 may not"));
  w_.Must(AnswerDecision{"", false, "repair it"}, w_.Human("eva"));
  EXPECT_THAT(w_.c().decision_requests, IsEmpty());
  EXPECT_THAT(w_.c().decisions, IsEmpty());
  w_.Must(Spend(3'000), w_.Human("ana"));
  w_.Must(AnswerDecision{"", false, "not needed any more"}, w_.Human("ana"));
  EXPECT_THAT(w_.All<DecisionRefused>(), SizeIs(2));
}

TEST_F(DecideAuthority, NobodyDecidesForThemselvesNorWithoutTheAuthority) {
  w_.Must(Spend(3'000), w_.Human("ana"));
  EXPECT_THAT(Refusal(AnswerDecision{"", true, ""}, w_.Human("ana")), HasSubstr("asked for themselves"));
  EXPECT_THAT(Refusal(AnswerDecision{"", true, ""}, w_.Human("cho")), HasSubstr("the lowest level that may is L3"));
  EXPECT_THAT(Refusal(AnswerDecision{"d99", true, ""}, w_.Human("eva")), HasSubstr("no such decision"));
  EXPECT_THAT(Refusal(AnswerDecision{"", true, ""}, w_.Source()), HasSubstr("a person's"));
  EXPECT_THAT(Refusal(Spend(1), w_.Source()), HasSubstr("a person's"));
  EXPECT_THAT(Refusal(Spend(200'000), w_.Human("max")), HasSubstr("no level may"));
}

TEST_F(DecideAuthority, TheSameAskedTwiceIsOneRequest) {
  w_.Must(Spend(3'000), w_.Human("ana"));
  const auto again = w_.Do(Spend(3'000), w_.Human("ana"));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->outcome, OutcomeKind::kAwaitsApproval);
  EXPECT_THAT(again->events, IsEmpty());
  EXPECT_THAT(w_.c().decision_requests, SizeIs(1));
}

TEST_F(DecideAuthority, WithoutAnAnswerTheNextLevelThatMayIsAskedAndAtTheTopAgain) {
  w_.policy.levels[2].response = Target{4 * kHourMs};
  w_.Must(Acknowledge{}, w_.Human("ana"));
  w_.Must(Spend(3'000), w_.Human("ana"));
  const std::string clock = "decision." + request().request.id;
  EXPECT_EQ(w_.c().clock(clock)->due_at, w_.now + 4 * kHourMs);
  w_.now += 4 * kHourMs;
  ASSERT_TRUE(w_.Due(clock).ok());
  EXPECT_EQ(request().request.to_level, "MGR");
  EXPECT_THAT(request().request.people, ElementsAre("mia"));
  EXPECT_EQ(Find<Escalated>(w_.last())->reason, EscalationReason::kNoResponse);
  w_.now = w_.c().clock(clock)->due_at;
  ASSERT_TRUE(w_.Due(clock).ok());
  EXPECT_EQ(request().request.to_level, "EXEC");
  w_.now = w_.c().clock(clock)->due_at;
  ASSERT_TRUE(w_.Due(clock).ok());
  EXPECT_EQ(request().request.to_level, "EXEC") << "there is nobody above";
  EXPECT_EQ(Find<Escalated>(w_.last()), nullptr);
  EXPECT_NE(Find<NotifyIntended>(w_.last()), nullptr);
  w_.Must(AnswerDecision{"", true, ""}, w_.Human("eva"));
  EXPECT_EQ(w_.c().decisions.at(0).level, "L3") << "whoever may decides, whoever is asked";
}

TEST_F(DecideAuthority, FourEyesAreTwoDifferentPeopleWhoBothMay) {
  const EventBatch first = w_.Must(TakeDecision{"credit", {}, "goodwill"}, w_.Human("max"));
  EXPECT_EQ(first.outcome, OutcomeKind::kAwaitsApproval);
  EXPECT_EQ(request().request.first, "max");
  EXPECT_EQ(Find<Escalated>(first), nullptr) << "no authority is lacking";
  EXPECT_THAT(w_.c().decisions, IsEmpty());
  EXPECT_THAT(Refusal(AnswerDecision{"", true, ""}, w_.Human("max")), HasSubstr("a second, different person"));
  EXPECT_THAT(Refusal(AnswerDecision{"", true, ""}, w_.Human("mia")), HasSubstr("MGR may not"));
  w_.policy.level_people["EXEC"] = {};
  w_.policy.level_people["EXEC"].team = "duty";  // mia and noa
  w_.Must(AnswerDecision{"", true, ""}, w_.Human("noa"));
  const auto* taken = Find<DecisionTaken>(w_.last());
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(taken->first_person, "max");
  EXPECT_EQ(taken->person, "noa");
}

TEST_F(DecideAuthority, WhatSomebodyAskedForNeedsTwoOthersWhereFourEyesAreNeeded) {
  w_.policy.level_people["EXEC"] = {};
  w_.policy.level_people["EXEC"].team = "duty";
  w_.Must(TakeDecision{"credit", {}, "goodwill"}, w_.Human("ana"));
  EXPECT_EQ(w_.Must(AnswerDecision{"", true, ""}, w_.Human("noa")).outcome, OutcomeKind::kAwaitsApproval);
  EXPECT_EQ(request().request.first, "noa");
  EXPECT_THAT(request().request.people, ElementsAre("mia"));
  w_.Must(AnswerDecision{"", true, ""}, w_.Human("mia"));
  const auto* taken = Find<DecisionTaken>(w_.last());
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(taken->requested_by, "ana");
  EXPECT_EQ(taken->first_person, "noa");
  EXPECT_EQ(taken->person, "mia");
}

TEST_F(DecideAuthority, AHalfTakenDecisionCountsSoThatItCannotBeDoubled) {
  w_.Must(Spend(15'000), w_.Human("mia"));  // the first of two
  ASSERT_THAT(w_.c().decision_requests, SizeIs(1));
  const auto more = w_.Do(Spend(6'000), w_.Human("mia"));
  ASSERT_TRUE(more.ok());
  EXPECT_EQ(w_.c().decision_requests.back().request.to_level, "EXEC") << "21,000 EUR in all are not hers";
}

TEST_F(DecideAuthority, ADelegateDecidesInSomebodysPlaceAndIsNoSecondPersonBesideThem) {
  RosterDocument roster = test::DeskRoster();
  roster.delegations = {{"max", "noa", std::nullopt, w_.now + kDayMs, {}, {}}};
  w_.roster = *Roster::Build(roster);
  w_.Must(Spend(9'000), w_.Human("noa"));
  const auto* taken = Find<DecisionTaken>(w_.last());
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(taken->person, "noa");
  EXPECT_EQ(taken->delegator, "max");
  w_.Must(TakeDecision{"credit", {}, "goodwill"}, w_.Human("max"));
  EXPECT_THAT(Refusal(AnswerDecision{"", true, ""}, w_.Human("noa")), HasSubstr("you would decide for max"));
  w_.Must(AnswerDecision{"", false, "not now"}, w_.Human("max"));
  w_.Must(TakeDecision{"credit", {}, "goodwill"}, w_.Human("noa"));
  EXPECT_EQ(request().request.first_delegator, "max");
  EXPECT_THAT(Refusal(AnswerDecision{"", true, ""}, w_.Human("max")), HasSubstr("has decided already for max"));
}

TEST_F(DecideAuthority, WhatIsWaitedForEndsWithTheCase) {
  w_.Must(Acknowledge{}, w_.Human("ana"));
  w_.Must(Spend(3'000), w_.Human("ana"));
  const std::string clock = "decision." + request().request.id;
  w_.Must(Resolve{}, w_.Human("ana"));
  EXPECT_THAT(w_.c().decision_requests, IsEmpty());
  EXPECT_EQ(w_.c().clock(clock), nullptr);
  w_.Must(TakeDecision{"vendor", {}, "the bill"}, w_.Human("cho"));  // also afterwards
  EXPECT_THAT(w_.c().decisions, SizeIs(1));
}

TEST_F(DecideAuthority, WhatIsAskedForAtRestIsStillWaitedForAfterAReopening) {
  w_.Must(Acknowledge{}, w_.Human("ana"));
  w_.Must(Resolve{}, w_.Human("ana"));
  w_.Must(Spend(3'000), w_.Human("ana"));
  w_.Must(RejectResolution{"still slow"}, w_.Requester());
  ASSERT_THAT(w_.c().decision_requests, SizeIs(1));
  EXPECT_NE(w_.c().clock("decision." + request().request.id), nullptr);
}

TEST_F(DecideAuthority, NobodyAtTheAskedLevelMeansTheCatchAll) {
  RosterDocument roster = test::DeskRoster();
  roster.absences = {{"eva", std::nullopt, std::nullopt}};
  w_.roster = *Roster::Build(roster);
  w_.Must(Spend(3'000), w_.Human("ana"));
  EXPECT_EQ(Find<NotifyIntended>(w_.last())->team, "duty");
}

TEST_F(DecideAuthority, EightMayWaitAtOnceAndTwoHundredBeTaken) {
  for (int i = 0; i < 8; ++i) w_.Must(Spend(3'000 + i), w_.Human("ana"));
  EXPECT_EQ(w_.Do(Spend(4'000), w_.Human("ana")).error().code, ErrorCode::kResourceExhausted);
  World other;
  other.OpenAt(Priority::kP2);
  for (int i = 0; i < 200; ++i) other.Must(Spend(0), other.Human("ana"));
  EXPECT_EQ(other.Do(Spend(0), other.Human("ana")).error().code, ErrorCode::kResourceExhausted);
}

TEST_F(DecideAuthority, ARequesterTakesNoDecision) {
  EXPECT_EQ(w_.Do(Spend(0), w_.Requester()).error().code, ErrorCode::kPermissionDenied);
}

}  // namespace
}  // namespace escalon

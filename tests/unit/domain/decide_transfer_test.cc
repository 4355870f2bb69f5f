#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// Handover, approval, consultation (DESIGN §6, domain.md §6, §9).

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

OfferHandover Offer(std::string team, std::string person = "", std::string level = "") {
  return {std::move(team), std::move(person), std::move(level), {{{"summary", "s"}, {"next_step", "n"}}},
          false,           "shift ends"};
}

World Acknowledged() {
  World w;
  w.OpenAt(Priority::kP2);
  w.Run(kMinuteMs);
  w.Must(Acknowledge{}, w.Human("ana"));
  return w;
}

TEST(DecideHandover, AMissingRequiredFieldIsNamed) {
  World w = Acknowledged();
  OfferHandover offer = Offer("network");
  offer.package.fields.erase("next_step");
  const auto refused = w.Do(offer, w.Human("ana"));
  ASSERT_FALSE(refused.ok());
  ASSERT_THAT(refused.error().fields, SizeIs(1));
  EXPECT_EQ(refused.error().fields[0].field, "package.fields.next_step");
  offer = Offer("engineering", "", "L3");
  EXPECT_EQ(w.Do(offer, w.Human("ana")).error().fields[0].field, "package.fields.hypotheses_ruled_out");
}

TEST(DecideHandover, TheOutgoingOwnerStaysResponsibleUntilAcceptance) {
  World w = Acknowledged();
  w.Must(Offer("network"), w.Human("ana"));
  EXPECT_EQ(w.c().owner.person, "ana");
  EXPECT_EQ(w.Pages().back(), "team:network");
  EXPECT_EQ(w.Do(AcceptHandover{}, w.Human("eva")).error().code, ErrorCode::kPermissionDenied);
  const InstantMs resolution = w.c().clock("resolution")->due_at;
  w.Must(AcceptHandover{}, w.Human("dan"));
  EXPECT_EQ(w.c().owner.person, "dan");
  EXPECT_EQ(w.c().owner.team, "network");
  EXPECT_EQ(w.c().acknowledged_by, "dan");
  EXPECT_EQ(w.c().reassignments, 1u);
  EXPECT_EQ(w.c().escalations, 0u);
  EXPECT_EQ(w.c().clock("resolution")->due_at, resolution);
  EXPECT_EQ(w.c().clock("handover"), nullptr);
  EXPECT_THAT(w.c().handovers, IsEmpty());
}

TEST(DecideHandover, ToAHigherLevelItIsAnEscalation) {
  World w = Acknowledged();
  OfferHandover offer = Offer("", "eva", "L3");
  offer.package.fields["hypotheses_ruled_out"] = "cable";
  w.Must(offer, w.Human("ana"));
  w.Must(AcceptHandover{}, w.Human("eva"));
  EXPECT_EQ(w.c().functional.level, "L3");
  EXPECT_EQ(w.c().escalations, 1u);
}

TEST(DecideHandover, ADeclineNeedsAReasonAndTheOwnerHearsIt) {
  World w = Acknowledged();
  w.Must(Offer("network"), w.Human("ana"));
  EXPECT_THAT(w.Do(DeclineHandover{"", ""}, w.Human("dan")).error().message, HasSubstr("reason"));
  w.Must(DeclineHandover{"", "not our service"}, w.Human("dan"));
  EXPECT_EQ(w.c().owner.person, "ana");
  EXPECT_EQ(w.c().handovers_declined, 1u);
  EXPECT_EQ(w.All<NotifyIntended>().back().message, "handover_declined");
  EXPECT_THAT(w.All<NotifyIntended>().back().people, ElementsAre("ana"));
}

TEST(DecideHandover, AskedForMoreAndSupplied) {
  World w = Acknowledged();
  w.Must(Offer("network"), w.Human("ana"));
  w.Must(AskForMore{"", {"logs"}, "which host?"}, w.Human("cho"));
  EXPECT_EQ(w.c().handovers.front().state, HandoverState::kAskedForMore);
  w.Must(SupplyHandover{"", {{{"logs", "sealed"}}}}, w.Human("ana"));
  EXPECT_EQ(w.c().handovers.front().state, HandoverState::kOffered);
  EXPECT_EQ(w.c().clock("handover")->due_at, w.now + 15 * kMinuteMs);
  w.Must(AcceptHandover{}, w.Human("cho"));
  EXPECT_EQ(w.c().owner.person, "cho");
}

TEST(DecideHandover, NobodyAcceptsAndTheCaseClimbs) {
  World w = Acknowledged();
  w.Must(Offer("network"), w.Human("ana"));
  w.Run(15 * kMinuteMs);
  EXPECT_THAT(w.c().handovers, IsEmpty());
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.All<Escalated>().back().reason, EscalationReason::kDeclined);
}

TEST(DecideHandover, AnEmergencyMovesAtOnceAndAsksForWhatIsMissingAfterwards) {
  World w = Acknowledged();
  OfferHandover offer = Offer("network");
  offer.package.fields.clear();
  offer.emergency = true;
  offer.reason = "ana is taken ill";
  w.Must(offer, w.Human("ana"));
  EXPECT_EQ(w.c().owner.team, "network");
  EXPECT_EQ(w.c().acknowledged_by, "");
  ASSERT_NE(w.c().clock("step.functional"), nullptr);
  ASSERT_NE(w.c().clock("handover_debt"), nullptr);
  EXPECT_THAT(w.c().handovers.front().offer.missing, ElementsAre("summary", "next_step"));
  w.Must(SupplyHandover{"", {{{"summary", "s"}, {"next_step", "n"}}}}, w.Human("ben"));
  EXPECT_THAT(w.c().handovers, IsEmpty());
  EXPECT_EQ(w.c().clock("handover_debt"), nullptr);
}

TEST(DecideHandover, AFullReceiverCannotAccept) {
  World w = Acknowledged();
  RosterDocument roster = test::DeskRoster();
  roster.people[3].capacity = 5;  // dan
  w.roster = *Roster::Build(roster);
  w.load.work["dan"] = 5;
  w.Must(Offer("network"), w.Human("ana"));
  EXPECT_EQ(w.Do(AcceptHandover{}, w.Human("dan")).error().code, ErrorCode::kResourceExhausted);
}

// --- approval

Escalate ToExec(bool emergency = false) {
  return {Track::kHierarchical, "EXEC", EscalationReason::kCustomer, "the customer threatens to leave", emergency};
}

TEST(DecideApproval, ARoutineEscalationToTheExecutiveWaitsForConsent) {
  World w = Acknowledged();
  const EventBatch batch = w.Must(ToExec(), w.Human("ana"));
  EXPECT_EQ(batch.outcome, OutcomeKind::kAwaitsApproval);
  EXPECT_EQ(w.c().hierarchical.level, "");
  ASSERT_THAT(w.c().approvals, SizeIs(1));
  EXPECT_THAT(w.c().approvals[0].request.approvers, ElementsAre("mia"));
  EXPECT_EQ(w.Pages().back(), "mia");
  EXPECT_EQ(w.Must(ToExec(), w.Human("ana")).outcome, OutcomeKind::kAwaitsApproval);
  EXPECT_THAT(w.c().approvals, SizeIs(1));
  EXPECT_EQ(w.c().owner.person, "ana");  // the clocks run on, the owner stays
}

TEST(DecideApproval, ConsentCarriesItOutAndARefusalGivesItsReason) {
  World w = Acknowledged();
  w.Must(ToExec(), w.Human("ana"));
  EXPECT_THAT(w.Do(DecideApproval{"", false, ""}, w.Human("mia")).error().message, HasSubstr("reason"));
  EXPECT_EQ(w.Do(DecideApproval{"", true, ""}, w.Human("ben")).error().code, ErrorCode::kPermissionDenied);
  w.Must(DecideApproval{"", true, "go"}, w.Human("mia"));
  EXPECT_EQ(w.c().hierarchical.level, "EXEC");
  EXPECT_THAT(w.c().approvals, IsEmpty());

  World refused = Acknowledged();
  refused.Must(ToExec(), refused.Human("ana"));
  refused.Must(DecideApproval{"", false, "we can handle it"}, refused.Human("mia"));
  EXPECT_EQ(refused.c().hierarchical.level, "");
  EXPECT_THAT(refused.All<NotifyIntended>(), Contains(Field(&NotifyIntended::message, "approval_decided")));
}

TEST(DecideApproval, NobodyApprovesTheirOwnRequest) {
  World w = Acknowledged();
  w.Must(ToExec(), w.Manager("noa"));
  EXPECT_THAT(w.Do(DecideApproval{"", true, ""}, w.Manager("noa")).error().message, HasSubstr("own request"));
}

TEST(DecideApproval, SilenceTakesTheDefaultOutcome) {
  World w = Acknowledged();
  w.Must(ToExec(), w.Human("ana"));
  w.Run(30 * kMinuteMs);
  EXPECT_EQ(w.c().hierarchical.level, "EXEC");
  EXPECT_EQ(w.All<ApprovalDecided>().back().outcome, ApprovalOutcome::kDefaultApproved);

  World strict = Acknowledged();
  strict.policy.approvals[0].default_approve = false;
  strict.Must(ToExec(), strict.Human("ana"));
  strict.Run(30 * kMinuteMs);
  EXPECT_EQ(strict.c().hierarchical.level, "");
}

TEST(DecideApproval, AnEmergencyActsFirstAndIsRatifiedAfterwardsEvenWhenResolved) {
  World w = Acknowledged();
  w.Must(ToExec(true), w.Human("ana"));
  EXPECT_EQ(w.c().hierarchical.level, "EXEC");
  ASSERT_THAT(w.c().approvals, SizeIs(1));
  EXPECT_TRUE(w.c().approvals[0].request.ratify);
  w.Must(Resolve{}, w.Human("ana"));
  ASSERT_THAT(w.c().approvals, SizeIs(1));
  w.Must(DecideApproval{"", true, ""}, w.Human("mia"));
  EXPECT_EQ(w.All<ApprovalDecided>().back().outcome, ApprovalOutcome::kRatified);
  EXPECT_THAT(w.c().approvals, IsEmpty());
}

TEST(DecideApproval, AP1NeedsNone) {
  World w;
  w.OpenAt(Priority::kP1);
  w.Run(kMinuteMs);
  w.Must(ToExec(), w.Manager("noa"));
  EXPECT_EQ(w.c().hierarchical.level, "EXEC");
}

TEST(DecideApproval, TheCustomersWishIsJudgedByTheSameRule) {
  World w = Acknowledged();
  Escalate wish{Track::kHierarchical, "EXEC", EscalationReason::kCustomerRequest, "", false};
  EXPECT_EQ(w.Must(wish, w.Requester()).outcome, OutcomeKind::kAwaitsApproval);
  w.Run(30 * kMinuteMs);
  EXPECT_THAT(w.All<NotifyIntended>(),
              Contains(::testing::AllOf(Field(&NotifyIntended::message, "approval_decided"),
                                        Field(&NotifyIntended::audience, Audience::kRequester))));
}

// --- consultation

TEST(DecideConsultation, HelpWithoutHandoverChangesNoOwnerAndCountsAsNoEscalation) {
  World w = Acknowledged();
  w.Must(Consult{"", "eva", "sealed"}, w.Human("ana"));
  EXPECT_EQ(w.c().owner.person, "ana");
  EXPECT_EQ(w.c().escalations, 0u);
  EXPECT_EQ(w.Pages().back(), "eva");
  const std::string id = w.c().consultations.front().asked.id;
  ASSERT_NE(w.c().clock("consultation." + id), nullptr);
  EXPECT_EQ(w.Do(AnswerConsultation{id, "sealed"}, w.Human("ben")).error().code, ErrorCode::kPermissionDenied);
  w.Must(AnswerConsultation{id, "sealed"}, w.Human("eva"));
  EXPECT_THAT(w.c().consultations, IsEmpty());
  EXPECT_EQ(w.c().clock("consultation." + id), nullptr);
}

TEST(DecideConsultation, WithoutAnAnswerWhoeverAskedIsTold) {
  World w = Acknowledged();
  w.Must(Consult{"engineering", "", "sealed"}, w.Human("ana"));
  w.Run(30 * kMinuteMs);
  EXPECT_EQ(w.All<NotifyIntended>().back().message, "consultation_overdue");
  EXPECT_THAT(w.c().consultations, SizeIs(1));
}

}  // namespace
}  // namespace escalon

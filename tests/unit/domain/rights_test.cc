#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// What the requester's side may ask for, and what is the desk's.

namespace escalon {
namespace {

using test::World;
using ::testing::HasSubstr;

constexpr char kForTheDesk[] = "is for the desk";

std::string RefusalOf(World& w, CommandBody body, const Actor& actor) {
  const auto answer = w.Do(std::move(body), actor);
  return answer.ok() ? "" : answer.error().message;
}

World Open() {
  World w;
  w.OpenAt(Priority::kP2);
  return w;
}

World Resolved() {
  World w = Open();
  w.Must(Resolve{}, w.Human("ana"));
  return w;
}

TEST(Requester, MayReportAgainCorrectWithdrawAndWrite) {
  ChangeFacts title;
  title.facts.title = "The shop is down";
  title.fields = {"title"};
  Escalate wish{Track::kFunctional, "", EscalationReason::kCustomerRequest, "I wait", false};
  const CommandBody wishes[] = {World::Incident(), title, Cancel{CancelCause::kWithdrawn, {}, "solved itself"},
                                AddNote{Visibility::kPublic, "sealed", true}, wish};
  for (const CommandBody& body : wishes) {
    World w = Open();
    EXPECT_EQ(RefusalOf(w, body, w.Requester()), "") << CommandName(KindOf(body));
  }
}

TEST(Requester, SaysWhetherItIsResolvedAndHowWell) {
  for (const CommandBody& body : {CommandBody(ConfirmResolution{}), CommandBody(RejectResolution{"still slow"}),
                                  CommandBody(Reopen{"it is back"}), CommandBody(Rate{"resolution", "", 4, ""})}) {
    World w = Resolved();
    EXPECT_EQ(RefusalOf(w, body, w.Requester()), "") << CommandName(KindOf(body));
  }
}

TEST(Requester, DoesNotDoTheDesksWork) {
  World w = Open();
  EXPECT_THAT(RefusalOf(w, AddNote{Visibility::kInternal, "sealed", false}, w.Requester()), HasSubstr(kForTheDesk));
  EXPECT_THAT(RefusalOf(w, Acknowledge{}, w.Requester()), HasSubstr(kForTheDesk));
  const Escalate not_the_customers{Track::kFunctional, "", EscalationReason::kSkill, "needs more", false};
  EXPECT_THAT(RefusalOf(w, not_the_customers, w.Requester()), HasSubstr(kForTheDesk));
}

TEST(Requester, WhoWorksAtTheDeskTooIsOfTheDesk) {
  for (const char* role : {"agent", "manager", "integrator", "approver", "service", "operator"}) {
    World w = Open();
    Actor both = w.Requester();
    both.roles.emplace_back(role);
    EXPECT_EQ(RefusalOf(w, AddNote{Visibility::kInternal, "sealed", false}, both), "") << role;
  }
  World w = Open();
  Actor reader = w.Requester();
  reader.roles.emplace_back("reader");
  EXPECT_THAT(RefusalOf(w, AddNote{Visibility::kInternal, "sealed", false}, reader), HasSubstr(kForTheDesk));
}

}  // namespace
}  // namespace escalon

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/domain/command_table.h"
#include "tests/unit/domain/fixture.h"

// Every pair of state and command is either possible or refused as the table says.

namespace escalon {
namespace {

using test::World;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr CaseState kStates[] = {
    CaseState::kNew,     CaseState::kTriaged,  CaseState::kAssigned,   CaseState::kAcknowledged, CaseState::kInProgress,
    CaseState::kPending, CaseState::kResolved, CaseState::kMonitoring, CaseState::kClosed,       CaseState::kCancelled};

/// Brings a case into a state by commands alone.
void Reach(World& w, CaseState state) {
  w.Open(World::Incident());
  if (state == CaseState::kNew) return;
  if (state == CaseState::kTriaged) {  // held: its step has nobody, and no team to own it meanwhile
    w.policy.paths[0].functional.steps[0].to = {};
    w.policy.paths[0].functional.steps[0].to.person = "nobody";
    w.Must(w.Advice(Priority::kP3), w.Service());
    return;
  }
  w.Must(w.Advice(Priority::kP2), w.Service());
  if (state == CaseState::kAssigned) return;
  w.Must(Acknowledge{}, w.Human("ana"));
  switch (state) {
    case CaseState::kInProgress:
      w.Must(StartWork{}, w.Human("ana"));
      break;
    case CaseState::kPending:
      w.Must(Pause{"customer", 0, ""}, w.Human("ana"));
      break;
    case CaseState::kResolved:
      w.Must(Resolve{}, w.Human("ana"));
      break;
    case CaseState::kMonitoring:
      w.Must(Resolve{}, w.Human("ana"));
      w.Must(ConfirmResolution{}, w.Requester());
      break;
    case CaseState::kClosed:
      w.Must(Resolve{}, w.Human("ana"));
      w.Must(Close{"done"}, w.Manager("mia"));
      break;
    case CaseState::kCancelled:
      w.Must(Cancel{CancelCause::kWithdrawn, {}, "mistake"}, w.Human("ana"));
      break;
    default:
      break;
  }
}

std::vector<CommandBody> OneOfEach(const World& w) {
  const CaseId other = CaseId::Make(1, 1, 1, 1);
  return {World::Incident(),
          w.Advice(Priority::kP3),
          ClockDue{"resolution", 1},
          ReportNobodyReached{2, 0, "bounced"},
          Acknowledge{},
          WithdrawAcknowledgement{},
          StartWork{},
          Escalate{Track::kFunctional, "", EscalationReason::kSkill, "needs more", false},
          DeEscalate{Track::kFunctional, "L1", "do this", 0},
          Assign{"network", "", ""},
          Pause{"vendor", 0, ""},
          Resume{""},
          Snooze{w.now + kHourMs, ""},
          OfferHandover{"network", "", "", {{{"summary", "s"}, {"next_step", "n"}}}, false, ""},
          AcceptHandover{""},
          DeclineHandover{"", "no"},
          AskForMore{"", {"x"}, ""},
          SupplyHandover{"", {{{"x", "y"}}}},
          DecideApproval{"", true, ""},
          Consult{"network", "", "sealed"},
          AnswerConsultation{"", "sealed"},
          AddNote{Visibility::kInternal, "sealed", false},
          LogAttempt{"restart", false},
          ChangeFacts{{}, {"title"}},
          SetPriority{Priority::kP4, false, "because"},
          Rate{"resolution", "", 5, ""},
          Link{other, "", LinkRelation::kRelated},
          Merge{other, ""},
          AbsorbCrossCase{other, "link", LinkRelation::kRelated},
          RecordCrossCase{1, 0, false, ""},
          Resolve{},
          ConfirmResolution{},
          RejectResolution{"no"},
          Reopen{"again"},
          Close{""},
          Cancel{CancelCause::kWithdrawn, {}, "mistake"},
          SourceEnded{true, ""},
          SetEta{w.now + kHourMs, ""},
          TakeDecision{"vendor", {}, ""},
          AnswerDecision{"", true, ""},
          RecordMilestone{"classified_significant", ""},
          Major{}};
}

bool RefusedByState(const Result<EventBatch>& result) {
  return !result.ok() && result.error().code == ErrorCode::kWrongState && result.error().detail.starts_with("state=");
}

TEST(DecideTable, EveryStateIsReachedAndRefusesExactlyWhatTheTableSays) {
  for (const CaseState state : kStates) {
    World reached;
    Reach(reached, state);
    ASSERT_EQ(reached.c().state, state) << Name(state);
    const auto bodies = OneOfEach(reached);
    ASSERT_EQ(bodies.size(), std::variant_size_v<CommandBody>);
    for (const CommandBody& body : bodies) {
      World w;
      Reach(w, state);
      const uint32_t kind = KindOf(body);
      const bool internal = kind == 2 || kind == 3 || kind == 4 || kind == 29 || kind == 30;
      const auto result = w.Do(body, internal ? w.Service() : w.Manager("mia"));
      EXPECT_EQ(RefusedByState(result), !IsPossible(state, kind)) << Name(state) << " × " << CommandName(kind);
    }
  }
}

TEST(DecideTable, WhatIsPossibleIsNamedForPeopleOnly) {
  EXPECT_THAT(PossibleIn(CaseState::kAssigned), HasSubstr("acknowledge"));
  EXPECT_THAT(PossibleIn(CaseState::kAssigned), Not(HasSubstr("clock_due")));
  EXPECT_THAT(PossibleIn(CaseState::kClosed), HasSubstr("reopen"));
  EXPECT_THAT(PossibleIn(CaseState::kClosed), Not(HasSubstr("acknowledge")));
}

TEST(DecideTable, NoCommandButOpeningIsPossibleOnACaseThatDoesNotExist) {
  World w;
  for (const CommandBody& body : OneOfEach([] {
         World o;
         o.Open(World::Incident());
         return o;
       }())) {
    const Command command = w.CommandOf(body, w.Source());
    const Context context{w.policy, *w.roster, w.load, 1, w.now};
    const auto result = Decide(nullptr, command, context);
    if (std::holds_alternative<OpenCase>(body)) {
      EXPECT_TRUE(result.ok());
    } else {
      EXPECT_EQ(result.error().code, ErrorCode::kNotFound) << CommandName(KindOf(body));
    }
  }
}

}  // namespace
}  // namespace escalon

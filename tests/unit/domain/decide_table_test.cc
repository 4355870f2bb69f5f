#include <iterator>
#include <map>
#include <string>
#include <string_view>
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
          Major{},
          Migrate{"desk@4"}};
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

/// What DESIGN §6 says of each command, written again and not read from the table: the states by their letters (new,
/// triaged, assigned, acKnowledged, in progreSs, pending, resolved, monitoring, closed, X cancelled), and whether the
/// rules' default is applied first to a case that triage has not judged, and whether it is for services alone.
struct Expected {
  const char* command;
  const char* states;
  bool triage_first = false;
  bool internal = false;
};
constexpr const char* kLetters = "ntaksprmcx";
constexpr Expected kExpected[] = {
    {"open_case", "ntaksprm"},
    {"record_triage", "ntaksp", false, true},
    {"clock_due", "ntaksprmcx", false, true},
    {"report_nobody_reached", "ntaksprmcx", false, true},
    {"acknowledge", "ntaksp", true},
    {"withdraw_acknowledgement", "taksp"},
    {"start_work", "ntaks", true},
    {"escalate", "ntaksp", true},
    {"de_escalate", "taksp"},
    {"assign", "ntaksp", true},
    {"pause", "ntaks", true},
    {"resume", "p"},
    {"snooze", "ntaks", true},
    {"offer_handover", "taksp"},
    {"accept_handover", "taksp"},
    {"decline_handover", "taksp"},
    {"ask_for_more", "taksp"},
    {"supply_handover", "taksp"},
    {"decide_approval", "taksprmc"},
    {"consult", "taksp"},
    {"answer_consultation", "taksp"},
    {"add_note", "ntaksprm"},
    {"log_attempt", "ntaksp"},
    {"change_facts", "ntaksprm"},
    {"set_priority", "ntaksp"},
    {"rate", "taksprmc"},
    {"link", "ntaksprmcx"},
    {"merge", "ntaksprm"},
    {"absorb_cross_case", "ntaksprmcx", false, true},
    {"record_cross_case", "ntaksprmcx", false, true},
    {"resolve", "ntaksp"},
    {"confirm_resolution", "rm"},
    {"reject_resolution", "rm"},
    {"reopen", "rmcx"},
    {"close", "rm"},
    {"cancel", "ntaksprm"},
    {"source_ended", "ntaksprmcx"},
    {"set_eta", "ntaksp"},
    {"take_decision", "ntaksprm", true},
    {"answer_decision", "taksprm"},
    {"record_milestone", "ntaksprmcx", true},
    {"major", "ntaksprmc", true},
    {"migrate", "ntaksp"},
};

/// Together with the test above every cell is held: a change of any one of them fails here, and there the decider is
/// shown to act by the table.
TEST(DecideTable, EveryCellIsAsTheDesignSays) {
  ASSERT_EQ(std::size(kExpected), std::variant_size_v<CommandBody>);
  for (uint32_t kind = 1; kind <= std::size(kExpected); ++kind) {
    const Expected& row = kExpected[kind - 1];
    EXPECT_EQ(CommandName(kind), row.command);
    EXPECT_EQ(NeedsTriage(kind), row.triage_first) << row.command;
    for (size_t i = 0; i < std::size(kStates); ++i) {
      const bool possible = std::string_view(row.states).find(kLetters[i]) != std::string_view::npos;
      EXPECT_EQ(IsPossible(kStates[i], kind), possible) << Name(kStates[i]) << " × " << row.command;
      // `open_case` is no act on a case that is there.
      const bool offered = possible && !row.internal && kind > 1;
      const std::string named = ", " + PossibleIn(kStates[i]) + ",";
      EXPECT_EQ(named.find(", " + std::string(row.command) + ",") != std::string::npos, offered)
          << Name(kStates[i]) << " × " << row.command;
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

#include "common/domain/command_table.h"

#include <array>
#include <variant>

#include "common/domain/command.h"

namespace escalon {
namespace {

using Mask = uint16_t;

constexpr Mask Bit(CaseState state) { return static_cast<Mask>(1u << static_cast<unsigned>(state)); }

constexpr Mask kNew = Bit(CaseState::kNew);
constexpr Mask kPending = Bit(CaseState::kPending);
constexpr Mask kResting = Bit(CaseState::kResolved) | Bit(CaseState::kMonitoring);
constexpr Mask kClosed = Bit(CaseState::kClosed);
constexpr Mask kCancelled = Bit(CaseState::kCancelled);
constexpr Mask kWorking = kNew | Bit(CaseState::kTriaged) | Bit(CaseState::kAssigned) | Bit(CaseState::kAcknowledged) |
                          Bit(CaseState::kInProgress);
constexpr Mask kOpen = kWorking | kPending;
constexpr Mask kOpenAndJudged = kOpen & static_cast<Mask>(~kNew);
constexpr Mask kLive = kOpen | kResting;
constexpr Mask kAll = kLive | kClosed | kCancelled;

struct Row {
  Mask states;
  bool triage_first = false;
  bool internal = false;  ///< of Escalon's own services: not offered to people
};

constexpr auto kRows = std::to_array<Row>({
    /* open_case                */ {kLive},
    /* record_triage            */ {kOpen, false, true},
    /* clock_due                */ {kAll, false, true},
    /* report_nobody_reached    */ {kAll, false, true},
    /* acknowledge              */ {kOpen, true},
    /* withdraw_acknowledgement */ {kOpenAndJudged},
    /* start_work               */ {kWorking, true},
    /* escalate                 */ {kOpen, true},
    /* de_escalate              */ {kOpenAndJudged},
    /* assign                   */ {kOpen, true},
    /* pause                    */ {kWorking, true},
    /* resume                   */ {kPending},
    /* snooze                   */ {kWorking, true},
    /* offer_handover           */ {kOpenAndJudged},
    /* accept_handover          */ {kOpenAndJudged},
    /* decline_handover         */ {kOpenAndJudged},
    /* ask_for_more             */ {kOpenAndJudged},
    /* supply_handover          */ {kOpenAndJudged},
    /* decide_approval          */ {kOpenAndJudged | kResting | kClosed},
    /* consult                  */ {kOpenAndJudged},
    /* answer_consultation      */ {kOpenAndJudged},
    /* add_note                 */ {kLive},
    /* log_attempt              */ {kOpen},
    /* change_facts             */ {kLive},
    /* set_priority             */ {kOpen},
    /* rate                     */ {static_cast<Mask>(kOpenAndJudged | kResting | kClosed)},
    /* link                     */ {kAll},
    /* merge                    */ {kLive},
    /* absorb_cross_case        */ {kAll, false, true},
    /* record_cross_case        */ {kAll, false, true},
    /* resolve                  */ {kOpen},
    /* confirm_resolution       */ {kResting},
    /* reject_resolution        */ {kResting},
    /* reopen                   */ {kResting | kClosed | kCancelled},
    /* close                    */ {kResting},
    /* cancel                   */ {kLive},
    /* source_ended             */ {kAll},
    /* set_eta                  */ {kOpen},
    /* take_decision            */ {kLive, true},
    /* answer_decision          */ {kOpenAndJudged | kResting},
    /* record_milestone         */ {kAll, true},
    /* major                    */ {static_cast<Mask>(kLive | kClosed), true},
    /* migrate                  */ {kOpen},
});
static_assert(kRows.size() == std::variant_size_v<CommandBody>);

}  // namespace

bool IsPossible(CaseState state, uint32_t kind) {
  return kind >= 1 && kind <= kRows.size() && (kRows[kind - 1].states & Bit(state)) != 0;
}

bool NeedsTriage(uint32_t kind) { return kind >= 1 && kind <= kRows.size() && kRows[kind - 1].triage_first; }

std::string PossibleIn(CaseState state) {
  std::string names;
  for (uint32_t kind = 2; kind <= kRows.size(); ++kind) {
    if (kRows[kind - 1].internal || !IsPossible(state, kind)) continue;
    if (!names.empty()) names += ", ";
    names += CommandName(kind);
  }
  return names;
}

}  // namespace escalon

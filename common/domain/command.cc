#include "common/domain/command.h"

#include <array>

namespace escalon {
namespace {

constexpr auto kCommandNames = std::to_array<std::string_view>({
    "open_case",
    "record_triage",
    "clock_due",
    "report_nobody_reached",
    "acknowledge",
    "withdraw_acknowledgement",
    "start_work",
    "escalate",
    "de_escalate",
    "assign",
    "pause",
    "resume",
    "snooze",
    "offer_handover",
    "accept_handover",
    "decline_handover",
    "ask_for_more",
    "supply_handover",
    "decide_approval",
    "consult",
    "answer_consultation",
    "add_note",
    "log_attempt",
    "change_facts",
    "set_priority",
    "rate",
    "link",
    "merge",
    "absorb_cross_case",
    "record_cross_case",
    "resolve",
    "confirm_resolution",
    "reject_resolution",
    "reopen",
    "close",
    "cancel",
    "source_ended",
    "set_eta",
    "take_decision",
    "answer_decision",
    "record_milestone",
    "major",
    "migrate",
});
static_assert(kCommandNames.size() == std::variant_size_v<CommandBody>);

}  // namespace

std::string_view CommandName(uint32_t kind) {
  return kind >= 1 && kind <= kCommandNames.size() ? kCommandNames[kind - 1] : "unknown";
}

}  // namespace escalon

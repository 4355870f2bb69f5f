#include "common/domain/decider.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/command_table.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/draft.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/rights.h"
#include "common/domain/state_size.h"

namespace escalon {
namespace {

using decide::Decision;
using decide::Draft;

constexpr size_t kLongestCommandId = 128;

Status CheckEnvelope(const Case* current, const Command& command, InstantMs now) {
  if (command.command_id.empty()) return InvalidField("command_id", "required: a repeat is told from a new wish by it");
  if (command.command_id.size() > kLongestCommandId) return InvalidField("command_id", "longer than 128 bytes");
  if (now > command.deadline)
    return Error{ErrorCode::kDeadlineExceeded, "the caller's time was over before a decision; ask again"};
  if (current == nullptr) {
    if (std::holds_alternative<OpenCase>(command.body)) return {};
    return Error{ErrorCode::kNotFound, "no such case"};
  }
  if (command.actor.tenant != current->tenant && command.actor.tenant != "*")
    return Error{ErrorCode::kNotFound, "no such case"};
  return {};
}

Status CheckVersion(const Case& c, const Command& command) {
  if (command.expected_version == 0 || command.expected_version == c.version) return {};
  Error moved{ErrorCode::kWrongState, "the case has moved on: it is at version " + std::to_string(c.version) +
                                          ", not " + std::to_string(command.expected_version) +
                                          "; read it again and decide anew"};
  moved.detail = "version=" + std::to_string(c.version);
  return moved;
}

Status CheckState(const Case& c, uint32_t kind) {
  if (IsPossible(c.state, kind)) return {};
  Error wrong{ErrorCode::kWrongState, std::string(CommandName(kind)) + ": the case is " + std::string(Name(c.state)) +
                                          "; possible now: " + PossibleIn(c.state)};
  wrong.detail = "state=" + std::string(Name(c.state));
  return wrong;
}

/// A repeat has no second effect and hears the first outcome (protocol.md rule 6).
Result<EventBatch> Repeat(const Command& command, const PastCommand& past, InstantMs at) {
  if (past.body_hash != command.body_hash) {
    return InvalidField("command_id", "used before for another command on this case; take a new id");
  }
  EventBatch batch;
  batch.at = at;
  batch.actor = command.actor;
  batch.command_id = command.command_id;
  batch.command_hash = command.body_hash;
  batch.outcome = past.outcome;
  return batch;
}

/// Any human act of the owner renews the lease (DESIGN §6). `before`: the generation that was there when the command
/// came.
void RenewByOwnersAct(Draft& d, uint32_t before) {
  const Case& c = d.c();
  if (before == 0 || !d.by_person() || d.events().empty()) return;
  const ClockRun* lease = c.clock(decide::kLeaseClock);
  const bool of_owner = d.actor().subject == c.owner.person || d.actor().subject == c.acknowledged_by;
  if (lease != nullptr && lease->generation == before && of_owner) decide::RenewLease(d);
}

Status CheckSize(const Draft& d, const Case* current) {
  const size_t bytes = StateBytes(d.c());
  if (bytes <= kMostStateBytes || (current != nullptr && bytes <= StateBytes(*current))) return {};
  return Error{ErrorCode::kResourceExhausted, "the case would grow to " + std::to_string(bytes / 1024) +
                                                  " KiB, over 512 KiB: most of it is " + LargestPart(d.c()) +
                                                  "; shorten that, or attach it by reference"};
}

}  // namespace

Result<EventBatch> Decide(const Case* current, const Command& command, const Context& context, Case* after) {
  if (Status s = CheckEnvelope(current, command, context.now); !s) return s.error();
  const uint32_t kind = KindOf(command.body);
  uint32_t lease = 0;
  if (current != nullptr) {
    if (const PastCommand* past = current->FindCommand(command.command_id)) {
      return Repeat(command, *past, std::max(context.now, current->last_at));
    }
    if (Status s = CheckVersion(*current, command); !s) return s.error();
    if (Status s = CheckState(*current, kind); !s) return s.error();
    if (const ClockRun* run = current->clock(decide::kLeaseClock)) lease = run->generation;
  }
  Draft draft(current, command, context, after);
  if (current != nullptr) {
    if (Status s = decide::MayTouch(draft); !s) return s.error();
    if (current->state == CaseState::kNew && NeedsTriage(kind)) {
      decide::TriageByRules(draft, "a person acts before triage has spoken");
    }
  }
  const Decision decision = std::visit([&draft](const auto& body) { return decide::On(draft, body); }, command.body);
  if (!decision) return decision.error();
  if (!draft.events().empty()) {
    decide::KeepMajor(draft);
    decide::LeadOn(draft);
    decide::KeepWithSun(draft);
    decide::FollowOwnersRegion(draft);
  }
  RenewByOwnersAct(draft, lease);
  decide::Communicate(draft);
  if (Status s = CheckSize(draft, current); !s) return s.error();
  return draft.Finish(*decision);
}

}  // namespace escalon

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/domain/draft.h"

namespace escalon::decide {

// Who is told what. The pages of a step are the climb's; the rest follows the policy's communication rules from the
// events of the record, and what a person must hear whatever the policy says: a question put to them, a debt, a case
// given back.

/// Intents for the record's events by the policy's rules (DESIGN §6 "Telling people"); call once, last. The same
/// message goes to an audience once, and nobody is informed of what they are paged for.
void Communicate(Draft& d);

/// A message of the engine's own to named people or a team. Pages withdraw themselves when they are no longer wanted.
void Tell(Draft& d, IntentPurpose purpose, Audience audience, std::vector<std::string> people, std::string team,
          std::string message);
/// The owner: the person, else the team.
void TellOwner(Draft& d, std::string message);
void TellManager(Draft& d, std::string message);

/// A cadence that hangs on no event begins with its first update at once.
void StartCadence(Draft& d);
/// Arms the cadence of the rules that match, from now: the next update is due then (DESIGN §6, "at least hourly").
void RestartCadence(Draft& d, const std::string& why);
/// The cadence is due: those audiences hear how it stands, the owner is asked for content.
void SendCadence(Draft& d);

}  // namespace escalon::decide

#pragma once

#include <span>
#include <string_view>

namespace escalon {

// The closed sets of words that a policy may use for things that happen to a case. Validation refuses others; the
// decider knows each.

/// Before the id of a pending reason: the case begins to wait for it.
inline constexpr std::string_view kPendingWordPrefix = "pending_";

/// What starts a clock of `ClockRule::start_on`; also `pending_<reason>`, and milestones of the policy's own.
std::span<const std::string_view> ClockStartWords();
/// What stops one, of `ClockRule::stop_on`; also milestones.
std::span<const std::string_view> ClockStopWords();
/// What stops a track, of `PathTrack::stop_on`.
std::span<const std::string_view> TrackStopWords();
/// What `CommunicationRule::on` can speak of; also the names of the messages.
std::span<const std::string_view> CommunicationEvents();
/// Clocks that the engine arms by itself: a policy sets their lengths elsewhere and may not redefine them.
std::span<const std::string_view> EngineClocks();

bool IsWord(std::span<const std::string_view> words, std::string_view word);

}  // namespace escalon

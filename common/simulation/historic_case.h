#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/facts.h"
#include "common/domain/vocabulary.h"

namespace escalon::simulation {

/// What a person, or the case's source, once did on a case. A simulation lets people do the same at the same instants.
enum class DeedKind : uint8_t {
  kAcknowledge = 1,  ///< `person`; empty: somebody of whoever was told
  kStartWork = 2,
  kAssign = 3,  ///< to `team`, `person`, or both
  kPause = 4,   ///< `text`: the pending reason
  kResume = 5,
  kReply = 6,        ///< a message of a person to the requester
  kNote = 7,         ///< inside
  kMessage = 8,      ///< of the requester
  kAttempt = 9,      ///< at a solution, which failed
  kEscalate = 10,    ///< `text`: the level; empty: the next one
  kDeEscalate = 11,  ///< `text`: the level
  kFacts = 12,       ///< `impact`, `urgency` and `text`, the category, as they are from then on
  kPriority = 13,    ///< `priority`, by hand
  kResolve = 14,
  kConfirm = 15,
  kReopen = 16,
  kClose = 17,  ///< at the source: also ends a case that was not resolved before
  kCancel = 18,
  kRate = 19,  ///< the resolution, by the requester: `score`
};
inline constexpr size_t kDeedKinds = 20;

/// `acknowledge`, `start_work`, …: as they stand in a history. kDeedKinds' index 0 is empty.
std::string_view Name(DeedKind kind);
/// False: no such word.
bool ParseDeedKind(std::string_view word, DeedKind* kind);

struct Deed {
  InstantMs at = 0;
  DeedKind kind = DeedKind::kAcknowledge;
  Grade impact = Grade::kUnset, urgency = Grade::kUnset;
  Priority priority = Priority::kUnset;
  int score = 0;
  std::string person, team, text;
  auto operator<=>(const Deed&) const = default;
};

/// What was recorded of whether a promise was kept.
enum class Kept : uint8_t { kUnknown, kYes, kNo };

/// A case as it once was. `deeds` are in the order of their instants.
struct HistoricCase {
  Facts facts;  ///< as known at the opening; `external_ref` names the case
  InstantMs opened_at = 0;
  std::vector<Deed> deeds;
  Kept kept = Kept::kUnknown;  ///< nothing but the final comparison sees it
};

}  // namespace escalon::simulation

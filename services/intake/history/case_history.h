#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/domain/case.h"
#include "services/intake/application/live_view.h"

namespace escalon::intake {

/// One version of a case: what one command did to it.
struct Chapter {
  uint64_t version = 0;
  EventBatch batch;
  std::optional<Digest> chain;  ///< up to here; only where it could be reckoned and agrees with the case's own
  std::string policy;           ///< id@version to which the case was pinned then
};

/// Decoded; a batch that cannot be read is left out (it would have quarantined the case). The hash chain is reckoned
/// when the history is whole. Pure.
std::vector<Chapter> ChaptersOf(const FoundHistory& found);

/// Why somebody was told, or was not.
struct Finding {
  InstantMs at = 0;
  uint64_t version = 0;
  std::string person;  ///< empty: nobody, or a team
  std::string words;
  std::vector<TraceLine> lines;
};

/// From the events: every page and message with the rule behind it, every step that had nobody, every time that no
/// channel reached anybody. `person` empty: of everybody; else what concerns this person, and why not when there is
/// nothing. `around` 0: all that is kept; else the hour around it. Pure.
std::vector<Finding> ExplainTelling(const Case& c, const std::vector<Chapter>& chapters, const std::string& person,
                                    InstantMs around);

}  // namespace escalon::intake

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"

namespace escalon {

/// Where a roster names a person, and what it would be without them.
struct LeaverPreview {
  struct Mention {
    int line = 0;
    std::string path;    ///< `teams.desk.members[0]`
    std::string remedy;  ///< what the changed document does about it
  };
  std::vector<Mention> mentions;  ///< in the order of lines; empty: the roster does not name them
  std::string changed;            ///< the text without them, comments and all
  std::vector<FieldViolation>
      findings;  ///< what is wrong with the changed text, or is likely to be: a person has to decide
};

/// The document must be a roster that `ParseRoster` takes. Turns, memberships, roles and duties of the person are taken
/// out, as are their absences and the overrides and temporary shifts that name them and delegations by or to them;
/// nobody is put in their place. Pure.
Result<LeaverPreview> PreviewLeaver(std::string_view yaml, std::string_view person);

}  // namespace escalon

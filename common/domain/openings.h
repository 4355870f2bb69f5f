#pragma once

#include <cstddef>
#include <string_view>

#include "common/core/ids.h"
#include "common/core/instant.h"
#include "common/domain/case.h"

namespace escalon {

/// What was opened lately and belongs together, as far as this instance owns it: advisory (DESIGN §6 "Storms").
class OpeningsSnapshot {
 public:
  struct Gathering {
    size_t others = 0;  ///< opened since then, whatever became of them; the case itself is not among them
    CaseId parent;      ///< the earliest of them that is open, judged, as grave as the case, and no child; empty: none
  };
  virtual ~OpeningsSnapshot() = default;
  /// Cases of the tenant of `c` with this link key (storms.h), opened since then. A case that has taken in others since
  /// then may be the parent although it was opened before.
  virtual Gathering GatheredWith(const Case& c, std::string_view link_key, InstantMs since) const = 0;
};

}  // namespace escalon

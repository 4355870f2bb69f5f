#pragma once

#include <optional>
#include <vector>

#include "common/calc/json.h"
#include "common/core/instant.h"
#include "common/domain/window_index.h"
#include "common/domain/zone.h"

namespace escalon::calc {

/// How an answer writes instants: in UTC with `Z`, or with the offset of a zone.
class AnswerForm {
 public:
  explicit AnswerForm(std::optional<Zone> zone = std::nullopt) : zone_(std::move(zone)) {}

  /// kNever is null.
  Json Instant(InstantMs at) const;
  Json Span(InstantMs start, InstantMs end) const;
  Json Spans(const std::vector<Stretch>& stretches) const;

 private:
  std::optional<Zone> zone_;
};

}  // namespace escalon::calc

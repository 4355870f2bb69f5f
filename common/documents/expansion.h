#pragma once

#include <string>
#include <string_view>

#include "common/core/result.h"

namespace escalon {

/// A policy with its short forms written out: one word for each thing (`timezone`, `weekly`, `response`, `warnings`,
/// `on_empty`, `acknowledgement_lease`, `pause_stops`, `channels`, `skills`), every weekday, every priority, `{days:
/// 1}` for `1bd`, lists where lists may stand, no aliases, no comments. It means the same. Errors: what is no YAML, or
/// no policy by its `kind`. Pure.
Result<std::string> ExpandPolicy(std::string_view text);

}  // namespace escalon

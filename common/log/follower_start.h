#pragma once

#include <optional>
#include <string>

#include "common/core/result.h"
#include "common/log/follower.h"
#include "common/log/shard_source.h"

namespace escalon::log {

/// What is known about a shard when its start is chosen.
struct StartFacts {
  int64_t committed = -1;  ///< offset; -1: none
  std::string metadata;
  std::optional<Position> base;
  Watermarks ends;
  bool lost = false;  ///< the committed offset was tried and is out of range
};

struct StartChoice {
  FollowerStart start;
  std::string alarm;  ///< not empty: what a person must know
};

/// Rule 10 in one place. kNotFound: nowhere to start from. Pure.
Result<StartChoice> ChooseStart(const StartFacts& facts);

}  // namespace escalon::log

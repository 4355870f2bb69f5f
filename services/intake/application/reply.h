#pragma once

#include <functional>

#include "common/core/result.h"

namespace escalon::intake {

/// The debt of one answer, from any thread; the first call counts.
template <typename Response>
using Reply = std::function<void(Result<Response>)>;

}  // namespace escalon::intake

#pragma once

#include "common/runtime/options.h"

namespace escalon::triage {

runtime::Options ServiceOptions();

}  // namespace escalon::triage

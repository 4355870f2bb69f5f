#pragma once

#include "common/runtime/options.h"

namespace escalon::slatimer {

runtime::Options ServiceOptions();

}  // namespace escalon::slatimer

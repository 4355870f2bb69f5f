#pragma once

#include <string>

#include "services/notification/application/delivery.h"

namespace escalon::notification {

/// Whether a delivery is still worth sending, by the case as it stands now (DESIGN §5.8): empty, or why not. Pure.
/// A restored page is wanted as long as its intent stands open in the case; what it said is taken from there.
/// One that a person sends again is wanted until the case ends: they know why.
std::string WhyUnwanted(const Case& c, const Delivery& delivery);

/// Completes a restored intent from the case, where the case still has it.
void Complete(const Case& c, Delivery* delivery);

}  // namespace escalon::notification

#pragma once

#include "escalon/cases/v1/commands.pb.h"
#include "escalon/cases/v1/public_case.pb.h"
#include "tests/load/generator.h"

namespace escalon::load {

const char* NameOf(Act act);
/// The source or the requester does it, not the desk: the case need not be looked at first.
bool IsOfSource(Act act);
/// Whether it makes sense on the case as it stands; else the act is left out.
bool FitsState(Act act, const cases::v1::PublicCase& c);
/// The command without its id. `colleague`: whom a handover goes to; `later`: an instant for an ETA, in case time.
cases::v1::Command CommandOf(Act act, const std::string& colleague, InstantMs later, uint64_t dice);

}  // namespace escalon::load

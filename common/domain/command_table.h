#pragma once

#include <cstdint>
#include <string>

#include "common/domain/vocabulary.h"

namespace escalon {

// Which command is possible in which state of a case: one table, also read by the table test and by screens that offer
// actions.

/// `kind` as `KindOf(CommandBody)`. True: the state alone does not forbid it.
bool IsPossible(CaseState state, uint32_t kind);
/// A person's work on a case that triage has not judged yet: the rules' default is applied first, in the same record.
bool NeedsTriage(uint32_t kind);
/// `reopen, rate, link`: what a person or source may ask for in that state, for the wording of rejections.
std::string PossibleIn(CaseState state);

}  // namespace escalon

#pragma once

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// submit, get, list, watch, count.
CommandSection CaseSection();
/// What people do with a case, up to its end.
CommandSection WorkSection();
/// Handovers, approvals, consultations.
CommandSection TransferSection();
/// The record of a major escalation.
CommandSection MajorSection();
/// history, trace, why.
CommandSection QuestionSection();

}  // namespace escalon::escalonctl

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/history/event_log.h"
#include "escalon/cases/v1/commands.pb.h"
#include "escalon/submission/v1/submission.pb.h"

namespace escalon::load {

using history::LogCase;
using history::LogRow;
using history::LogState;

/// What a case of the log is raised with; it happened when the log says it was opened.
submission::v1::Submission SubmissionOf(const LogCase& c, const std::string& source);

/// How a replayed case stands after what was asked so far, as far as the next row's commands depend on it.
struct ReplayState {
  common::v1::CaseState state = common::v1::CASE_STATE_NEW;
  std::string pending;  ///< reason; empty: it does not wait
  std::string team, person;
  bool acknowledged = false;
  Grade impact = Grade::kUnset, urgency = Grade::kUnset;
  std::string category;
};

/// The commands that lead a case from `*state` to where the row says it stood, each with the row's instant; `*state` is
/// moved along. At least a note, while the case is not over; a row about a closed case that stays closed has none.
/// `first`: of the case's first row, whose facts the submission had already. Pure.
std::vector<cases::v1::Command> CommandsOf(const LogRow& row, bool first, ReplayState* state);

}  // namespace escalon::load

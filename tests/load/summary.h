#pragma once

#include <string>

#include "tests/load/checker.h"
#include "tests/load/log_facts.h"
#include "tests/load/tally.h"

namespace escalon::load {

/// What a run was, for people: numbers of the load, of the log, and what the checker found. Pure.
std::string SummaryOf(const Tally::Numbers& numbers, double seconds, const LogFacts& facts, const CheckReport& report,
                      const CheckOptions& options);
/// The same as one JSON object.
std::string SummaryJson(const Tally::Numbers& numbers, double seconds, const LogFacts& facts,
                        const CheckReport& report);

}  // namespace escalon::load

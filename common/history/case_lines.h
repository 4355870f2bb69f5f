#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/simulation/historic_case.h"

namespace escalon::history {

/// Reads Escalon's own form of a history: JSON, one case a line; empty lines and lines that begin with `#` are passed
/// over.
///
///   {"ref":"INC1","kind":"incident","impact":"high","urgency":"medium","opened_at":"2030-05-06T10:00:00Z",
///    "deeds":[{"at":"2030-05-06T10:05:00Z","do":"acknowledge","by":"ana"},{"at":"…","do":"resolve","by":"ana"}]}
///
/// Of a case: `ref`, `kind`, `title`, `service`, `category`, `region`, `residency`, `customer`, `contract`, `source`,
/// `impact`, `urgency`, `risk`, `business_value`, `proactive`, `restricted`, `vip`, `requester`, `language`, `tags`,
/// `skills`, `labels`, `opened_at`, `kept`. Of a deed: `at`, `do` (DeedKind's names), `by`, `team`, `to` (person of an
/// assignment), `level`, `reason`, `category`, `impact`, `urgency`, `priority`, `score`. Unknown names are errors.
/// Errors name line and field. Deeds are put in the order of their instants.
Result<std::vector<simulation::HistoricCase>> ReadCaseLines(std::string_view text);

}  // namespace escalon::history

#pragma once

#include <vector>

#include "common/documents/report.h"
#include "common/domain/policy_test.h"

namespace escalon::documents {

/// `tests:` of a policy, read last: names of levels, clocks and paths are looked up in `policy`. Private to the room.
void ReadTests(const Value& value, const Policy& policy, std::vector<PolicyTest>* out);

/// One entry of `then`; `opened_at` is when the case opened. test_act_section.cc
bool ReadTestAct(const Value& value, const Policy& policy, InstantMs opened_at, TestAct* out);
/// One entry of `expect`. test_expectation_section.cc
bool ReadTestExpectation(const Value& value, const Policy& policy, InstantMs opened_at, TestExpectation* out);

/// What a case says of itself, by the names of conditions: kind, impact, requester, labels, … Takes from `fields`.
void ReadTestFacts(class Fields* fields, Facts* out);
/// `after: 10m` or `at: "…"`, in time since the opening. None when neither is there.
std::optional<DurationMs> ReadMoment(class Fields* fields, InstantMs opened_at);
/// A level that the policy has.
bool ReadLevelName(const Value& value, const Policy& policy, std::string* out);

}  // namespace escalon::documents

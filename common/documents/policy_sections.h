#pragma once

#include <string>
#include <vector>

#include "common/documents/report.h"
#include "common/domain/policy.h"

namespace escalon::documents {

// The sections of a policy document, each in a file of its name. Each fills its part of the policy and reports what is
// wrong with its form; what the words mean together is judged by `Findings` afterwards. Private to the room.

void ReadPriorities(const Value& value, Policy* out);          ///< priority_section.cc
void ReadLevels(const Value& value, Policy* out);              ///< level_section.cc
void ReadGrants(const Value& value, std::vector<Grant>* out);  ///< authority_section.cc
void ReadAuthority(const Value& value, AuthorityRules* out);
void ReadClocks(const Value& value, Policy* out);  ///< clock_section.cc
/// `75%`, or {percent: 75}, {before: 15m}, … as `calc` says it
bool ReadWarning(const Value& value, WarningRule* out);
void ReadPauseStops(const Value& value, Policy* out);      ///< reason × clock, of clocks that were read
void ReadPaths(const Value& value, Policy* out);           ///< path_section.cc
bool ReadTrigger(const Value& value, Trigger* out);        ///< trigger_section.cc
bool ReadApproval(const Value& value, ApprovalRule* out);  ///< approval_section.cc
void ReadHandover(const Value& value, HandoverRule* out);  ///< handover_section.cc
/// Its regions name calendars of the policy.
void ReadFollowTheSun(const Value& value, const Policy& policy, FollowTheSun* out);  ///< sun_section.cc
void ReadStorms(const Value& value, Policy* out);                                    ///< storm_section.cc
void ReadMajor(const Value& value, MajorRule* out);                                  ///< major_section.cc
void ReadPending(const Value& value, Policy* out);                                   ///< case_rules_section.cc
void ReadLimits(const Value& value, Limits* out);
void ReadAfter(const Value& value, AfterResolution* out);
void ReadTriage(const Value& value, Policy* out);
void ReadCommunication(const Value& value, Policy* out);  ///< communication_section.cc

// Shared by several sections.
bool ReadStepTarget(const Value& value, StepTarget* out);  ///< {team: …}, {skill: case.skills}, …
bool ReadCatchAll(const Value& value, std::string* team);  ///< {team: …}
/// The id of a calendar; `always` is around the clock unless a calendar has that name.
bool ReadCalendarId(const Value& value, const Policy& policy, std::string* out);

}  // namespace escalon::documents

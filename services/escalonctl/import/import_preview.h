#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/domain/policy.h"
#include "common/domain/roster.h"
#include "services/escalonctl/import/import_rows.h"

namespace escalon::escalonctl {

/// What an import would do, decided by the services' own decider under a policy and a roster, and told to nobody.
struct ImportPreview {
  uint64_t cases = 0, with_person = 0, waiting = 0;
  uint64_t told = 0;  ///< messages: always 0
  std::map<std::string, uint64_t> by_priority, by_level, by_team;
  std::map<std::string, uint64_t> running, broken;  ///< promises by clock; broken: those that come in broken
  uint64_t due_within_a_day = 0;                    ///< promises that break within 24 h if nothing happens
  std::vector<FieldViolation> faults;
};

ImportPreview PreviewImport(const std::vector<ImportRow>& rows, const Policy& policy, const Roster& roster,
                            InstantMs now);

}  // namespace escalon::escalonctl

#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "common/domain/case.h"
#include "services/escalonctl/cli/command.h"
#include "services/escalonctl/cli/session.h"
#include "services/escalonctl/rules/migration_preview.h"

/// What becomes of open cases that go on under another version of their policy, case by case.
namespace escalon::escalonctl {

struct PlannedMigration {
  Case c;
  MigrationEffect effect;
};

/// The rules that a case is pinned to now, by `id@version`.
using RulesOf = std::function<Result<std::shared_ptr<const Policy>>(const std::string& name)>;

/// Of every open case in the log. Options: those of MigrationOptions.
Result<std::vector<PlannedMigration>> PlanMigration(Session& session, const Arguments& arguments, const RulesOf& before,
                                                    const Policy& next, const std::string& name);
/// --dump, --tenant, --from, --roster, --show.
std::vector<Option> MigrationOptions();

/// Totals, and the cases that change: for programs, and for people.
Json MigrationJson(const std::string& name, const std::vector<PlannedMigration>& plan);
void TellMigration(Session& session, const Arguments& arguments, const std::string& name,
                   const std::vector<PlannedMigration>& plan);

}  // namespace escalon::escalonctl

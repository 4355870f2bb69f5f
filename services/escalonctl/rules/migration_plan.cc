#include "services/escalonctl/rules/migration_plan.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/offline/case_batches.h"
#include "services/escalonctl/rules/policy_source.h"
#include "services/escalonctl/rules/roster_source.h"

namespace escalon::escalonctl {
namespace {

constexpr int64_t kShown = 50;

std::string RefOf(const Case& c) {
  return c.facts->external_ref.empty() ? c.id.ToString() : c.facts->source + "/" + c.facts->external_ref;
}

/// The cases of the log as they stand, without those whose log is not whole.
class Cases {
 public:
  void Take(const CaseId& id, const std::string& tenant, uint64_t version, const EventBatch* batch) {
    Case& c = cases_[id];
    if (batch == nullptr || version != c.version + 1) {
      c.version = kAside;
      return;
    }
    c.id = id;
    c.tenant = tenant;
    Evolve(c, *batch);
    if (c.retired) cases_.erase(id);
  }
  std::vector<Case> Open(const std::string& tenant, const std::string& from) && {
    std::vector<Case> out;
    for (auto& [id, c] : cases_) {
      const bool wanted = (tenant.empty() || c.tenant == tenant) && (from.empty() || c.policy == from);
      if (c.version != kAside && IsOpen(c.state) && wanted) out.push_back(std::move(c));
    }
    std::sort(out.begin(), out.end(), [](const Case& a, const Case& b) { return a.id < b.id; });
    return out;
  }

 private:
  static constexpr uint64_t kAside = UINT64_MAX - 1;
  std::unordered_map<CaseId, Case> cases_;
};

Json RowOf(const PlannedMigration& one) {
  std::string changes = one.effect.refused.empty() ? std::string() : "refused: " + one.effect.refused;
  for (const std::string& change : one.effect.changes) changes += (changes.empty() ? "" : "; ") + change;
  return {{"case", one.c.id.ToString()},     {"ref", RefOf(one.c)},
          {"policy", one.c.policy},          {"priority", Name(one.c.priority)},
          {"level", one.c.functional.level}, {"changes", std::move(changes)}};
}

Result<std::shared_ptr<const Roster>> PeopleOf(Session& session, const Arguments& arguments) {
  return arguments.Has("roster") ? RosterOfFile(session, arguments.Text("roster")) : RosterInForce(session);
}

}  // namespace

Result<std::vector<PlannedMigration>> PlanMigration(Session& session, const Arguments& arguments, const RulesOf& before,
                                                    const Policy& next, const std::string& name) {
  const Result<std::shared_ptr<const Roster>> roster = PeopleOf(session, arguments);
  if (!roster.ok()) return roster.error();
  Cases cases;
  const Status read = EachVersion(session, arguments.Text("dump"),
                                  [&cases](const CaseId& id, const std::string& tenant, uint64_t version,
                                           const EventBatch* batch) { cases.Take(id, tenant, version, batch); });
  if (!read.ok()) return read.error();
  std::vector<PlannedMigration> plan;
  for (Case& c : std::move(cases).Open(arguments.Text("tenant"), arguments.Text("from"))) {
    const Result<std::shared_ptr<const Policy>> rules = before(c.policy);
    if (!rules.ok()) return rules.error();
    MigrationEffect effect = PreviewMigration(c, **rules, next, name, **roster, session.clock().WallMs());
    plan.push_back({std::move(c), std::move(effect)});
  }
  return plan;
}

std::vector<Option> MigrationOptions() {
  return {DumpOption(),
          TextOption("--tenant", "Only cases of this tenant; else of all that the log has.", "", "TENANT"),
          TextOption("--from", "Only cases that are pinned to this version.", "", "ID@VERSION"),
          TextOption("--roster", "A file instead of what is in force.", "", "FILE"),
          {.name = "--show",
           .kind = ValueKind::kNumber,
           .help = "So many cases by name, in text; JSON has them all.",
           .fallback = std::to_string(kShown)}};
}

Json MigrationJson(const std::string& name, const std::vector<PlannedMigration>& plan) {
  uint64_t changed = 0, refused = 0, breaking = 0;
  Json rows = Json::array();
  for (const PlannedMigration& one : plan) {
    changed += one.effect.changes.empty() ? 0 : 1;
    refused += one.effect.refused.empty() ? 0 : 1;
    breaking += one.effect.breaks_now ? 1 : 0;
    if (!one.effect.changes.empty() || !one.effect.refused.empty()) rows.push_back(RowOf(one));
  }
  return {{"to", name},           {"open", plan.size()}, {"changed", changed},
          {"breaking", breaking}, {"refused", refused},  {"cases", std::move(rows)}};
}

void TellMigration(Session& session, const Arguments& arguments, const std::string& name,
                   const std::vector<PlannedMigration>& plan) {
  const Json told = MigrationJson(name, plan);
  const auto count = [&told](const char* of) { return std::to_string(told[of].get<uint64_t>()); };
  Printer& printer = session.printer();
  printer.Text(count("open") + " open cases: " + count("changed") + " would change under " + Printable(name) + ", " +
               count("breaking") + " would break a promise at once, " + count("refused") + " would be refused.");
  const auto most = static_cast<size_t>(arguments.Number("show", kShown));
  Json rows = told["cases"];
  const size_t all = rows.size();
  if (all > most) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(most), rows.end());
  printer.Table(
      rows,
      {{"CASE", "/ref"}, {"POLICY", "/policy"}, {"PRIO", "/priority"}, {"LEVEL", "/level"}, {"CHANGE", "/changes"}});
  if (all > most) printer.Text("and " + std::to_string(all - most) + " more; --show " + std::to_string(all));
}

}  // namespace escalon::escalonctl

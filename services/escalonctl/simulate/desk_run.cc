#include "services/escalonctl/simulate/desk_run.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/documents/policy_document.h"
#include "common/documents/roster_document.h"
#include "common/domain/policy_roster.h"
#include "common/simulation/made_roster.h"
#include "services/escalonctl/rules/document_answers.h"

namespace escalon::escalonctl {
namespace {

constexpr char kTenant[] = "simulation";

Error Named(const std::string& file, Error error) {
  error.message = file + ": " + error.message;
  return error;
}

/// The promise whose end the history tells, where the policy has one.
std::string PromiseOf(const Policy& policy, const std::string& wanted) {
  const auto has = [&policy](const std::string& name) {
    return std::any_of(policy.clocks.begin(), policy.clocks.end(),
                       [&name](const ClockRule& rule) { return rule.name == name; });
  };
  for (const std::string& name : {wanted, std::string("closing"), std::string("resolution")}) {
    if (!name.empty() && has(name)) return name;
  }
  return {};
}

}  // namespace

Result<DeskRules> ReadRules(Session& session, const std::string& policy_file, const std::string& roster_file,
                            const std::vector<simulation::HistoricCase>& history) {
  const Result<std::string> text = ReadInput(session, "--policy", policy_file, kMostDocumentBytes);
  if (!text.ok()) return text.error();
  Result<Policy> policy = ParsePolicy(*text, kTenant, 1);
  if (!policy.ok()) return Named(policy_file, policy.error());
  DeskRules out;
  out.name = policy_file;
  out.policy = std::move(*policy);
  RosterDocument document;
  if (roster_file.empty()) {
    document = simulation::MadeRoster(out.policy, history);
    out.made_roster = true;
  } else {
    const Result<std::string> roster_text = ReadInput(session, "--roster", roster_file, kMostDocumentBytes);
    if (!roster_text.ok()) return roster_text.error();
    Result<RosterDocument> read = ParseRoster(*roster_text);
    if (!read.ok()) return Named(roster_file, read.error());
    document = std::move(*read);
  }
  document.tenant = kTenant;
  auto roster = Roster::Build(std::move(document));
  if (!roster.ok())
    return Named(roster_file.empty() ? "the roster made from the history" : roster_file, roster.error());
  out.roster = *roster;
  const std::vector<FieldViolation> unknown = FindingsAgainst(out.policy, *out.roster);
  if (!unknown.empty()) {
    return Error{ErrorCode::kInvalidArgument, policy_file + " names whom the roster does not know", unknown};
  }
  return out;
}

DeskResult RunDesk(Session& session, const DeskRules& rules, const std::vector<simulation::HistoricCase>& history,
                   InstantMs until, std::string promise) {
  DeskResult out;
  out.promise = PromiseOf(rules.policy, promise);
  out.until = until == kNever ? simulation::EndOf(history) : until;
  out.stories.resize(history.size());
  const auto begun = session.clock().Steady();
  const simulation::VirtualDesk desk(rules.policy, *rules.roster);
  out.run = desk.Run(history, out.until, [&out](size_t index, const Case& after, const EventBatch& batch) {
    out.stories[index].Take(after, batch);
  });
  out.seconds = std::chrono::duration<double>(session.clock().Steady() - begun).count();
  std::vector<const kpi::CaseStory*> opened;
  for (const kpi::CaseStory& story : out.stories) {
    if (story.opened_at != 0) opened.push_back(&story);
  }
  kpi::Rules kpi_rules{&rules.policy, rules.policy.levels.empty() ? "L1" : rules.policy.levels.front().id};
  out.kpis = kpi::Compute(opened, kpi_rules, out.until);
  out.measures = Measure(out.stories, history, rules.policy, *rules.roster, out.promise, out.until);
  return out;
}

}  // namespace escalon::escalonctl

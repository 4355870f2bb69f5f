#include "services/intake/application/document_gateway.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "common/core/digest.h"
#include "common/security/text_guard.h"
#include "common/wire/timestamps.h"
#include "common/wire/utf8.h"
#include "services/intake/application/text_diff.h"

namespace escalon::intake {
namespace {

namespace dc = ::escalon::document::v1;
namespace po = ::escalon::policy::v1;
namespace ro = ::escalon::roster::v1;

constexpr size_t kMostYaml = 512 * 1024;
constexpr size_t kMostComment = 1024;
constexpr size_t kMostTeams = 500;
constexpr int kThreads = 2;
constexpr size_t kMostQueued = 32;
constexpr DurationMs kRetryMs = 500;
constexpr std::string_view kLine = "line ";

Status CheckYaml(const std::string& yaml) {
  if (yaml.empty()) return InvalidField("yaml", "is empty; give the document");
  if (yaml.size() <= kMostYaml) return {};
  return InvalidField(
      "yaml", "has " + std::to_string(yaml.size()) + " bytes; at most " + std::to_string(kMostYaml) + " are allowed");
}

dc::DocumentSummary Summary(const rules::VersionInfo& info, bool active) {
  dc::DocumentSummary out;
  out.set_id(info.id);
  out.set_version(info.version);
  out.set_hash(info.hash);
  out.set_active(active);
  out.set_applied_by(info.applied_by);
  out.set_applied_at_ms(info.applied_at);
  wire::AssignUtf8(info.comment, out.mutable_comment());
  return out;
}

void PutFindings(const std::vector<FieldViolation>& findings, bool warning,
                 google::protobuf::RepeatedPtrField<dc::Finding>* out) {
  for (const FieldViolation& finding : findings) {
    dc::Finding& entry = *out->Add();
    wire::AssignUtf8(finding.field, entry.mutable_field());
    uint32_t line = 0;
    std::string_view message = finding.message;
    if (message.starts_with(kLine)) {  // `line 12: …`, as the documents' report writes it
      const auto [end, failure] = std::from_chars(message.data() + kLine.size(), message.data() + message.size(), line);
      const auto rest = message.substr(static_cast<size_t>(end - message.data()));
      if (failure == std::errc() && rest.starts_with(": ")) message = rest.substr(2);
    }
    wire::AssignUtf8(message, entry.mutable_message());
    entry.set_line(line);
    entry.set_warning(warning);
  }
}

void PutDiff(std::string_view before, std::string_view after, google::protobuf::RepeatedPtrField<std::string>* out) {
  for (const std::string& line : DiffLines(before, after)) wire::AssignUtf8(line, out->Add());
}

Error Refused(std::vector<FieldViolation> findings) {
  Error error{ErrorCode::kInvalidArgument, std::to_string(findings.size()) + " finding(s); nothing was applied"};
  error.fields = std::move(findings);
  return error;
}

bool IsActive(const rules::RuleSet& set, const std::string& tenant, const rules::VersionInfo& info) {
  const Policy* active = set.Active(tenant);
  return active != nullptr && active->id == info.id && active->version == info.version;
}

std::string ActiveYaml(const rules::RuleSet& set, const std::string& tenant) {
  for (const rules::VersionInfo& info : set.Policies(tenant)) {
    if (IsActive(set, tenant, info)) return info.yaml;
  }
  return {};
}

std::string RosterYaml(const rules::RuleSet& set, const std::string& tenant) {
  const std::vector<rules::VersionInfo> versions = set.Rosters(tenant);
  return versions.empty() ? std::string() : versions.front().yaml;
}

ro::OnCall OnCallOf(const Roster& roster, const Team& team, InstantMs at) {
  ro::OnCall out;
  out.set_team(team.id);
  for (const Person* person : roster.OnCallOf(team.id, at)) out.add_people(person->id);
  const InstantMs until = roster.NextHandoffOf(team.id, at);
  if (until != kNever) wire::PutTime(until, out.mutable_until());
  out.set_schedule(team.schedule);
  return out;
}

}  // namespace

DocumentGateway::DocumentGateway(std::function<rules::LiveRules*()> rules, const Clock& clock, runtime::Logger log)
    : rules_(std::move(rules)), clock_(clock), pool_("documents", kThreads, kMostQueued, std::move(log)) {}

Result<rules::LiveRules*> DocumentGateway::Enter(const rpc::Caller& caller, Action action) const {
  if (const Status allowed = Authorize(caller.principal, action); !allowed.ok()) return allowed.error();
  if (caller.principal.tenant == kAllTenants) {
    return Error{ErrorCode::kInvalidArgument,
                 "this credential serves all tenants; rules belong to one: use a credential of that tenant"};
  }
  rules::LiveRules* live = rules_();
  if (live == nullptr || !live->caught_up())
    return Error{ErrorCode::kUnavailable, "the rules are still being read", {}, {}, kRetryMs};
  return live;
}

template <typename Response>
void DocumentGateway::Work(Reply<Response> reply, std::function<Result<Response>()> work) {
  const bool posted = pool_.TryPost([reply, work = std::move(work)] { reply(work()); });
  if (!posted) reply(Error{ErrorCode::kResourceExhausted, "too many documents are being worked on", {}, {}, kRetryMs});
}

void DocumentGateway::ApplyPolicy(const po::ApplyRequest& request, const rpc::Caller& caller,
                                  Reply<po::ApplyResponse> reply) {
  const Result<rules::LiveRules*> live = Enter(caller, Action::kAdministerPolicy);
  if (!live.ok()) return reply(live.error());
  if (const Status s = CheckYaml(request.yaml()); !s.ok()) return reply(s.error());
  if (const Status s = CheckLongText("comment", request.comment(), kMostComment); !s.ok()) return reply(s.error());
  Work<po::ApplyResponse>(
      std::move(reply), [live = *live, request, who = caller.principal]() -> Result<po::ApplyResponse> {
        po::ApplyResponse response;
        const std::string before = ActiveYaml(*live->Current(), who.tenant);
        PutDiff(before, request.yaml(), response.mutable_diff());
        if (request.dry_run()) {
          std::vector<FieldViolation> findings = live->JudgePolicy(who.tenant, request.yaml());
          if (!findings.empty()) return Refused(std::move(findings));
          response.set_unchanged(before == request.yaml());
          return response;
        }
        const Result<rules::Applied> applied =
            live->ApplyPolicy(who.tenant, request.yaml(), who.subject, request.comment(), request.expected_version());
        if (!applied.ok()) return applied.error();
        *response.mutable_policy() = Summary(applied->info, true);
        response.set_unchanged(applied->unchanged);
        return response;
      });
}

void DocumentGateway::ValidatePolicy(const po::ValidateRequest& request, const rpc::Caller& caller,
                                     Reply<po::ValidateResponse> reply) {
  const Result<rules::LiveRules*> live = Enter(caller, Action::kRead);
  if (!live.ok()) return reply(live.error());
  if (const Status s = CheckYaml(request.yaml()); !s.ok()) return reply(s.error());
  Work<po::ValidateResponse>(
      std::move(reply), [live = *live, request, who = caller.principal]() -> Result<po::ValidateResponse> {
        po::ValidateResponse response;
        PutFindings(live->JudgePolicy(who.tenant, request.yaml()), false, response.mutable_findings());
        PutDiff(ActiveYaml(*live->Current(), who.tenant), request.yaml(), response.mutable_diff());
        return response;
      });
}

void DocumentGateway::GetPolicy(const po::GetRequest& request, const rpc::Caller& caller,
                                Reply<po::GetResponse> reply) {
  const Result<rules::LiveRules*> live = Enter(caller, Action::kRead);
  if (!live.ok()) return reply(live.error());
  const std::string& tenant = caller.principal.tenant;
  const auto set = (*live)->Current();
  for (const rules::VersionInfo& info : set->Policies(tenant)) {
    const bool active = IsActive(*set, tenant, info);
    if (!request.id().empty() && info.id != request.id()) continue;
    // Newest first: of a policy that is not the active one, version 0 is its newest.
    const bool wanted = request.version() == 0 ? active || !request.id().empty() : info.version == request.version();
    if (!wanted) continue;
    po::GetResponse response;
    *response.mutable_policy() = Summary(info, active);
    wire::AssignUtf8(info.yaml, response.mutable_yaml());
    return reply(std::move(response));
  }
  reply(Error{ErrorCode::kNotFound, "no such policy or version"});
}

void DocumentGateway::ListPolicies(const po::ListRequest& request, const rpc::Caller& caller,
                                   Reply<po::ListResponse> reply) {
  const Result<rules::LiveRules*> live = Enter(caller, Action::kRead);
  if (!live.ok()) return reply(live.error());
  const std::string& tenant = caller.principal.tenant;
  const auto set = (*live)->Current();
  std::vector<rules::VersionInfo> versions = set->Policies(tenant);
  std::stable_sort(versions.begin(), versions.end(), [](const rules::VersionInfo& a, const rules::VersionInfo& b) {
    return a.id != b.id ? a.id < b.id : a.version > b.version;
  });
  po::ListResponse response;
  for (const rules::VersionInfo& info : versions) {
    if (request.id().empty() || info.id == request.id())
      *response.add_policies() = Summary(info, IsActive(*set, tenant, info));
  }
  reply(std::move(response));
}

void DocumentGateway::ApplyRoster(const ro::ApplyRequest& request, const rpc::Caller& caller,
                                  Reply<ro::ApplyResponse> reply) {
  const Result<rules::LiveRules*> live = Enter(caller, Action::kAdministerPolicy);
  if (!live.ok()) return reply(live.error());
  if (const Status s = CheckYaml(request.yaml()); !s.ok()) return reply(s.error());
  if (const Status s = CheckLongText("comment", request.comment(), kMostComment); !s.ok()) return reply(s.error());
  Work<ro::ApplyResponse>(
      std::move(reply), [live = *live, request, who = caller.principal]() -> Result<ro::ApplyResponse> {
        ro::ApplyResponse response;
        const std::string before = RosterYaml(*live->Current(), who.tenant);
        PutDiff(before, request.yaml(), response.mutable_diff());
        if (request.dry_run()) {
          std::vector<FieldViolation> findings = rules::LiveRules::JudgeRoster(request.yaml());
          if (!findings.empty()) return Refused(std::move(findings));
          response.set_unchanged(before == request.yaml());
          return response;
        }
        const Result<rules::Applied> applied =
            live->ApplyRoster(who.tenant, request.yaml(), who.subject, request.comment(), request.expected_version());
        if (!applied.ok()) return applied.error();
        *response.mutable_roster() = Summary(applied->info, true);
        response.set_unchanged(applied->unchanged);
        PutFindings(live->Current()->People(who.tenant).warnings(), true, response.mutable_findings());
        return response;
      });
}

void DocumentGateway::ValidateRoster(const ro::ValidateRequest& request, const rpc::Caller& caller,
                                     Reply<ro::ValidateResponse> reply) {
  const Result<rules::LiveRules*> live = Enter(caller, Action::kRead);
  if (!live.ok()) return reply(live.error());
  if (const Status s = CheckYaml(request.yaml()); !s.ok()) return reply(s.error());
  Work<ro::ValidateResponse>(
      std::move(reply), [live = *live, request, who = caller.principal]() -> Result<ro::ValidateResponse> {
        ro::ValidateResponse response;
        PutFindings(rules::LiveRules::JudgeRoster(request.yaml()), false, response.mutable_findings());
        PutDiff(RosterYaml(*live->Current(), who.tenant), request.yaml(), response.mutable_diff());
        return response;
      });
}

void DocumentGateway::GetRoster(const ro::GetRequest& request, const rpc::Caller& caller,
                                Reply<ro::GetResponse> reply) {
  // Contact methods of people stand in it.
  const Result<rules::LiveRules*> live = Enter(caller, Action::kAdministerPolicy);
  if (!live.ok()) return reply(live.error());
  const std::vector<rules::VersionInfo> versions = (*live)->Current()->Rosters(caller.principal.tenant);
  for (const rules::VersionInfo& info : versions) {
    if (request.version() != 0 && info.version != request.version()) continue;
    ro::GetResponse response;
    *response.mutable_roster() = Summary(info, info.version == versions.front().version);
    wire::AssignUtf8(info.yaml, response.mutable_yaml());
    return reply(std::move(response));
  }
  reply(Error{ErrorCode::kNotFound, "no such version of the roster"});
}

void DocumentGateway::WhoIsOnCall(const ro::WhoIsOnCallRequest& request, const rpc::Caller& caller,
                                  Reply<ro::WhoIsOnCallResponse> reply) {
  const Result<rules::LiveRules*> live = Enter(caller, Action::kRead);
  if (!live.ok()) return reply(live.error());
  if (static_cast<size_t>(request.teams_size()) > kMostTeams) {
    return reply(InvalidField("teams", "has more than " + std::to_string(kMostTeams) + " entries"));
  }
  InstantMs at = clock_.WallMs();
  if (request.has_at() && !wire::TimeOf(request.at(), &at)) {
    return reply(InvalidField("at", "is no instant between 1970 and 2199; write it as 2030-04-23T16:00:00Z"));
  }
  // A year of hand-offs may have to be looked through.
  Work<ro::WhoIsOnCallResponse>(
      std::move(reply),
      [set = (*live)->Current(), request, tenant = caller.principal.tenant, at]() -> Result<ro::WhoIsOnCallResponse> {
        const Roster& roster = set->People(tenant);
        ro::WhoIsOnCallResponse response;
        if (request.teams().empty()) {
          for (const Team& team : roster.document().teams) *response.add_on_call() = OnCallOf(roster, team, at);
        }
        for (int i = 0; i < request.teams_size(); ++i) {
          const Team* team = roster.team(request.teams(i));
          if (team == nullptr) return InvalidField("teams[" + std::to_string(i) + "]", "no such team in the roster");
          *response.add_on_call() = OnCallOf(roster, *team, at);
        }
        return response;
      });
}

}  // namespace escalon::intake

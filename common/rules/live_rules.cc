#include "common/rules/live_rules.h"

#include "common/core/digest.h"
#include "common/documents/policy_document.h"
#include "common/documents/roster_document.h"
#include "common/rehearsal/rehearsal.h"
#include "common/rehearsal/stand_ins.h"
#include "common/wire/document_codec.h"

namespace escalon::rules {
namespace {

constexpr int kPublishTimeoutMs = 10'000;
constexpr char kRosterId[] = "roster";

VersionInfo InfoOf(const wire::DocumentVersion& d) {
  return {d.id, d.version, ToHex(d.hash), d.applied_by, d.comment, d.yaml, d.applied_at};
}

std::vector<FieldViolation> FindingsOf(const Error& error) {
  if (!error.fields.empty()) return error.fields;
  return {{"document", error.message}};
}

/// A policy's own tests say what it promises, not who is on leave: each must hold with the people in force, or with
/// people who are always there.
std::vector<FieldViolation> FailedTests(const PolicyDocument& document, const Roster& roster) {
  std::vector<FieldViolation> findings;
  const auto stand_ins = rehearsal::StandIns(document.policy, document.tests);
  if (!stand_ins.ok()) return FindingsOf(stand_ins.error());
  const auto with_stand_ins = rehearsal::Rehearse(document.policy, **stand_ins, document.tests);
  const auto with_people = rehearsal::Rehearse(document.policy, roster, document.tests);
  for (size_t i = 0; i < with_people.size(); ++i) {
    if (with_people[i].passed() || with_stand_ins[i].passed()) continue;
    for (const rehearsal::Miss& miss : with_stand_ins[i].misses) {
      findings.push_back({miss.place, "line " + std::to_string(miss.line) + ": the test \"" + with_people[i].name +
                                          "\" fails: expected " + miss.expected + "; happened: " + miss.happened});
    }
  }
  return findings;
}

Error Refusal(const char* what, std::vector<FieldViolation> findings) {
  Error error{ErrorCode::kInvalidArgument, std::string("the ") + what + " was not applied: " +
                                               std::to_string(findings.size()) + " finding(s); the one in force stays"};
  error.fields = std::move(findings);
  return error;
}

}  // namespace

RulesMetrics::RulesMetrics(runtime::Metrics& metrics)
    : adopted_policies(
          metrics.AddCounter("escalon_rules_adopted_total", "Versions adopted.", {{"document", "policy"}})),
      adopted_rosters(metrics.AddCounter("escalon_rules_adopted_total", "Versions adopted.", {{"document", "roster"}})),
      refused(metrics.AddCounter("escalon_rules_refused_total", "Versions on the topic that could not be used here.")) {
}

LiveRules::LiveRules(const Clock& clock, runtime::Logger logger, runtime::Metrics& metrics, runtime::Health& health,
                     std::function<void()> on_change)
    : clock_(clock), logger_(std::move(logger)), health_(health), on_change_(std::move(on_change)), metrics_(metrics) {}

LiveRules::~LiveRules() {
  policies_.reset();
  rosters_.reset();
}

Result<std::unique_ptr<LiveRules>> LiveRules::Open(LiveRulesConfig config, const Clock& clock, runtime::Logger logger,
                                                   runtime::Metrics& metrics, runtime::Health& health,
                                                   std::function<void()> on_change) {
  std::unique_ptr<LiveRules> rules(new LiveRules(clock, std::move(logger), metrics, health, std::move(on_change)));
  health.Require("rules", "reading policies and rosters");
  LiveRules* self = rules.get();
  const auto trouble = [self](const Error& error) { self->logger_.Warn("rules topic", {runtime::ErrorField(error)}); };
  auto policies = log::DocumentTopic::Open(config.kafka, config.policy_topic,
                                           {.on_document = [self](const log::Document& d) { self->OnPolicy(d); },
                                            .on_caught_up =
                                                [self] {
                                                  self->policies_caught_up_ = true;
                                                  self->CaughtUp();
                                                },
                                            .on_trouble = trouble});
  if (!policies.ok()) return policies.error();
  rules->policies_ = std::move(*policies);
  auto rosters = log::DocumentTopic::Open(config.kafka, config.roster_topic,
                                          {.on_document = [self](const log::Document& d) { self->OnRoster(d); },
                                           .on_caught_up =
                                               [self] {
                                                 self->rosters_caught_up_ = true;
                                                 self->CaughtUp();
                                               },
                                           .on_trouble = trouble});
  if (!rosters.ok()) return rosters.error();
  rules->rosters_ = std::move(*rosters);
  return rules;
}

void LiveRules::CaughtUp() {
  if (caught_up()) health_.Set("rules", true);
}

void LiveRules::Adopt(const std::function<void(RuleSet&)>& change) {
  {
    const MutexLock lock(adopt_mutex_);
    auto next = std::make_shared<RuleSet>(*Current());
    change(*next);
    std::atomic_store(&current_, std::shared_ptr<const RuleSet>(std::move(next)));
  }
  if (on_change_) on_change_();
}

void LiveRules::OnPolicy(const log::Document& document) {
  if (!document.value) return;  // a tombstone: no open case pins it any more; the next start forgets it
  const Result<wire::DocumentVersion> version = wire::DecodeDocument(*document.value);
  Result<Policy> policy =
      version.ok() ? ParsePolicy(version->yaml, version->tenant, version->version) : version.error();
  if (!policy.ok()) {
    metrics_.refused->Increment();
    return logger_.Error("a policy on the topic cannot be used here; the one in force stays",
                         {{"key", document.key}, runtime::ErrorField(policy.error())});
  }
  policy->hash = ToHex(version->hash);
  auto shared = std::make_shared<const Policy>(std::move(*policy));
  Adopt([&](RuleSet& set) {
    RuleSet::Tenant& tenant = set.tenants_[version->tenant];
    const bool known = tenant.policies.contains(shared->name());
    tenant.policies[shared->name()] = shared;
    if (!known) tenant.policy_versions.push_back(InfoOf(*version));
    if (document.offset > tenant.active_offset) {
      tenant.active = shared;
      tenant.active_offset = document.offset;
    }
  });
  metrics_.adopted_policies->Increment();
  logger_.Info("policy adopted", {{"tenant", version->tenant}, {"policy", shared->name()}});
}

void LiveRules::OnRoster(const log::Document& document) {
  if (!document.value) return;
  const Result<wire::DocumentVersion> version = wire::DecodeDocument(*document.value);
  Result<RosterDocument> parsed = version.ok() ? ParseRoster(version->yaml) : version.error();
  Result<std::shared_ptr<const Roster>> roster = parsed.ok() ? Roster::Build(std::move(*parsed)) : parsed.error();
  if (!roster.ok()) {
    metrics_.refused->Increment();
    return logger_.Error("a roster on the topic cannot be used here; the one in force stays",
                         {{"key", document.key}, runtime::ErrorField(roster.error())});
  }
  Adopt([&](RuleSet& set) {
    RuleSet::Tenant& tenant = set.tenants_[version->tenant];
    if (version->version <= tenant.roster_version) return;
    tenant.roster = *roster;
    tenant.roster_version = version->version;
    tenant.roster_versions.push_back(InfoOf(*version));
  });
  metrics_.adopted_rosters->Increment();
  logger_.Info("roster adopted", {{"tenant", version->tenant}, {"version", version->version}});
}

std::vector<FieldViolation> LiveRules::JudgePolicy(const std::string& tenant, const std::string& yaml) const {
  const Result<PolicyDocument> document = ParsePolicyDocument(yaml, tenant, 1);
  if (!document.ok()) return FindingsOf(document.error());
  return FailedTests(*document, Current()->People(tenant));
}

std::vector<FieldViolation> LiveRules::JudgeRoster(const std::string& yaml) {
  Result<RosterDocument> parsed = ParseRoster(yaml);
  if (!parsed.ok()) return FindingsOf(parsed.error());
  const Result<std::shared_ptr<const Roster>> roster = Roster::Build(std::move(*parsed));
  return roster.ok() ? std::vector<FieldViolation>{} : FindingsOf(roster.error());
}

Result<Applied> LiveRules::ApplyPolicy(const std::string& tenant, const std::string& yaml, const std::string& by,
                                       const std::string& comment, uint32_t expected_version) {
  std::vector<FieldViolation> findings = JudgePolicy(tenant, yaml);
  if (!findings.empty()) return Refusal("policy", std::move(findings));
  const MutexLock lock(apply_mutex_);
  const Result<Policy> policy = ParsePolicy(yaml, tenant, 1);
  if (!policy.ok()) return policy.error();
  const std::shared_ptr<const RuleSet> current = Current();
  uint32_t last = 0;
  for (const VersionInfo& info : current->Policies(tenant)) {
    if (info.id == policy->id && info.version > last) last = info.version;
  }
  const Policy* active = current->Active(tenant);
  if (expected_version != 0 && (active == nullptr || active->version != expected_version)) {
    return Error{ErrorCode::kWrongState, "expected_version: version " +
                                             std::to_string(active != nullptr ? active->version : 0) +
                                             " is in force; look at it first"};
  }
  if (active != nullptr && active->id == policy->id && active->hash == ToHex(AsView(Sha256Of(yaml)))) {
    return Applied{current->Policies(tenant).front(), true};
  }
  return Publish(*policies_, tenant, policy->id, last + 1, yaml, by, comment);
}

Result<Applied> LiveRules::ApplyRoster(const std::string& tenant, const std::string& yaml, const std::string& by,
                                       const std::string& comment, uint32_t expected_version) {
  std::vector<FieldViolation> findings = JudgeRoster(yaml);
  if (!findings.empty()) return Refusal("roster", std::move(findings));
  const MutexLock lock(apply_mutex_);
  const std::vector<VersionInfo> versions = Current()->Rosters(tenant);
  const uint32_t last = versions.empty() ? 0 : versions.front().version;
  if (expected_version != 0 && last != expected_version) {
    return Error{ErrorCode::kWrongState,
                 "expected_version: version " + std::to_string(last) + " is in force; look at it first"};
  }
  if (!versions.empty() && versions.front().yaml == yaml) return Applied{versions.front(), true};
  return Publish(*rosters_, tenant, kRosterId, last + 1, yaml, by, comment);
}

Result<Applied> LiveRules::Publish(log::DocumentTopic& topic, const std::string& tenant, const std::string& id,
                                   uint32_t version, const std::string& yaml, const std::string& by,
                                   const std::string& comment) {
  wire::DocumentVersion document{tenant,          id,     version, yaml, std::string(AsView(Sha256Of(yaml))), by,
                                 clock_.WallMs(), comment};
  const std::string key = tenant + "/" + id + "@" + std::to_string(version);
  const std::string number = std::to_string(version);
  const log::Header headers[] = {{"t", tenant}, {"v", number}};
  const Result<int64_t> offset = topic.Publish(key, wire::EncodeDocument(document), headers, kPublishTimeoutMs);
  if (!offset.ok()) return offset.error();
  const Status adopted = topic.WaitFor(*offset, kPublishTimeoutMs);
  if (!adopted.ok()) return adopted.error();
  return Applied{InfoOf(document), false};
}

}  // namespace escalon::rules

#include "services/routing/app.h"

#include "common/cluster/cluster.h"
#include "common/cluster/rpc_host.h"
#include "common/cluster/trust.h"
#include "common/rpc/keeper_client.h"
#include "common/rpc/keeper_service.h"
#include "common/rules/live_rules.h"
#include "services/routing/keeper/keeper.h"

namespace escalon::routing {
namespace {

/// The rules in force, for the keeper's loop: a snapshot per look, so that a new version is adopted between two
/// decisions.
class LiveRuleBook final : public RuleBook {
 public:
  explicit LiveRuleBook(std::unique_ptr<rules::LiveRules>& rules) : rules_(rules) {}
  const Policy* Active(std::string_view tenant) const override { return Refresh().Active(tenant); }
  const Policy* Pinned(std::string_view tenant, std::string_view name) const override {
    return Refresh().Pinned(tenant, name);
  }
  const Roster& People(std::string_view tenant) const override {
    return held_ != nullptr ? held_->People(tenant) : Refresh().People(tenant);
  }

 private:
  const rules::RuleSet& Refresh() const {
    if (rules_ != nullptr) {
      before_ = std::move(held_);
      held_ = rules_->Current();
    }
    return held_ != nullptr ? *held_ : empty_;
  }
  std::unique_ptr<rules::LiveRules>& rules_;
  mutable std::shared_ptr<const rules::RuleSet> held_, before_;  ///< what the last two answers point into
  const rules::RuleSet empty_;
};

class RoutingApp final : public service::App {
 public:
  static Result<std::unique_ptr<service::App>> Make(service::ServiceContext& context) {
    auto cluster = cluster::FromConfig(context);
    if (!cluster.ok()) return cluster.error();
    auto host = cluster::RpcHost::Create(context);
    if (!host.ok()) return host.error();
    std::unique_ptr<RoutingApp> app(new RoutingApp(context, std::move(*cluster), std::move(*host)));
    const Status built = app->Build();
    if (!built.ok()) return built.error();
    return std::unique_ptr<service::App>(std::move(app));
  }

 private:
  RoutingApp(service::ServiceContext& context, cluster::Cluster cluster, std::unique_ptr<cluster::RpcHost> host)
      : context_(context), cluster_(std::move(cluster)), host_(std::move(host)) {}

  std::string Advertised() const {
    const std::string advertised = context_.config.GetString("grpc.advertise");
    return advertised.empty() ? context_.config.GetString("grpc.listen") : advertised;
  }

  Status Build() {
    const rules::RulesMetrics declared(context_.metrics);
    const runtime::Config& config = context_.config;
    const std::string own = Advertised();
    rpc::KeeperClientOptions client;
    client.addresses = config.GetList("routing.peers");
    if (client.addresses.empty()) client.addresses.push_back(own);
    client.shards = cluster_.plan.shards;
    client.authorization = "Bearer " + config.GetSecret("service.key");
    client.tls = cluster::TlsFromConfig(config);
    auto gate = rpc::KeeperClient::Create(std::move(client), context_.clock, context_.metrics, context_.log);
    if (!gate.ok()) return gate.error();
    gate_ = std::move(*gate);

    KeeperOptions options;
    options.shards = cluster_.plan.shards;
    options.log = {cluster_.kafka,
                   cluster_.topics.cases,
                   cluster_.topics.base_group,
                   cluster_.plan.shards,
                   static_cast<int>(config.GetInt("keeper.linger_ms")),
                   static_cast<int>(config.GetInt("keeper.producers"))};
    options.group.kafka = cluster_.kafka;
    options.group.topic = cluster_.topics.cases;
    options.group.group = cluster_.topics.Group("routing");
    options.group.instance = cluster::GroupInstance(context_, options.group.group);
    options.group.session_timeout_ms = static_cast<int>(config.GetInt("kafka.session_timeout_ms"));
    options.redis = cluster::RedisFromConfig(config);
    options.view.generation = cluster_.plan.generation;
    options.view.shards = cluster_.plan.shards;
    options.view.round_ms = config.GetInt("view.round_ms");
    options.shard.address = own;
    options.shard.name = context_.service + "/" + context_.instance;
    options.shard.most_pending = static_cast<size_t>(config.GetInt("keeper.most_pending"));
    options.shard.most_awake =
        static_cast<size_t>(config.GetInt("keeper.awake_cases")) / static_cast<size_t>(cluster_.plan.shards);
    options.shard.refuse_after_ms = config.GetDuration("keeper.refuse_after");
    options.shard.unknown_after_ms = config.GetDuration("keeper.unknown_after");
    options.shard.rescue_after_ms = config.GetDuration("keeper.rescue_after");
    options.base_period_ms = cluster_.plan.base_period;
    auto keeper = Keeper::Create(std::move(options), context_.clock, rule_book_, *gate_, context_.log, context_.metrics,
                                 context_.health);
    if (!keeper.ok()) return keeper.error();
    keeper_ = std::move(*keeper);

    keeper_service_ = std::make_unique<rpc::KeeperService>(
        rpc::KeeperServiceOptions{.address = own, .shards = cluster_.plan.shards, .answers_wait_for_flush = true},
        *keeper_, host_->limits(), host_->credentials(), context_.clock, context_.metrics, context_.log);
    keeper_->OnTurnEnd([this] { keeper_service_->FlushAnswers(); });
    AddSteps();
    return {};
  }

  void AddSteps() {
    runtime::Lifecycle& lifecycle = context_.lifecycle;
    lifecycle.Add({.name = "cluster", .start = [this] { return cluster::Join(cluster_, context_); }});
    lifecycle.Add({.name = "rules", .start = [this]() -> Status {
                     auto rules =
                         rules::LiveRules::Open({cluster_.kafka, cluster_.topics.policy, cluster_.topics.roster},
                                                context_.clock, context_.log, context_.metrics, context_.health);
                     if (!rules.ok()) return rules.error();
                     rules_ = std::move(*rules);
                     return {};
                   }});
    lifecycle.Add({.name = "cross-case client", .stop = [this](DurationMs limit) { gate_->Stop(limit / 2); }});
    lifecycle.Add({.name = "keeper",
                   .start = [this] { return keeper_->Start(); },
                   .stop = [this](DurationMs) { keeper_->Stop(); },
                   .stop_limit_ms = 10 * kSecondMs});
    host_->AddStep({keeper_service_->service()}, {"escalon.keeper.v1.KeeperService"}, rpc::kInternalMessageBytes,
                   [this] { keeper_service_->Drain(); });
  }

  service::ServiceContext& context_;
  const cluster::Cluster cluster_;
  const std::unique_ptr<cluster::RpcHost> host_;
  std::unique_ptr<rules::LiveRules> rules_;
  LiveRuleBook rule_book_{rules_};
  std::unique_ptr<rpc::KeeperClient> gate_;
  std::unique_ptr<Keeper> keeper_;
  std::unique_ptr<rpc::KeeperService> keeper_service_;
};

}  // namespace

Result<std::unique_ptr<service::App>> MakeApp(service::ServiceContext& context) { return RoutingApp::Make(context); }

}  // namespace escalon::routing

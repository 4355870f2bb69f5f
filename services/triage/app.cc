#include "services/triage/app.h"

#include <optional>

#include "common/cluster/rpc_host.h"
#include "common/rules/live_rules.h"
#include "services/triage/application/triage.h"
#include "services/triage/inbound/triage_service.h"

namespace escalon::triage {
namespace {

class TriageApp final : public service::App {
 public:
  TriageApp(cluster::Cluster cluster, std::unique_ptr<cluster::RpcHost> host, std::unique_ptr<rpc::KeeperClient> gate)
      : cluster_(std::move(cluster)), host_(std::move(host)), gate_(std::move(gate)) {}

  void Build(service::ServiceContext& context) {
    metrics_.emplace(context.metrics);
    const rules::RulesMetrics declared(context.metrics);
    service_ = std::make_unique<TriageService>(rules_, host_->limits());
    context.lifecycle.Add({.name = "cluster", .start = [this, &context] { return cluster::Join(cluster_, context); }});
    context.lifecycle.Add({.name = "triage",
                           .start = [this, &context] { return Start(context); },
                           .stop =
                               [this](DurationMs) {
                                 if (triage_ != nullptr) triage_->Stop();
                               }});
    host_->AddStep({service_->service()}, {"escalon.triage.v1.TriageService"}, rpc::kInternalMessageBytes);
  }

 private:
  Status Start(service::ServiceContext& context) {
    auto rules = rules::LiveRules::Open({cluster_.kafka, cluster_.topics.policy, cluster_.topics.roster}, context.clock,
                                        context.log, context.metrics, context.health);
    if (!rules.ok()) return rules.error();
    rules_ = std::move(*rules);
    log::FollowerConfig follower;
    follower.kafka = cluster_.kafka;
    follower.topic = cluster_.topics.cases;
    follower.group = cluster_.topics.Group("triage");
    follower.base_group = cluster_.topics.base_group;
    follower.instance = cluster::GroupInstance(context, follower.group);
    follower.session_timeout_ms = static_cast<int>(context.config.GetInt("kafka.session_timeout_ms"));
    triage_ = std::make_unique<Triage>(std::move(follower), context.clock, *rules_, *gate_, context.log, *metrics_);
    return triage_->Start();
  }

  const cluster::Cluster cluster_;
  const std::unique_ptr<cluster::RpcHost> host_;
  const std::unique_ptr<rpc::KeeperClient> gate_;
  std::optional<TriageMetrics> metrics_;
  std::unique_ptr<rules::LiveRules> rules_;
  std::unique_ptr<TriageService> service_;
  std::unique_ptr<Triage> triage_;
};

}  // namespace

Result<std::unique_ptr<service::App>> MakeApp(service::ServiceContext& context) {
  auto cluster = cluster::FromConfig(context);
  if (!cluster.ok()) return cluster.error();
  auto host = cluster::RpcHost::Create(context);
  if (!host.ok()) return host.error();
  auto gate = cluster::ConnectKeeper(*cluster, context);
  if (!gate.ok()) return gate.error();
  auto app = std::make_unique<TriageApp>(std::move(*cluster), std::move(*host), std::move(*gate));
  app->Build(context);
  return std::unique_ptr<service::App>(std::move(app));
}

}  // namespace escalon::triage

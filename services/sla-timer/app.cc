#include "services/sla-timer/app.h"

#include "common/cluster/rpc_host.h"
#include "services/sla-timer/application/timer.h"
#include "services/sla-timer/inbound/clock_service.h"

namespace escalon::slatimer {
namespace {

constexpr DurationMs kReadPatienceMs = 5 * kSecondMs;  ///< of lists that ask the owners

class SlaTimerApp final : public service::App {
 public:
  SlaTimerApp(cluster::Cluster cluster, std::unique_ptr<cluster::RpcHost> host, std::unique_ptr<rpc::KeeperClient> gate)
      : cluster_(std::move(cluster)), host_(std::move(host)), gate_(std::move(gate)) {}

  void Build(service::ServiceContext& context) {
    const runtime::Config& config = context.config;
    TimerOptions options;
    options.follower.kafka = cluster_.kafka;
    options.follower.topic = cluster_.topics.cases;
    options.follower.group = cluster_.topics.Group("sla-timer");
    options.follower.base_group = cluster_.topics.base_group;
    // No promise is as short, and a broker pays by the request.
    options.follower.fetch_wait_ms = 20;
    options.follower.instance = cluster::GroupInstance(context, options.follower.group);
    options.follower.session_timeout_ms = static_cast<int>(config.GetInt("kafka.session_timeout_ms"));
    options.redis = cluster::RedisFromConfig(config);
    options.generation = cluster_.plan.generation;
    options.shards = cluster_.plan.shards;
    options.most_in_flight = static_cast<size_t>(config.GetInt("timer.most_in_flight"));
    options.warm_horizon_ms = config.GetDuration("timer.warm_horizon");
    options.rescan_ms = config.GetDuration("timer.rescan");
    timer_ = std::make_unique<Timer>(std::move(options), context.clock, *gate_, context.log, context.metrics,
                                     context.health);
    ReadCases cases = [this, &clock = context.clock](std::vector<CaseId> ids, auto done) {
      const auto patience = static_cast<DurationMs>(static_cast<double>(kReadPatienceMs) * clock.Factor());
      gate_->ReadCases(std::move(ids), {}, clock.WallMs() + patience, std::move(done));
    };
    service_ = std::make_unique<ClockService>(*timer_, std::move(cases), host_->limits());
    context.lifecycle.Add({.name = "cluster", .start = [this, &context] { return cluster::Join(cluster_, context); }});
    context.lifecycle.Add(
        {.name = "timer", .start = [this] { return timer_->Start(); }, .stop = [this](DurationMs) { timer_->Stop(); }});
    host_->AddStep({service_->service()}, {"escalon.clock.v1.ClockService"}, rpc::kInternalMessageBytes);
  }

 private:
  const cluster::Cluster cluster_;
  const std::unique_ptr<cluster::RpcHost> host_;
  const std::unique_ptr<rpc::KeeperClient> gate_;
  std::unique_ptr<Timer> timer_;
  std::unique_ptr<ClockService> service_;
};

}  // namespace

Result<std::unique_ptr<service::App>> MakeApp(service::ServiceContext& context) {
  auto cluster = cluster::FromConfig(context);
  if (!cluster.ok()) return cluster.error();
  auto host = cluster::RpcHost::Create(context);
  if (!host.ok()) return host.error();
  auto gate = cluster::ConnectKeeper(*cluster, context);
  if (!gate.ok()) return gate.error();
  auto app = std::make_unique<SlaTimerApp>(std::move(*cluster), std::move(*host), std::move(*gate));
  app->Build(context);
  return std::unique_ptr<service::App>(std::move(app));
}

}  // namespace escalon::slatimer

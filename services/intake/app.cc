#include "services/intake/app.h"

#include <fstream>

#include "common/cluster/cluster.h"
#include "common/cluster/live_credentials.h"
#include "common/cluster/trust.h"
#include "common/http/server.h"
#include "common/rpc/call.h"
#include "common/rpc/keeper_client.h"
#include "common/rpc/server.h"
#include "common/rules/live_rules.h"
#include "common/runtime/address.h"
#include "services/intake/canary/canary_client.h"
#include "services/intake/inbound/grpc/case_grpc_service.h"
#include "services/intake/inbound/grpc/document_grpc_service.h"
#include "services/intake/inbound/grpc/proxy_grpc_service.h"
#include "services/intake/inbound/grpc/query_grpc_service.h"
#include "services/intake/inbound/http/http_gateway.h"
#include "services/intake/inbound/kafka/submission_topic_gateway.h"

namespace escalon::intake {
namespace {

constexpr char kHttpName[] = "public";
constexpr size_t kHttpBody = 1 << 20;  ///< of batches and documents; other routes take less

/// What is read from files at start: all of it, or no service.
struct Secrets {
  KeyRing sealing, links;
  WebhookSources webhooks;
};

Result<Secrets> ReadSecrets(const runtime::Config& config) {
  auto sealing = KeyRing::Load("sealing.key_file", config.GetString("sealing.key_file"));
  if (!sealing.ok()) return sealing.error();
  auto links = KeyRing::Load("links.key_file", config.GetString("links.key_file"));
  if (!links.ok()) return links.error();
  auto webhooks = WebhookSources::Load(config.GetString("webhooks.file"));
  if (!webhooks.ok()) return webhooks.error();
  return Secrets{std::move(*sealing), std::move(*links), std::move(*webhooks)};
}

void WritePort(const std::string& file, int port) {
  if (!file.empty()) std::ofstream(file) << port << "\n";
}

/// Cases of Escalon's own, from submission to delivery.
class CanaryFlights {
 public:
  CanaryFlights(CanaryOptions options, CanaryClientOptions client, CaseGateway& cases, LiveView& view,
                const service::ServiceContext& context)
      : metrics_(context.metrics, context.machine_clock),
        client_(std::move(client), cases, view, context.clock, context.machine_clock, context.log),
        canary_(options, client_, metrics_, context.clock, view.loop(), context.log) {}
  void Start() { canary_.Start(); }
  void Stop(DurationMs limit_ms) {
    canary_.Stop();
    client_.Stop(limit_ms);
  }

 private:
  CanaryMetrics metrics_;
  CanaryClient client_;
  Canary canary_;
};

// The order of members is the order of need: what stands further down uses what stands above.
class IntakeApp final : public service::App {
 public:
  static Result<std::unique_ptr<service::App>> Make(service::ServiceContext& context) {
    auto cluster = cluster::FromConfig(context);
    if (!cluster.ok()) return cluster.error();
    auto secrets = ReadSecrets(context.config);
    if (!secrets.ok()) return secrets.error();
    auto credentials = cluster::LiveCredentials::Create(context);
    if (!credentials.ok()) return credentials.error();
    auto owners = Owners(context, *cluster);
    if (!owners.ok()) return owners.error();
    auto others = rpc::MakeChannelCredentials(cluster::TlsFromConfig(context.config));
    if (!others.ok()) return others.error();
    std::unique_ptr<IntakeApp> app(new IntakeApp(context, std::move(*cluster), std::move(*secrets),
                                                 std::move(*credentials), std::move(*owners), std::move(*others)));
    app->AddSteps();
    return std::unique_ptr<service::App>(std::move(app));
  }

 private:
  IntakeApp(service::ServiceContext& context, cluster::Cluster cluster, Secrets secrets,
            std::unique_ptr<cluster::LiveCredentials> credentials, std::unique_ptr<rpc::KeeperClient> owners,
            std::shared_ptr<grpc::ChannelCredentials> others)
      : context_(context),
        cluster_(std::move(cluster)),
        secrets_(std::move(secrets)),
        credentials_(std::move(credentials)),
        owners_(std::move(owners)),
        others_(std::move(others)) {
    context_.health.Require("owners", "no instance of routing is reached yet");
    owners_->OnConnected([this](bool connected) {
      context_.health.Set("owners", connected, connected ? "" : "no instance of routing can be reached");
    });
  }

  static Result<std::unique_ptr<rpc::KeeperClient>> Owners(service::ServiceContext& context,
                                                           const cluster::Cluster& cluster) {
    rpc::KeeperClientOptions options;
    options.addresses = context.config.GetList("routing.addresses");
    options.shards = cluster.plan.shards;
    options.authorization = "Bearer " + context.config.GetSecret("service.key");
    options.tls = cluster::TlsFromConfig(context.config);
    options.most_in_flight = static_cast<size_t>(context.config.GetInt("limits.in_flight"));
    return rpc::KeeperClient::Create(std::move(options), context.clock, context.metrics, context.log);
  }

  std::shared_ptr<const rules::RuleSet> RulesNow() const { return rules_ != nullptr ? rules_->Current() : no_rules_; }

  log::ShardSourceConfig TailConfig() const { return {cluster_.kafka, cluster_.topics.cases}; }

  void AddSteps() {
    runtime::Lifecycle& lifecycle = context_.lifecycle;
    lifecycle.Add({.name = "cluster", .start = [this] { return cluster::Join(cluster_, context_); }});
    lifecycle.Add({.name = "rules", .start = [this] { return OpenRules(); }});
    lifecycle.Add({.name = "owners", .stop = [this](DurationMs limit) { owners_->Stop(limit / 2); }});
    lifecycle.Add({.name = "view",
                   .start = [this]() -> Status {
                     view_.Start();
                     return {};
                   },
                   .stop = [this](DurationMs) { view_.Stop(); }});
    lifecycle.Add({.name = "documents", .stop = [this](DurationMs limit) { documents_.Drain(limit / 2); }});
    lifecycle.Add({.name = "grpc",
                   .start = [this] { return ListenGrpc(); },
                   .stop =
                       [this](DurationMs limit) {
                         watch_.End();
                         if (server_ != nullptr) server_->Stop(limit - 500);
                       },
                   .stop_limit_ms = 6 * kSecondMs});
    lifecycle.Add({.name = "http",
                   .start = [this] { return ListenHttp(); },
                   .stop =
                       [this](DurationMs limit) {  // also after a start that failed: the port was taken
                         if (http_ != nullptr) http_->Stop(limit - 500);
                       },
                   .stop_limit_ms = 6 * kSecondMs});
    if (canary_ != nullptr) {
      lifecycle.Add({.name = "canary",
                     .start = [this]() -> Status {
                       canary_->Start();
                       return {};
                     },
                     .stop = [this](DurationMs limit) { canary_->Stop(limit / 2); }});
    }
    if (context_.config.GetBool("submissions.kafka")) {
      lifecycle.Add({.name = "submission topic",
                     .start = [this] { return topic_.Start(); },
                     .stop = [this](DurationMs) { topic_.Stop(); }});
    }
  }

  Status ListenHttp() {
    const Result<runtime::HostPort> listen = runtime::ParseHostPort(Text("http.listen"), "http.listen");
    if (!listen.ok()) return listen.error();
    http::ServerOptions options;
    options.address = listen->host;
    options.port = listen->port;
    options.threads = static_cast<int>(Int("http.threads"));
    options.body_limit = kHttpBody;
    options.max_connections = static_cast<int>(Int("http.connections"));
    auto server = http::Server::Start(
        kHttpName, options,
        [this](http::Request request, http::Responder responder) {
          gateway_.Handle(std::move(request), std::move(responder));
        },
        context_.log, &context_.metrics);
    if (!server.ok()) return server.error();
    http_ = std::move(*server);
    context_.log.Info("HTTP listens", {{"address", listen->host}, {"port", http_->port()}});
    WritePort(Text("http.port_file"), http_->port());
    return {};
  }

  SubmissionTopicOptions TopicOptions() const {
    return {cluster_.kafka, cluster_.topics.submission, cluster_.topics.Group("intake"), cluster_.topics.dead_letter,
            Text("submissions.tenant")};
  }

  std::unique_ptr<CanaryFlights> Canaries() {
    if (Text("canary.tenant").empty()) return nullptr;
    const DurationMs patience = context_.config.GetDuration("canary.patience");
    return std::make_unique<CanaryFlights>(
        CanaryOptions{.every_ms = context_.config.GetDuration("canary.every"), .patience_ms = patience},
        CanaryClientOptions{Text("canary.tenant"), Text("canary.kind"), patience, cluster_.kafka,
                            cluster_.topics.delivery, cluster_.plan.shards},
        cases_, view_, context_);
  }

  Status OpenRules() {
    auto rules = rules::LiveRules::Open({cluster_.kafka, cluster_.topics.policy, cluster_.topics.roster},
                                        context_.clock, context_.log, context_.metrics, context_.health);
    if (!rules.ok()) return rules.error();
    rules_ = std::move(*rules);
    return {};
  }

  Status ListenGrpc() {
    rpc::ServerOptions options;
    options.address = context_.config.GetString("grpc.listen");
    options.tls = cluster::TlsFromConfig(context_.config);
    if (options.tls && !context_.config.GetBool("grpc.client_certificates")) options.tls->authority.clear();
    options.health_services = {"escalon.cases.v1.CaseService",        "escalon.query.v1.QueryService",
                               "escalon.policy.v1.PolicyService",     "escalon.roster.v1.RosterService",
                               "escalon.delivery.v1.DeliveryService", "escalon.clock.v1.ClockService",
                               "escalon.triage.v1.TriageService"};
    auto server = rpc::Server::Start(options,
                                     {&case_service_, &query_service_, &policy_service_, &roster_service_,
                                      &delivery_proxy_, &clock_proxy_, &triage_proxy_},
                                     context_.clock, context_.log);
    if (!server.ok()) return server.error();
    server_ = std::move(*server);
    server_->Follow(context_.health);
    WritePort(context_.config.GetString("grpc.port_file"), server_->port());
    return {};
  }

  int64_t Int(const char* name) const { return context_.config.GetInt(name); }
  std::string Text(const char* name) const { return context_.config.GetString(name); }

  service::ServiceContext& context_;
  const cluster::Cluster cluster_;
  const Secrets secrets_;
  const std::unique_ptr<cluster::LiveCredentials> credentials_;
  const std::unique_ptr<rpc::KeeperClient> owners_;
  const std::shared_ptr<grpc::ChannelCredentials> others_;
  const std::shared_ptr<const rules::RuleSet> no_rules_ = std::make_shared<const rules::RuleSet>();
  const rules::RulesMetrics declared_rules_{context_.metrics};
  const http::ServerMetrics declared_http_{kHttpName, context_.metrics};
  std::unique_ptr<rules::LiveRules> rules_;

  IntakeMetrics metrics_{context_.metrics};
  TenantRate rate_{context_.config.GetNumber("limits.tenant_rate"), context_.config.GetNumber("limits.tenant_burst"),
                   context_.machine_clock};
  FailureLimit failures_{static_cast<int>(Int("limits.auth_failures")), context_.machine_clock};
  DevelopmentSubjectKeys subject_keys_{secrets_.sealing};
  PersonalFields personal_{subject_keys_};
  const PageTokens tokens_{secrets_.links};
  LiveView view_{{cluster::RedisFromConfig(context_.config), cluster_.plan.generation, cluster_.plan.shards},
                 *owners_,
                 context_.clock,
                 metrics_,
                 context_.log,
                 context_.health};
  WatchHub watch_{TailConfig(), view_, context_.log};
  CaseGateway cases_{{*owners_, view_, personal_, rate_, metrics_, context_.clock, cluster_.manifest.cell}};
  QueryGateway queries_{{view_, personal_, tokens_, [this] { return RulesNow(); }, metrics_, context_.clock}};
  DocumentGateway documents_{[this] { return rules_.get(); }, context_.clock, context_.log};
  NewsGateway news_{cases_, queries_, view_};
  const std::unique_ptr<CanaryFlights> canary_ = Canaries();
  LinkGateway links_{LinkSigner(secrets_.links), cases_, queries_, view_, context_.clock, metrics_};

  rpc::CallLimits call_limits_{{.credentials = credentials_->current(),
                                .clock = context_.clock,
                                .metrics = context_.metrics,
                                .log = context_.log,
                                .most_at_once = static_cast<int>(Int("limits.calls"))}};
  GuardedCalls calls_{call_limits_, credentials_->current(), context_.clock, failures_, metrics_};
  CaseGrpcService case_service_{calls_, cases_, queries_, watch_, metrics_, static_cast<int>(Int("limits.watchers"))};
  QueryGrpcService query_service_{calls_, queries_};
  PolicyGrpcService policy_service_{calls_, documents_};
  RosterGrpcService roster_service_{calls_, documents_};
  DeliveryProxyService delivery_proxy_{calls_, context_.clock, Text("notification.address"), others_};
  ClockProxyService clock_proxy_{calls_, context_.clock, Text("sla_timer.address"), others_};
  TriageProxyService triage_proxy_{calls_, context_.clock, Text("triage.address"), others_};
  std::unique_ptr<rpc::Server> server_;

  HttpGateway gateway_{{cases_, queries_, documents_, news_, links_, credentials_->current(), failures_, metrics_,
                        context_.clock, secrets_.webhooks}};
  std::unique_ptr<http::Server> http_;
  SubmissionTopicGateway topic_{TopicOptions(), news_, view_.loop(), context_.clock, metrics_, context_.log};
};

}  // namespace

Result<std::unique_ptr<service::App>> MakeApp(service::ServiceContext& context) { return IntakeApp::Make(context); }

}  // namespace escalon::intake

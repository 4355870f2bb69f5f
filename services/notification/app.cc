#include "services/notification/app.h"

#include "common/cluster/cluster.h"
#include "common/cluster/rpc_host.h"
#include "common/rules/live_rules.h"
#include "common/security/sealing.h"
#include "common/wire/sealed_fields.h"
#include "services/notification/application/history.h"
#include "services/notification/application/notifier.h"
#include "services/notification/channels/log_channel.h"
#include "services/notification/config.h"
#include "services/notification/inbound/delivery_service.h"

namespace escalon::notification {
namespace {

/// The rosters that LiveRules has adopted.
class LiveRosters final : public Rosters {
 public:
  explicit LiveRosters(const std::unique_ptr<rules::LiveRules>& rules) : rules_(rules) {}
  std::shared_ptr<const Roster> Of(std::string_view tenant) const override {
    const std::shared_ptr<const rules::RuleSet> now = rules_->Current();
    return {now, &now->People(tenant)};
  }

 private:
  const std::unique_ptr<rules::LiveRules>& rules_;
};

/// The owners, with a short patience: a message rather goes out than waits for them.
class OwnersCases final : public CaseReader {
 public:
  OwnersCases(rpc::KeeperClient& gate, const Clock& clock, DurationMs patience_ms)
      : gate_(gate), clock_(clock), patience_ms_(patience_ms) {}
  void Read(std::vector<CaseId> ids, std::function<void(std::vector<Result<Case>>)> done) override {
    const auto patience = static_cast<DurationMs>(static_cast<double>(patience_ms_) * clock_.Factor());
    gate_.ReadCases(std::move(ids), {}, clock_.WallMs() + patience, std::move(done));
  }

 private:
  rpc::KeeperClient& gate_;
  const Clock& clock_;
  const DurationMs patience_ms_;
};

/// Opens requesters' contacts with the keys of the installation.
class SealedContacts {
 public:
  explicit SealedContacts(const KeyRing& master) : keys_(master), sealer_(keys_) {}
  Result<std::string> Open(const std::string& tenant, const std::string& stored) {
    const auto open = [this, &tenant](std::string_view subject, std::string_view field, std::string_view sealed) {
      return sealer_.Open(tenant, subject, sealed, field);
    };
    return wire::OpenText(open, wire::kPartyContact, stored);
  }

 private:
  DevelopmentSubjectKeys keys_;
  Sealer sealer_;
};

class NotificationApp final : public service::App {
 public:
  NotificationApp(cluster::Cluster cluster, std::unique_ptr<cluster::RpcHost> host,
                  std::unique_ptr<rpc::KeeperClient> gate)
      : cluster_(std::move(cluster)), host_(std::move(host)), gate_(std::move(gate)) {}

  Status Build(service::ServiceContext& context) {
    const runtime::Config& config = context.config;
    const DispatchOptions dispatch = DispatchFrom(config);
    metrics_ = std::make_unique<NotificationMetrics>(context.metrics);
    const rules::RulesMetrics declared(context.metrics);
    cases_ = std::make_unique<OwnersCases>(*gate_, context.clock, dispatch.ask_patience_ms);
    if (const Status files = LoadFiles(config); !files.ok()) return files;
    if (const Status channels = MakeChannels(context); !channels.ok()) return channels;

    NotifierOptions options;
    options.follower.kafka = cluster_.kafka;
    options.follower.topic = cluster_.topics.cases;
    options.follower.group = cluster_.topics.Group("notification");
    options.follower.base_group = cluster_.topics.base_group;
    options.follower.instance = cluster::GroupInstance(context, options.follower.group);
    options.follower.session_timeout_ms = static_cast<int>(config.GetInt("kafka.session_timeout_ms"));
    options.delivery_topic = cluster_.topics.delivery;
    options.restore_window_ms = config.GetDuration("deliveries.restore");
    options.dispatch = dispatch;
    OpenContact open;
    if (contacts_ != nullptr) {
      open = [contacts = contacts_.get()](const std::string& tenant, const std::string& sealed) {
        return contacts->Open(tenant, sealed);
      };
    }
    notifier_ = std::make_unique<Notifier>(
        std::move(options),
        NotifierParts{context.clock, context.machine_clock, rosters_, *cases_, *gate_, channels_, *renderer_, *links_,
                      std::move(open), *metrics_, context.log, context.health});
    history_ = std::make_unique<History>(cluster_.kafka, cluster_.topics.delivery, cluster_.plan.shards,
                                         context.machine_clock, context.log);
    service_ = std::make_unique<DeliveryService>(*notifier_, *history_, *cases_, rosters_, host_->limits());

    context.lifecycle.Add({.name = "cluster", .start = [this, &context] { return cluster::Join(cluster_, context); }});
    context.lifecycle.Add({.name = "rules", .start = [this, &context] { return OpenRules(context); }});
    context.lifecycle.Add({.name = "notifier",
                           .start = [this] { return notifier_->Start(); },
                           .stop =
                               [this](DurationMs limit) {
                                 history_->Stop();
                                 notifier_->Stop(limit / 2);
                                 client_->Stop();
                               }});
    host_->AddStep({service_->service()}, {"escalon.delivery.v1.DeliveryService"}, rpc::kInternalMessageBytes);
    return {};
  }

 private:
  Status LoadFiles(const runtime::Config& config) {
    auto renderer = Renderer::Create(config.GetString("templates.dir"));
    if (!renderer.ok()) return renderer.error();
    renderer_ = std::move(*renderer);
    auto links = LinksFrom(config);
    if (!links.ok()) return links.error();
    links_ = std::move(*links);
    const std::string sealing = config.GetString("sealing.key_file");
    if (sealing.empty()) return {};
    const Result<KeyRing> master = KeyRing::Load("sealing.key_file", sealing);
    if (!master.ok()) return master.error();
    contacts_ = std::make_unique<SealedContacts>(*master);
    return {};
  }

  Status MakeChannels(service::ServiceContext& context) {
    Result<http::ClientOptions> client = ClientFrom(context.config);
    if (!client.ok()) return client.error();
    Result<WebhookSecrets> secrets = SecretsFrom(context.config);
    if (!secrets.ok()) return secrets.error();
    client_ = http::Client::Create(std::move(*client), context.machine_clock, context.log);
    channels_.Add(std::make_unique<WebhookChannel>(*client_, context.machine_clock, std::move(*secrets),
                                                   context.config.GetDuration("webhook.timeout")));
    if (auto mail = MailFrom(context.config)) channels_.Add(std::make_unique<MailChannel>(*client_, std::move(*mail)));
    if (context.config.GetBool("log.channel")) channels_.Add(std::make_unique<LogChannel>(context.log));
    return {};
  }

  Status OpenRules(service::ServiceContext& context) {
    auto rules = rules::LiveRules::Open({cluster_.kafka, cluster_.topics.policy, cluster_.topics.roster}, context.clock,
                                        context.log, context.metrics, context.health);
    if (!rules.ok()) return rules.error();
    rules_ = std::move(*rules);
    // Intents must not meet an empty roster: their people would have no contacts.
    return runtime::WaitForDependency(
        "rosters",
        [this]() -> Status {
          if (rules_->caught_up()) return {};
          return Error{ErrorCode::kUnavailable, "the rosters are being read"};
        },
        context.health, context.shutdown, context.log);
  }

  const cluster::Cluster cluster_;
  const std::unique_ptr<cluster::RpcHost> host_;
  const std::unique_ptr<rpc::KeeperClient> gate_;
  std::unique_ptr<rules::LiveRules> rules_;
  const LiveRosters rosters_{rules_};
  std::unique_ptr<NotificationMetrics> metrics_;
  std::unique_ptr<OwnersCases> cases_;
  std::unique_ptr<Renderer> renderer_;
  std::unique_ptr<Links> links_;
  std::unique_ptr<SealedContacts> contacts_;
  std::unique_ptr<http::Client> client_;
  Channels channels_;
  std::unique_ptr<Notifier> notifier_;
  std::unique_ptr<History> history_;
  std::unique_ptr<DeliveryService> service_;
};

}  // namespace

Result<std::unique_ptr<service::App>> MakeApp(service::ServiceContext& context) {
  auto cluster = cluster::FromConfig(context);
  if (!cluster.ok()) return cluster.error();
  auto host = cluster::RpcHost::Create(context);
  if (!host.ok()) return host.error();
  auto gate = cluster::ConnectKeeper(*cluster, context);
  if (!gate.ok()) return gate.error();
  auto app = std::make_unique<NotificationApp>(std::move(*cluster), std::move(*host), std::move(*gate));
  if (const Status built = app->Build(context); !built.ok()) return built.error();
  return std::unique_ptr<service::App>(std::move(app));
}

}  // namespace escalon::notification

#include "services/notification/config.h"

#include "common/cluster/cluster.h"
#include "common/cluster/rpc_host.h"
#include "common/security/secret.h"

namespace escalon::notification {
namespace {

constexpr size_t kMostSecretBytes = 1 << 20;

http::MailRelay::Tls TlsOf(const std::string& word) {
  if (word == "none") return http::MailRelay::Tls::kNone;
  return word == "required" ? http::MailRelay::Tls::kRequired : http::MailRelay::Tls::kIfOffered;
}

}  // namespace

runtime::Options ServiceOptions() {
  runtime::Options options = cluster::Options();
  for (const runtime::Options& more : {cluster::RpcOptions(7004), cluster::KeeperOptions()}) {
    options.insert(options.end(), more.begin(), more.end());
  }
  for (runtime::Option& option : runtime::Options{
           runtime::DurationOption("webhook.timeout", "15s", "100ms", "2m",
                                   "Without an answer for so long a webhook has failed and is tried again."),
           runtime::ListOption("webhook.allow", "",
                               "Private address ranges that webhooks may reach; all others of that kind are refused.",
                               "10.0.0.0/8"),
           runtime::PathOption("webhook.secrets_file", "",
                               "Secrets that sign webhooks, one line a name: tenant/person-or-team, tenant/* or *, "
                               "then whsec_…; empty: "
                               "unsigned."),
           runtime::PathOption("webhook.ca_file", "", "Certificates to trust; empty: the system's."),
           runtime::StringOption("smtp.url", "", "Relay that takes mail; empty: no mail.", "smtp://relay:587"),
           runtime::StringOption("smtp.from", "", "Sender of mail, local@domain.", "escalon@example.org"),
           runtime::StringOption("smtp.from_name", "Escalon", "Name beside the sender."),
           runtime::StringOption("smtp.user", "", "User at the relay; empty: none."),
           runtime::SecretOption("smtp.password", "Password at the relay."),
           runtime::ChoiceOption("smtp.tls", "if_offered", {"none", "if_offered", "required"},
                                 "Encryption towards the relay."),
           runtime::BoolOption("log.channel", true,
                               "Offer the channel `log`: a line of this service's log for each message."),
           runtime::PathOption(
               "links.key_file", "",
               "Key ring that signs acknowledgement and requester links; empty: messages without links."),
           runtime::StringOption("links.base_url", "http://127.0.0.1:8080",
                                 "Where people reach intake; links are <base>/l/<token>.",
                                 "https://escalon.example.org"),
           runtime::DurationOption("links.acknowledge_for", "24h", "1m", "720h",
                                   "How long an acknowledgement link is valid."),
           runtime::DurationOption("links.requester_for", "720h", "1h", "8760h",
                                   "How long a requester's link is valid."),
           runtime::PathOption("sealing.key_file", "",
                               "Key ring that opens sealed contacts of requesters; empty: they are not told."),
           runtime::PathOption("templates.dir", "",
                               "Folder of <language>.yaml files whose templates go before the built-in ones."),
           runtime::IntOption("send.in_flight", 256, 1, 10'000,
                              "Sends under way at once; further ones wait, pages first, fair by tenant."),
           runtime::IntOption("send.per_receiver", 16, 1, 1000, "Sends under way at one host or relay."),
           runtime::IntOption("send.attempts_per_contact", 3, 1, 100, "Attempts on a contact before the next one."),
           runtime::DurationOption("send.page_backoff", "1s", "1ms", "1m",
                                   "First pause of a page between attempts; doubled, with jitter."),
           runtime::DurationOption("send.inform_backoff", "5s", "1ms", "10m",
                                   "The same of what is only for information."),
           runtime::DurationOption("send.page_max_age", "15m", "1s", "24h",
                                   "How long a P1 page is tried; P2 twice, P3 16 times, P4 32 times as long."),
           runtime::DurationOption("send.inform_max_age", "4h", "1s", "168h",
                                   "How long a P1 inform is tried; P2 twice, P3 and P4 6 times as long."),
           runtime::IntOption("breaker.failures", 5, 1, 1000,
                              "Failures of a receiver in a row after which it is left alone for a while."),
           runtime::DurationOption("breaker.pause", "5s", "10ms", "10m",
                                   "How long at first; doubled up to 2 minutes while it does not answer."),
           runtime::IntOption("bundle.informs", 5, 1, 1000,
                              "More informs to one person within bundle.window go as one message."),
           runtime::DurationOption("bundle.window", "1m", "100ms", "1h", "See bundle.informs."),
           runtime::IntOption("bundle.pages", 10, 1, 1000,
                              "More pages to one person within bundle.page_window go as one message."),
           runtime::DurationOption("bundle.page_window", "10s", "100ms", "10m", "See bundle.pages."),
           runtime::DurationOption(
               "deliveries.restore", "72h", "0s", "8760h",
               "How far back the delivery log is read for retries and dead letters at an assignment; 0s: all of it."),
       }) {
    options.push_back(std::move(option));
  }
  return options;
}

Status CheckOptions(const runtime::Config& config) {
  const int64_t shards = config.GetInt("cluster.shards");
  if ((shards & (shards - 1)) != 0) return InvalidField("cluster.shards", "must be a power of two, such as 8 or 64");
  if (const auto client = ClientFrom(config); !client.ok()) return client.error();
  const std::string from = config.GetString("smtp.from");
  if (!config.GetString("smtp.url").empty() &&
      (from.find('@') == 0 || from.find('@') == std::string::npos || from.back() == '@')) {
    return InvalidField("smtp.from", "must be an address, local@domain, when smtp.url is set");
  }
  const std::string base = config.GetString("links.base_url");
  if (!base.starts_with("http://") && !base.starts_with("https://"))
    return InvalidField("links.base_url", "must be an http or https URL");
  return {};
}

DispatchOptions DispatchFrom(const runtime::Config& config) {
  DispatchOptions out;
  out.most_in_flight = static_cast<size_t>(config.GetInt("send.in_flight"));
  out.most_per_sink = static_cast<size_t>(config.GetInt("send.per_receiver"));
  out.attempts.attempts_per_contact = static_cast<uint32_t>(config.GetInt("send.attempts_per_contact"));
  out.attempts.page.first = config.GetDuration("send.page_backoff");
  out.attempts.inform.first = config.GetDuration("send.inform_backoff");
  const DurationMs page = config.GetDuration("send.page_max_age"), inform = config.GetDuration("send.inform_max_age");
  out.attempts.page_max_age = {page, 2 * page, 16 * page, 32 * page};
  out.attempts.inform_max_age = {inform, 2 * inform, 6 * inform, 6 * inform};
  out.breaker.failures = static_cast<int>(config.GetInt("breaker.failures"));
  out.breaker.first_ms = config.GetDuration("breaker.pause");
  out.breaker.most_ms = std::max(out.breaker.most_ms, out.breaker.first_ms);
  out.bundles.informs = static_cast<size_t>(config.GetInt("bundle.informs"));
  out.bundles.inform_window_ms = config.GetDuration("bundle.window");
  out.bundles.pages = static_cast<size_t>(config.GetInt("bundle.pages"));
  out.bundles.page_window_ms = config.GetDuration("bundle.page_window");
  return out;
}

Result<http::ClientOptions> ClientFrom(const runtime::Config& config) {
  http::ClientOptions out;
  out.max_in_flight = static_cast<int>(config.GetInt("send.in_flight"));
  out.ca_file = config.GetString("webhook.ca_file");
  Result<http::AddressGuard> guard = http::AddressGuard::WithAllowed(config.GetList("webhook.allow"));
  if (!guard.ok()) return InvalidField("webhook.allow", guard.error().message);
  out.guard = std::move(*guard);
  return out;
}

Result<WebhookSecrets> SecretsFrom(const runtime::Config& config) {
  const std::string path = config.GetString("webhook.secrets_file");
  if (path.empty()) return WebhookSecrets();
  const Result<std::string> text = ReadGuardedFile("webhook.secrets_file", path, kMostSecretBytes, true);
  if (!text.ok()) return text.error();
  return WebhookSecrets::Parse("webhook.secrets_file", *text);
}

std::optional<MailChannel::Options> MailFrom(const runtime::Config& config) {
  if (config.GetString("smtp.url").empty()) return std::nullopt;
  MailChannel::Options out;
  out.relay.url = config.GetString("smtp.url");
  out.relay.user = config.GetString("smtp.user");
  out.relay.password = config.GetSecret("smtp.password");
  out.relay.tls = TlsOf(config.GetString("smtp.tls"));
  out.from = config.GetString("smtp.from");
  out.from_name = config.GetString("smtp.from_name");
  return out;
}

Result<std::unique_ptr<Links>> LinksFrom(const runtime::Config& config) {
  std::optional<LinkSigner> signer;
  const std::string path = config.GetString("links.key_file");
  if (!path.empty()) {
    Result<KeyRing> keys = KeyRing::Load("links.key_file", path);
    if (!keys.ok()) return keys.error();
    signer.emplace(std::move(*keys));
  }
  return std::make_unique<Links>(std::move(signer), config.GetString("links.base_url"),
                                 config.GetDuration("links.acknowledge_for"),
                                 config.GetDuration("links.requester_for"));
}

}  // namespace escalon::notification

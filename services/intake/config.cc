#include "services/intake/config.h"

#include "common/cluster/cluster.h"
#include "common/cluster/trust.h"
#include "common/runtime/address.h"

namespace escalon::intake {

runtime::Options ServiceOptions() {
  runtime::Options options = cluster::Options();
  for (runtime::Option& option : cluster::RedisOptions()) options.push_back(std::move(option));
  for (runtime::Option& option : cluster::TrustOptions()) options.push_back(std::move(option));
  for (runtime::Option& option : runtime::Options{
           runtime::StringOption("grpc.listen", "127.0.0.1:7001", "Where clients are served by gRPC, host:port.",
                                 "0.0.0.0:7001"),
           runtime::PathOption("grpc.port_file", "", "Written with the gRPC port once it is known; for port 0."),
           runtime::StringOption("http.listen", "127.0.0.1:8080", "Where clients are served by HTTP/JSON, IP:port.",
                                 "0.0.0.0:8080"),
           runtime::PathOption("http.port_file", "", "Written with the HTTP port once it is known; for port 0."),
           runtime::IntOption("http.threads", 1, 1, 64, "Threads that read and write HTTP."),
           runtime::IntOption("http.connections", 1024, 1, 100'000,
                              "Open HTTP connections; further ones are closed at once."),
           runtime::BoolOption("grpc.client_certificates", false,
                               "Demand certificates of tls.authority from clients too, not only credentials."),
           runtime::SecretOption("service.key", "This service's own API key, to reach the owners of cases."),
           runtime::ListOption("routing.addresses", "127.0.0.1:7003", "Addresses of routing's instances.",
                               "routing-0:7003,routing-1:7003"),
           runtime::StringOption("triage.address", "127.0.0.1:7002",
                                 "Where TriageService is; its calls are passed on."),
           runtime::StringOption("notification.address", "127.0.0.1:7004",
                                 "Where DeliveryService is; its calls are passed on."),
           runtime::StringOption("sla_timer.address", "127.0.0.1:7005",
                                 "Where ClockService is; its calls are passed on."),
           runtime::PathOption("sealing.key_file", "sealing.keys", "Key ring whose first key seals personal fields."),
           runtime::PathOption("links.key_file", "links.keys",
                               "Key ring that signed links and page tokens are judged by."),
           runtime::PathOption("webhooks.file", "", "Sources that may call /v1/webhooks/{source}; empty: none."),
           runtime::StringOption("canary.tenant", "",
                                 "Tenant that gets a case of this instance's own every so often, followed until its "
                                 "page is delivered and cancelled then; empty: none. Its policy needs a path for "
                                 "`canary.kind` that pages nobody real.",
                                 "shop"),
           runtime::DurationOption("canary.every", "10s", "100ms", "1h", "How often."),
           runtime::StringOption("canary.kind", "canary", "Kind of those cases."),
           runtime::DurationOption("canary.patience", "30s", "100ms", "10m",
                                   "What a canary has not reached in so long counts as missed."),
           runtime::BoolOption("submissions.kafka", true, "Take submissions from the topic escalon.submission.v1 too."),
           runtime::StringOption("submissions.tenant", "",
                                 "Tenant of the topic's submissions; empty: their header `tenant` says."),
           runtime::NumberOption("limits.tenant_rate", "20000", 0, 1'000'000,
                                 "Submissions and commands that a tenant may send on average; 0: no limit.",
                                 "per second"),
           runtime::NumberOption("limits.tenant_burst", "40000", 1, 10'000'000,
                                 "How many of them at once after a rest."),
           runtime::IntOption("limits.in_flight", 20'000, 1, 1'000'000,
                              "Submissions and commands that wait for their answer."),
           runtime::IntOption("limits.calls", 4096, 1, 1'000'000, "gRPC calls in work; beyond it RESOURCE_EXHAUSTED."),
           runtime::IntOption("limits.watchers", 64, 0, 10'000, "WatchCases streams at once."),
           runtime::IntOption(
               "limits.auth_failures", 30, 1, 100'000,
               "Failed authentications of one address and key in a minute before further tries are refused."),
       }) {
    options.push_back(std::move(option));
  }
  return options;
}

Status CheckOptions(const runtime::Config& config) {
  const int64_t shards = config.GetInt("cluster.shards");
  if ((shards & (shards - 1)) != 0) return InvalidField("cluster.shards", "must be a power of two, such as 8 or 64");
  if (const auto http = runtime::ParseHostPort(config.GetString("http.listen"), "http.listen"); !http.ok())
    return http.error();
  if (config.GetList("routing.addresses").empty())
    return InvalidField("routing.addresses", "must name at least one instance of routing");
  return {};
}

}  // namespace escalon::intake

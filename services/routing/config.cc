#include "services/routing/config.h"

#include "common/cluster/cluster.h"
#include "common/cluster/rpc_host.h"

namespace escalon::routing {

runtime::Options ServiceOptions() {
  runtime::Options options = cluster::Options();
  for (runtime::Option& option : cluster::RedisOptions()) options.push_back(std::move(option));
  for (runtime::Option& option : cluster::RpcOptions(7003)) options.push_back(std::move(option));
  for (runtime::Option& option : runtime::Options{
           runtime::StringOption("grpc.advertise", "",
                                 "What other services are told to reach this instance at; empty: grpc.listen."),
           runtime::SecretOption("service.key", "This service's own API key, to reach other owners."),
           runtime::ListOption("routing.peers", "", "Addresses of routing's instances; empty: only this one.",
                               "routing-0:7003,routing-1:7003"),
           runtime::IntOption("keeper.linger_ms", 1, 0, 100,
                              "How long the first record of a batch waits for others; those that come while a batch of "
                              "their shard is under way wait for its acknowledgement and go together.",
                              "ms"),
           runtime::IntOption(
               "keeper.producers", 4, 1, 64,
               "Connections to each broker over which the shards' records go; at most one a shard counts. "
               "More: lower latency while batches are small, more requests at the most."),
           runtime::IntOption("keeper.most_pending", 2000, 10, 100'000,
                              "Records of a shard that may wait for their acknowledgement."),
           runtime::IntOption(
               "keeper.awake_cases", 16'000, 100, 10'000'000,
               "Live cases kept ready to decide on, about 7 KB each, over all shards; the others rest as "
               "their compressed snapshots, about 2 KB each, until they are needed."),
           runtime::DurationOption("keeper.refuse_after", "500ms", "10ms", "10s",
                                   "A shard whose oldest pending record is older refuses new commands."),
           runtime::DurationOption(
               "keeper.unknown_after", "5s", "100ms", "1m",
               "Callers of a record that is not acknowledged for so long are told that the outcome is unknown."),
           runtime::DurationOption("keeper.rescue_after", "2s", "10ms", "1m",
                                   "The owner itself fires what is so late."),
           runtime::IntOption("view.round_ms", 4, 1, 1000, "A shard's view is written at most so often.", "ms"),
       }) {
    options.push_back(std::move(option));
  }
  return options;
}

Status CheckOptions(const runtime::Config& config) {
  const int64_t shards = config.GetInt("cluster.shards");
  if ((shards & (shards - 1)) != 0) return InvalidField("cluster.shards", "must be a power of two, such as 8 or 64");
  return {};
}

}  // namespace escalon::routing

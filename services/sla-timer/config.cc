#include "services/sla-timer/config.h"

#include "common/cluster/cluster.h"
#include "common/cluster/rpc_host.h"

namespace escalon::slatimer {

runtime::Options ServiceOptions() {
  runtime::Options options = cluster::Options();
  for (const runtime::Options& more : {cluster::RedisOptions(), cluster::RpcOptions(7005), cluster::KeeperOptions()}) {
    options.insert(options.end(), more.begin(), more.end());
  }
  options.push_back(runtime::IntOption("timer.most_in_flight", 2000, 1, 20'000,
                                       "Questions to owners at once; further ones wait, fair by tenant."));
  options.push_back(
      runtime::DurationOption("timer.warm_horizon", "1h", "1s", "720h",
                              "After a start, clocks due sooner are read first; then the service is ready."));
  options.push_back(runtime::DurationOption("timer.rescan", "30s", "1s", "1h",
                                            "How often the view's due set is compared with the wheel."));
  return options;
}

}  // namespace escalon::slatimer

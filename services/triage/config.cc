#include "services/triage/config.h"

#include "common/cluster/cluster.h"
#include "common/cluster/rpc_host.h"

namespace escalon::triage {

runtime::Options ServiceOptions() {
  runtime::Options options = cluster::Options();
  for (const runtime::Options& more : {cluster::RpcOptions(7002), cluster::KeeperOptions()}) {
    options.insert(options.end(), more.begin(), more.end());
  }
  return options;
}

}  // namespace escalon::triage

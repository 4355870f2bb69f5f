#include "common/rpc/keeper_client.h"

#include <bit>
#include <utility>

#include "common/rpc/keeper_core.h"
#include "common/runtime/address.h"

namespace escalon::rpc {

Result<std::unique_ptr<KeeperClient>> KeeperClient::Create(KeeperClientOptions options, const Clock& clock,
                                                           runtime::Metrics& metrics, runtime::Logger log) {
  if (options.addresses.empty())
    return InvalidField("keeper.addresses", "empty; give host:port of routing's instances");
  for (size_t i = 0; i < options.addresses.size(); ++i) {
    const std::string field = "keeper.addresses[" + std::to_string(i) + "]";
    if (auto address = runtime::ParseHostPort(options.addresses[i], field); !address) return address.error();
  }
  if (options.shards < 1 || options.shards > kBuckets || !std::has_single_bit(static_cast<unsigned>(options.shards))) {
    return InvalidField("keeper.shards", "no power of two from 1 to 4096; give the N of the cluster's manifest");
  }
  auto credentials = MakeChannelCredentials(options.tls);
  if (!credentials) return credentials.error();
  return std::unique_ptr<KeeperClient>(new KeeperClient(
      std::make_unique<Core>(std::move(options), std::move(*credentials), clock, metrics, std::move(log))));
}

KeeperClient::KeeperClient(std::unique_ptr<Core> core) : core_(std::move(core)) {}
KeeperClient::~KeeperClient() = default;

void KeeperClient::Execute(Command command, std::function<void(Result<ports::Answered>)> done) {
  core_->Execute(std::move(command), std::move(done));
}
void KeeperClient::ReadCases(std::vector<CaseId> ids, std::string tenant, InstantMs deadline,
                             std::function<void(std::vector<Result<Case>>)> done) {
  core_->ReadCases(std::move(ids), std::move(tenant), deadline, std::move(done));
}
void KeeperClient::Standings(InstantMs deadline, std::function<void(std::vector<Result<InstanceStanding>>)> done) {
  core_->Standings(deadline, std::move(done));
}
void KeeperClient::Reconcile(int shard, bool dry_run, InstantMs deadline,
                             std::function<void(Result<Reconciled>)> done) {
  core_->Reconcile(shard, dry_run, deadline, std::move(done));
}
void KeeperClient::WriteBase(int shard, InstantMs deadline, std::function<void(Result<WrittenBase>)> done) {
  core_->WriteBase(shard, deadline, std::move(done));
}
bool KeeperClient::Connected() const { return core_->Connected(); }
void KeeperClient::OnConnected(std::function<void(bool)> callback) { core_->OnConnected(std::move(callback)); }
void KeeperClient::Stop(DurationMs limit_ms) { core_->Stop(limit_ms); }

}  // namespace escalon::rpc

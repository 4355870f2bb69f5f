#include <grpc/support/time.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <utility>

#include "common/core/random.h"
#include "common/rpc/authentication.h"
#include "common/rpc/keeper_core.h"
#include "common/rpc/standing_codec.h"
#include "common/rpc/status.h"
#include "common/wire/error_codec.h"
#include "common/wire/snapshot_codec.h"

// The unary calls: reads and what operators ask. None of them changes a case, so none needs the care of Execute.
namespace escalon::rpc {
namespace {

namespace pb = ::escalon::keeper::v1;

constexpr size_t kMostIds = 500;

Error Unreachable() {
  return Error{ErrorCode::kUnavailable, "no instance of routing could be reached in time; repeat the call"};
}

}  // namespace

template <typename Request, typename Response>
void KeeperClient::Core::Call(KeeperLink& link, const char* method, Request request, TimePoint until,
                              std::function<void(Result<Response>)> done) {
  struct State {
    State(const std::shared_ptr<grpc::Channel>& channel, Request&& r) : request(std::move(r)), stub(channel) {}
    grpc::ClientContext context;
    const Request request;
    Response response;
    grpc::TemplatedGenericStub<Request, Response> stub;
  };
  const auto state = std::make_shared<State>(link.channel(), std::move(request));
  Attach(state->context, options_.authorization, {});
  const auto left = std::chrono::nanoseconds(until - clock_.Steady()).count();
  state->context.set_deadline(gpr_time_from_nanos(std::max<int64_t>(left, 0), GPR_TIMESPAN));
  open_calls_.insert(&state->context);
  state->stub.UnaryCall(&state->context, std::string("/escalon.keeper.v1.KeeperService/") + method, {}, &state->request,
                        &state->response, [this, state, done = std::move(done)](const grpc::Status& status) mutable {
                          loop_.Post([this, state, done = std::move(done), status] {
                            open_calls_.erase(&state->context);
                            if (status.ok()) {
                              done(std::move(state->response));
                            } else {
                              done(FromGrpc(status));
                            }
                            CheckQuit();
                          });
                        });
}

void KeeperClient::Core::CancelCalls() {
  for (grpc::ClientContext* context : open_calls_) context->TryCancel();
}

/// One shard's question on its way from instance to instance.
template <typename Request, typename Response>
struct KeeperClient::Core::Asking {
  const char* method;
  int shard;
  Request request;
  TimePoint until;
  std::function<void(Result<Response>)> done;
  std::unordered_set<KeeperLink*> asked;
  int rounds = 0;
  Error last = Unreachable();
};

template <typename Request, typename Response>
void KeeperClient::Core::Ask(std::shared_ptr<Asking<Request, Response>> asking) {
  if (quitting_ || clock_.Steady() >= asking->until) return asking->done(asking->last);
  KeeperLink* next = Pick(asking->shard, 0);
  if (next != nullptr && asking->asked.count(next) > 0) {
    next = nullptr;
    for (const auto& link : links_) {
      if (link->up() && asking->asked.count(link.get()) == 0) next = link.get();
    }
  }
  if (next == nullptr) {  // all of them were asked, or none is up
    asking->asked.clear();
    const DurationMs pause = options_.retry.Delay(asking->rounds++, RandomBits());
    loop_.After(pause, [this, asking] { Ask(asking); });
    return;
  }
  asking->asked.insert(next);
  Call<Request, Response>(*next, asking->method, asking->request, asking->until,
                          [this, asking, next](Result<Response> response) {
                            if (response || response.error().code != ErrorCode::kNotOwner) {
                              return asking->done(std::move(response));
                            }
                            asking->last = response.error();
                            Learn(asking->shard, *next, response.error());
                            Ask(asking);
                          });
}

void KeeperClient::Core::Reconcile(int shard, bool dry_run, InstantMs deadline,
                                   std::function<void(Result<Reconciled>)> done) {
  const auto asking = std::make_shared<Asking<pb::ReconcileRequest, pb::ReconcileResponse>>();
  asking->method = "Reconcile";
  asking->shard = shard;
  asking->request.set_shard(static_cast<uint32_t>(shard));
  asking->request.set_dry_run(dry_run);
  asking->until = Until(deadline);
  asking->done = [done = std::move(done)](const Result<pb::ReconcileResponse>& response) {
    if (!response) return done(response.error());
    done(FromProto(*response));
  };
  loop_.Post([this, asking] { Ask(asking); });
}

void KeeperClient::Core::WriteBase(int shard, InstantMs deadline, std::function<void(Result<WrittenBase>)> done) {
  const auto asking = std::make_shared<Asking<pb::WriteBaseRequest, pb::WriteBaseResponse>>();
  asking->method = "WriteBase";
  asking->shard = shard;
  asking->request.set_shard(static_cast<uint32_t>(shard));
  asking->until = Until(deadline);
  asking->done = [done = std::move(done)](const Result<pb::WriteBaseResponse>& response) {
    if (!response) return done(response.error());
    done(FromProto(*response));
  };
  loop_.Post([this, asking] { Ask(asking); });
}

void KeeperClient::Core::Standings(InstantMs deadline,
                                   std::function<void(std::vector<Result<InstanceStanding>>)> done) {
  struct Gathering {
    std::vector<Result<InstanceStanding>> all;
    size_t left = 0;
    std::function<void(std::vector<Result<InstanceStanding>>)> done;
  };
  const auto gathering = std::make_shared<Gathering>();
  gathering->done = std::move(done);
  loop_.Post([this, gathering, until = Until(deadline)] {
    const size_t count = quitting_ ? 0 : options_.addresses.size();
    gathering->all.assign(options_.addresses.size(), Unreachable());
    gathering->left = count;
    if (count == 0) return gathering->done(std::move(gathering->all));
    for (size_t i = 0; i < count; ++i) {
      Call<pb::ShardStatusRequest, pb::ShardStatusResponse>(
          *links_[i], "ShardStatus", {}, until, [gathering, i](const Result<pb::ShardStatusResponse>& response) {
            if (response) {
              gathering->all[i] = FromProto(*response);
            } else {
              gathering->all[i] = response.error();
            }
            if (--gathering->left == 0) gathering->done(std::move(gathering->all));
          });
    }
  });
}

/// Cases on their way from their owners, in rounds: each asks for what is still missing.
struct KeeperClient::Core::Reading {
  std::vector<CaseId> ids;
  std::string tenant;
  TimePoint until;
  std::function<void(std::vector<Result<Case>>)> done;
  std::vector<Result<Case>> cases;
  std::vector<size_t> missing;
  size_t calls_left = 0;
  int rounds = 0;
  bool redirected = false;
};

void KeeperClient::Core::ReadCases(std::vector<CaseId> ids, std::string tenant, InstantMs deadline,
                                   std::function<void(std::vector<Result<Case>>)> done) {
  const auto reading = std::make_shared<Reading>();
  reading->ids = std::move(ids);
  reading->tenant = std::move(tenant);
  reading->until = Until(deadline);
  reading->done = std::move(done);
  reading->cases.assign(reading->ids.size(), Unreachable());
  for (size_t i = 0; i < reading->ids.size(); ++i) reading->missing.push_back(i);
  loop_.Post([this, reading] { ReadRound(reading); });
}

void KeeperClient::Core::ReadRound(const std::shared_ptr<Reading>& reading) {
  std::map<KeeperLink*, std::vector<std::vector<size_t>>> asked;
  for (const size_t i : reading->missing) {
    KeeperLink* link = Pick(ShardOf(reading->ids[i].bucket(), options_.shards), reading->rounds);
    if (link == nullptr || quitting_) break;
    auto& parts = asked[link];
    if (parts.empty() || parts.back().size() >= kMostIds) parts.emplace_back();
    parts.back().push_back(i);
  }
  for (const auto& [link, parts] : asked) reading->calls_left += parts.size();
  if (asked.empty()) return EndRound(reading);
  reading->missing.clear();
  for (auto& [link, parts] : asked) {
    for (auto& part : parts) {
      pb::ReadCasesRequest request;
      request.set_tenant(reading->tenant);
      for (const size_t i : part) request.add_case_ids(std::string(reading->ids[i].AsBytes()));
      Call<pb::ReadCasesRequest, pb::ReadCasesResponse>(
          *link, "ReadCases", std::move(request), reading->until,
          [this, reading, from = link, part = std::move(part)](const Result<pb::ReadCasesResponse>& response) {
            TakeRead(*reading, *from, part, response);
            if (--reading->calls_left == 0) EndRound(reading);
          });
    }
  }
}

void KeeperClient::Core::TakeRead(Reading& reading, KeeperLink& link, const std::vector<size_t>& asked,
                                  const Result<pb::ReadCasesResponse>& response) {
  for (size_t n = 0; n < asked.size(); ++n) {
    const size_t i = asked[n];
    Result<Case>& out = reading.cases[i];
    if (!response) {
      out = response.error();
    } else if (n >= static_cast<size_t>(response->cases_size())) {
      out = Error{ErrorCode::kInternal, "routing at " + link.address() + " gave fewer cases than were asked for"};
    } else if (const auto& one = response->cases(static_cast<int>(n)); one.has_error()) {
      out = wire::FromProto(one.error());
    } else {
      out = wire::DecodeCase(one.snapshot());
    }
    if (out) continue;
    if (out.error().code == ErrorCode::kNotOwner) {
      Learn(ShardOf(reading.ids[i].bucket(), options_.shards), link, out.error());
    }
    if (Retryable(out.error().code)) reading.missing.push_back(i);
  }
}

void KeeperClient::Core::EndRound(const std::shared_ptr<Reading>& reading) {
  if (reading->missing.empty() || quitting_) return reading->done(std::move(reading->cases));
  const bool at_once = reading->rounds == 0 && std::exchange(reading->redirected, true) == false && Connected();
  const DurationMs pause = at_once ? 0 : options_.retry.Delay(reading->rounds, RandomBits());
  ++reading->rounds;
  if (clock_.Steady() + std::chrono::milliseconds(pause) >= reading->until) {
    return reading->done(std::move(reading->cases));
  }
  loop_.After(pause, [this, reading] { ReadRound(reading); });
}

}  // namespace escalon::rpc

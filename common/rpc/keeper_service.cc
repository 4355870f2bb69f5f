#include "common/rpc/keeper_service.h"

#include <string_view>
#include <utility>

#include "common/rpc/authentication.h"
#include "common/rpc/call.h"
#include "common/rpc/keeper_session.h"
#include "common/rpc/keeper_stream.h"
#include "common/rpc/standing_codec.h"
#include "common/rpc/status.h"
#include "common/wire/error_codec.h"
#include "common/wire/snapshot_codec.h"
#include "escalon/keeper/v1/keeper_service.grpc.pb.h"

namespace escalon::rpc {
namespace {

namespace pb = ::escalon::keeper::v1;

constexpr int kMostIds = 500;

/// A stream that never begins.
class RefusedStream final : public grpc::ServerBidiReactor<pb::ExecuteRequest, pb::ExecuteResponse> {
 public:
  explicit RefusedStream(const Error& error) { Finish(ToGrpc(error)); }
  void OnDone() override { delete this; }
};

/// What operators and services may ask.
Status MayOperate(const Principal& principal) {
  if (Permits(principal, Action::kService)) return {};
  return Authorize(principal, Action::kOperate);
}

Status CheckShard(uint32_t shard, int shards) {
  if (shard < static_cast<uint32_t>(shards)) return {};
  return InvalidField("shard", std::to_string(shard) + " is none; give 0 to " + std::to_string(shards - 1));
}

}  // namespace

class KeeperService::Impl final : public pb::KeeperService::CallbackService {
 public:
  Impl(KeeperServiceOptions options, KeeperBackend& backend, CallLimits& limits, const Credentials& credentials,
       const Clock& clock, runtime::Metrics& metrics, runtime::Logger log)
      : backend_(backend),
        credentials_(credentials),
        clock_(clock),
        log_(std::move(log)),
        sessions_(std::make_shared<KeeperSessions>(std::move(options), backend, metrics)),
        read_cases_(limits, "KeeperService/ReadCases", Action::kService),
        shard_status_(limits, "KeeperService/ShardStatus", std::nullopt),
        reconcile_(limits, "KeeperService/Reconcile", std::nullopt),
        write_base_(limits, "KeeperService/WriteBase", std::nullopt) {}

  KeeperSessions& sessions() { return *sessions_; }

  grpc::ServerBidiReactor<pb::ExecuteRequest, pb::ExecuteResponse>* Execute(
      grpc::CallbackServerContext* context) override {
    Result<Principal> caller = PrincipalOf(*context, credentials_, clock_);
    Status allowed = caller ? Authorize(*caller, Action::kForward) : Status(caller.error());
    if (!allowed) {
      log_.Limited(refused_lines_, runtime::LogLevel::kWarn, "a stream of commands was refused",
                   {{"peer", PeerOf(*context)}, runtime::ErrorField(allowed.error())});
      return new RefusedStream(allowed.error());
    }
    context->AddInitialMetadata(kListening, "1");
    const auto session = std::make_shared<KeeperSession>(sessions_, std::move(*caller));
    session->Start();
    return session.get();  // it keeps itself until gRPC is done with it
  }

  grpc::ServerUnaryReactor* ReadCases(grpc::CallbackServerContext* context, const pb::ReadCasesRequest* request,
                                      pb::ReadCasesResponse* response) override {
    return read_cases_.Serve(context, request, response, [this](const auto& asked, const Caller& caller, auto reply) {
      if (asked.case_ids_size() < 1 || asked.case_ids_size() > kMostIds) {
        return reply(InvalidField("case_ids", "give 1 to 500 ids"));
      }
      std::string tenant = asked.tenant();
      if (tenant.empty() && caller.principal.tenant != kAllTenants) tenant = caller.principal.tenant;
      if (!tenant.empty() && !CoversTenant(caller.principal, tenant)) {
        return reply(Error{ErrorCode::kPermissionDenied, "tenant: this credential does not reach " + tenant});
      }
      std::vector<CaseId> ids;
      for (int i = 0; i < asked.case_ids_size(); ++i) {
        Result<CaseId> id = CaseId::FromBytes(asked.case_ids(i));
        if (!id)
          return reply(InvalidField("case_ids[" + std::to_string(i) + "]", "no case id; give the 16 bytes of one"));
        ids.push_back(*id);
      }
      auto copy = ids;
      backend_.ReadCases(std::move(copy), [ids = std::move(ids), tenant = std::move(tenant), reply = std::move(reply)](
                                              std::vector<Result<std::shared_ptr<const Case>>> cases) {
        reply(CasesAsRead(ids, tenant, cases));
      });
    });
  }

  grpc::ServerUnaryReactor* ShardStatus(grpc::CallbackServerContext* context, const pb::ShardStatusRequest* request,
                                        pb::ShardStatusResponse* response) override {
    return shard_status_.Serve(context, request, response, [this](const auto& asked, const Caller& caller, auto reply) {
      if (Status may = MayOperate(caller.principal); !may) return reply(may.error());
      std::vector<bool> wanted(static_cast<size_t>(sessions_->options.shards), asked.shards().empty());
      for (const uint32_t shard : asked.shards()) {
        if (Status known = CheckShard(shard, sessions_->options.shards); !known) return reply(known.error());
        wanted[shard] = true;
      }
      backend_.Standings([this, wanted = std::move(wanted), reply = std::move(reply)](std::vector<ShardStanding> all) {
        pb::ShardStatusResponse out;
        out.set_instance(sessions_->options.address);
        for (const ShardStanding& one : all) {
          const auto number = static_cast<size_t>(one.shard);
          if (number < wanted.size() && wanted[number]) ToProto(one, out.add_shards());
        }
        reply(std::move(out));
      });
    });
  }

  grpc::ServerUnaryReactor* Reconcile(grpc::CallbackServerContext* context, const pb::ReconcileRequest* request,
                                      pb::ReconcileResponse* response) override {
    return reconcile_.Serve(context, request, response, [this](const auto& asked, const Caller& caller, auto reply) {
      if (Status may = MayOperate(caller.principal); !may) return reply(may.error());
      if (Status known = CheckShard(asked.shard(), sessions_->options.shards); !known) return reply(known.error());
      log_.Info("reconciliation asked for",
                {{"shard", asked.shard()}, {"dry_run", asked.dry_run()}, {"by", caller.principal.subject}});
      backend_.Reconcile(static_cast<int>(asked.shard()), asked.dry_run(),
                         [reply = std::move(reply)](const Result<Reconciled>& done) {
                           if (!done) return reply(done.error());
                           pb::ReconcileResponse out;
                           ToProto(*done, &out);
                           reply(std::move(out));
                         });
    });
  }

  grpc::ServerUnaryReactor* WriteBase(grpc::CallbackServerContext* context, const pb::WriteBaseRequest* request,
                                      pb::WriteBaseResponse* response) override {
    return write_base_.Serve(context, request, response, [this](const auto& asked, const Caller& caller, auto reply) {
      if (Status may = MayOperate(caller.principal); !may) return reply(may.error());
      if (Status known = CheckShard(asked.shard(), sessions_->options.shards); !known) return reply(known.error());
      backend_.WriteBase(static_cast<int>(asked.shard()), [reply = std::move(reply)](const Result<WrittenBase>& done) {
        if (!done) return reply(done.error());
        pb::WriteBaseResponse out;
        ToProto(*done, &out);
        reply(std::move(out));
      });
    });
  }

 private:
  static pb::ReadCasesResponse CasesAsRead(const std::vector<CaseId>& ids, const std::string& tenant,
                                           const std::vector<Result<std::shared_ptr<const Case>>>& cases) {
    pb::ReadCasesResponse out;
    for (size_t i = 0; i < ids.size(); ++i) {
      auto& one = *out.add_cases();
      one.set_case_id(std::string(ids[i].AsBytes()));
      if (i >= cases.size()) {
        wire::ToProto(Error{ErrorCode::kInternal, "the keeper gave fewer cases than were asked for"},
                      one.mutable_error());
      } else if (!cases[i]) {
        wire::ToProto(cases[i].error(), one.mutable_error());
      } else if (!tenant.empty() && (*cases[i])->tenant != tenant) {
        wire::ToProto(Error{ErrorCode::kNotFound, "no such case"}, one.mutable_error());
      } else {
        wire::EncodeCase(**cases[i], one.mutable_snapshot());
      }
    }
    return out;
  }

  KeeperBackend& backend_;
  const Credentials& credentials_;
  const Clock& clock_;
  const runtime::Logger log_;
  runtime::LogLimit refused_lines_{3};
  const std::shared_ptr<KeeperSessions> sessions_;
  Method read_cases_, shard_status_, reconcile_, write_base_;
};

KeeperService::KeeperService(KeeperServiceOptions options, KeeperBackend& backend, CallLimits& limits,
                             const Credentials& credentials, const Clock& clock, runtime::Metrics& metrics,
                             runtime::Logger log)
    : impl_(std::make_unique<Impl>(std::move(options), backend, limits, credentials, clock, metrics, std::move(log))) {}
KeeperService::~KeeperService() = default;

grpc::Service* KeeperService::service() { return impl_.get(); }
void KeeperService::FlushAnswers() { impl_->sessions().FlushAnswers(); }
void KeeperService::Drain() { impl_->sessions().Drain(); }

}  // namespace escalon::rpc

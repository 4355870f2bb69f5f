#include "services/intake/inbound/grpc/case_grpc_service.h"

#include <deque>
#include <memory>
#include <utility>

#include "common/core/mutex.h"
#include "common/rpc/status.h"
#include "common/wire/timestamps.h"

namespace escalon::intake {
namespace {

namespace cs = ::escalon::cases::v1;

constexpr size_t kMostQueued = 1000;  ///< changes that a slow client may owe
constexpr int kMostIds = 1000;

using Stream = grpc::ServerWriteReactor<cs::WatchCasesResponse>;

/// A stream that was refused.
class Refused final : public Stream {
 public:
  explicit Refused(const Error& error) { Finish(rpc::ToGrpc(error)); }
  void OnDone() override { delete this; }
};

/// One client that watches: a bounded queue between the loop and gRPC's threads. Held by the hub, and by itself until
/// gRPC is done.
class WatchStream final : public Stream, public Watcher {
 public:
  WatchStream(WatchHub& hub, QueryGateway& queries, Principal principal, IntakeMetrics& metrics, std::atomic<int>& open)
      : hub_(hub), queries_(queries), principal_(std::move(principal)), metrics_(metrics), open_(open) {
    metrics_.watchers->Increment();
  }

  void Hold(std::shared_ptr<WatchStream> self) { self_ = std::move(self); }

  void OnChange(const WatchedChange& change) override {
    const Result<cs::PublicCase> shown = queries_.Show(*change.c, principal_);
    if (!shown.ok()) return;
    cs::WatchCasesResponse response;
    *response.mutable_case_() = *shown;
    for (const std::string& kind : change.kinds) response.add_kinds(kind);
    response.set_actor(change.actor);
    wire::PutTime(change.at, response.mutable_at());
    const MutexLock lock(mutex_);
    if (ended_) return;
    if (queue_.size() >= kMostQueued) {
      if (!gap_) metrics_.watch_gaps->Increment();
      gap_ = true;
      return;
    }
    response.set_gap(std::exchange(gap_, false));
    queue_.push_back(std::move(response));
    WriteNext();
  }

  void OnGap() override {
    const MutexLock lock(mutex_);
    gap_ = true;
  }

  void OnEnd() override {
    End(grpc::Status(grpc::StatusCode::UNAVAILABLE, "this instance is shutting down; watch at another"));
  }

  // From gRPC.
  void OnWriteDone(bool ok) override {
    if (!ok) return End(grpc::Status::CANCELLED);
    const MutexLock lock(mutex_);
    writing_ = false;
    if (ended_) return FinishNow();
    WriteNext();
  }
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override {
    metrics_.watchers->Decrement();
    open_.fetch_sub(1, std::memory_order_relaxed);
    hub_.Remove(this);
    const std::shared_ptr<WatchStream> self = std::move(self_);
  }

 private:
  void WriteNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || queue_.empty()) return;
    present_ = std::move(queue_.front());
    queue_.pop_front();
    writing_ = true;
    StartWrite(&present_);
  }
  void End(const grpc::Status& status) {
    const MutexLock lock(mutex_);
    if (ended_) return;
    ended_ = true;
    status_ = status;
    if (!writing_ || status.error_code() == grpc::StatusCode::CANCELLED) FinishNow();
  }
  void FinishNow() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!std::exchange(finished_, true)) Finish(status_);
  }

  WatchHub& hub_;
  QueryGateway& queries_;
  const Principal principal_;
  IntakeMetrics& metrics_;
  std::atomic<int>& open_;
  std::shared_ptr<WatchStream> self_;
  Mutex mutex_;
  std::deque<cs::WatchCasesResponse> queue_ ABSL_GUARDED_BY(mutex_);
  cs::WatchCasesResponse present_;  ///< gRPC's while a write is under way
  grpc::Status status_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false, ended_ ABSL_GUARDED_BY(mutex_) = false,
                finished_ ABSL_GUARDED_BY(mutex_) = false, gap_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

CaseGrpcService::CaseGrpcService(GuardedCalls& calls, CaseGateway& cases, QueryGateway& queries, WatchHub& watch,
                                 IntakeMetrics& metrics, int most_watchers)
    : calls_(calls),
      cases_(cases),
      queries_(queries),
      watch_(watch),
      metrics_(metrics),
      most_watchers_(most_watchers),
      submit_case_(calls.limits(), "CaseService/SubmitCase", std::nullopt),
      submit_many_(calls.limits(), "CaseService/SubmitMany", std::nullopt),
      execute_(calls.limits(), "CaseService/Execute", std::nullopt),
      get_case_(calls.limits(), "CaseService/GetCase", std::nullopt),
      list_cases_(calls.limits(), "CaseService/ListCases", std::nullopt),
      watch_cases_(calls.limits(), "CaseService/WatchCases", std::nullopt) {}

grpc::ServerUnaryReactor* CaseGrpcService::SubmitCase(grpc::CallbackServerContext* context,
                                                      const cs::SubmitCaseRequest* request,
                                                      cs::SubmitCaseResponse* response) {
  return calls_.Serve(submit_case_, context, request, response,
                      [this](const auto& r, const rpc::Caller& c, auto reply) {
                        cases_.SubmitCase(r, c, Protocol::kGrpc, std::move(reply));
                      });
}

grpc::ServerUnaryReactor* CaseGrpcService::SubmitMany(grpc::CallbackServerContext* context,
                                                      const cs::SubmitManyRequest* request,
                                                      cs::SubmitManyResponse* response) {
  return calls_.Serve(submit_many_, context, request, response,
                      [this](const auto& r, const rpc::Caller& c, auto reply) {
                        cases_.SubmitMany(r, c, Protocol::kGrpc, std::move(reply));
                      });
}

grpc::ServerUnaryReactor* CaseGrpcService::Execute(grpc::CallbackServerContext* context,
                                                   const cs::ExecuteRequest* request, cs::ExecuteResponse* response) {
  return calls_.Serve(execute_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    cases_.Execute(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* CaseGrpcService::GetCase(grpc::CallbackServerContext* context,
                                                   const cs::GetCaseRequest* request, cs::GetCaseResponse* response) {
  return calls_.Serve(get_case_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    queries_.GetCase(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* CaseGrpcService::ListCases(grpc::CallbackServerContext* context,
                                                     const cs::ListCasesRequest* request,
                                                     cs::ListCasesResponse* response) {
  return calls_.Serve(list_cases_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    queries_.ListCases(r, c, std::move(reply));
  });
}

Result<WatchQuestion> CaseGrpcService::Question(const cs::WatchCasesRequest& request, const Principal& principal) {
  if (principal.tenant == kAllTenants) {
    return Error{ErrorCode::kInvalidArgument, "this credential serves all tenants; watch with one of a single tenant"};
  }
  WatchQuestion question;
  question.tenant = principal.tenant;
  Result<CaseFilter> filter = queries_.FilterOf(request.filter(), "filter", principal);
  if (!filter.ok()) return filter.error();
  question.filter = std::move(*filter);
  if (request.case_ids_size() > kMostIds)
    return InvalidField("case_ids", "has more than " + std::to_string(kMostIds) + " entries");
  for (int i = 0; i < request.case_ids_size(); ++i) {
    const Result<CaseId> id = CaseId::Parse(request.case_ids(i));
    if (!id.ok())
      return InvalidField("case_ids[" + std::to_string(i) + "]",
                          "is no case id; write a UUID as SubmitCase returned it");
    question.ids.insert(*id);
  }
  question.include_present = request.include_present();
  question.visible = [this, principal](const Case& c) { return queries_.MaySee(c, principal); };
  return question;
}

Stream* CaseGrpcService::WatchCases(grpc::CallbackServerContext* context, const cs::WatchCasesRequest* request) {
  const Result<rpc::Caller> caller = calls_.Check(watch_cases_, *context);
  if (!caller.ok()) return new Refused(caller.error());
  Result<WatchQuestion> question = Question(*request, caller->principal);
  if (!question.ok()) return new Refused(question.error());
  if (watchers_.fetch_add(1, std::memory_order_relaxed) >= most_watchers_) {
    watchers_.fetch_sub(1, std::memory_order_relaxed);
    metrics_.Limited(Limit::kWatchers);
    return new Refused(Error{ErrorCode::kResourceExhausted,
                             "limits.watchers: as many watch already; end one, or ask another instance",
                             {},
                             {},
                             5000});
  }
  auto stream = std::make_shared<WatchStream>(watch_, queries_, caller->principal, metrics_, watchers_);
  stream->Hold(stream);
  if (!watch_.Add(stream, std::move(*question))) stream->OnEnd();
  return stream.get();
}

}  // namespace escalon::intake

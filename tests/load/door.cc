#include "tests/load/door.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <queue>
#include <unordered_set>
#include <utility>

#include "common/core/backoff.h"
#include "common/core/random.h"
#include "common/rpc/status.h"
#include "common/wire/error_codec.h"
#include "escalon/cases/v1/case_service.grpc.pb.h"
#include "google/rpc/status.pb.h"

namespace escalon::load {
namespace {

namespace cs = ::escalon::cases::v1;
namespace sb = ::escalon::submission::v1;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr Backoff kBackoff{.first = 50, .most = 2 * kSecondMs};

/// Whether a try that ended so may have had its effect all the same.
bool MayHaveHappened(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kOutcomeUnknown ||
         code == ErrorCode::kDeadlineExceeded || code == ErrorCode::kInternal || code == ErrorCode::kNotOwner;
}
bool WorthRepeating(ErrorCode code) {
  return Retryable(code) || code == ErrorCode::kDeadlineExceeded || code == ErrorCode::kInternal;
}

CallOutcome OutcomeOf(common::v1::OutcomeKind kind) {
  switch (kind) {
    case common::v1::OUTCOME_KIND_OPENED:
      return CallOutcome::kOpened;
    case common::v1::OUTCOME_KIND_ATTACHED:
      return CallOutcome::kAttached;
    case common::v1::OUTCOME_KIND_UNCHANGED:
      return CallOutcome::kUnchanged;
    case common::v1::OUTCOME_KIND_AWAITS_APPROVAL:
      return CallOutcome::kAwaitsApproval;
    default:
      return CallOutcome::kDone;
  }
}

Heard HeardOf(cs::CommandResult* result) {
  Heard heard;
  heard.outcome = OutcomeOf(result->outcome());
  if (const Result<CaseId> id = CaseId::Parse(result->case_id()); id.ok()) heard.case_id = *id;
  heard.version = result->version();
  heard.result.Swap(result);
  return heard;
}

Heard HeardOf(const Error& error, bool maybe) {
  Heard heard;
  heard.outcome = maybe ? CallOutcome::kUnknown : CallOutcome::kRejected;
  heard.error = error;
  return heard;
}

/// A call with all its tries; owned by the completion queue or by the list of repeats.
class Pending {
 public:
  virtual ~Pending() = default;
  virtual void Start() = 0;
  /// One try has ended. False: it is over and can go.
  virtual bool OnEnd() = 0;
  virtual void Cancel() = 0;
};

struct Waiting {
  SteadyTime at;
  uint64_t order;
  Pending* call;
  bool operator>(const Waiting& other) const { return at != other.at ? at > other.at : order > other.order; }
};

}  // namespace

class Door::Core {
 public:
  Core(Options options, const Clock& clock) : options_(std::move(options)), clock_(clock) {
    for (int i = 0; i < options_.channels; ++i) {
      grpc::ChannelArguments arguments;
      arguments.SetInt("escalon.channel", i);  // different arguments: a connection of its own
      arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
      arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
      stubs_.push_back(cs::CaseService::NewStub(
          grpc::CreateCustomChannel(options_.address, grpc::InsecureChannelCredentials(), arguments)));
    }
  }

  ~Core() {
    for (Pending* call : calls_) call->Cancel();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
    for (Pending* call : calls_) delete call;
  }

  template <typename Request, typename Response>
  using Begin = std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (cs::CaseService::Stub::*)(
      grpc::ClientContext*, const Request&, grpc::CompletionQueue*);

  /// One unary method; `Finish` is called once, with the answer or the error of the last try.
  template <typename Request, typename Response>
  class Unary final : public Pending {
   public:
    using Finish = runtime::MoveFunction<void(Response*, const Error*, bool maybe)>;
    Unary(Core& core, Begin<Request, Response> begin, Request request, const std::string& authorization, bool repeats,
          Finish finish)
        : core_(core),
          begin_(begin),
          request_(std::move(request)),
          authorization_(authorization),
          repeats_(repeats),
          until_(core.clock_.Steady() + std::chrono::milliseconds(core.options_.patience_ms)),
          finish_(std::move(finish)) {}

    void Start() override {
      context_.emplace();
      context_->AddMetadata("authorization", authorization_);
      context_->set_deadline(gpr_time_from_millis(core_.options_.attempt_ms, GPR_TIMESPAN));
      cs::CaseService::Stub& stub = *core_.stubs_[core_.next_stub_++ % core_.stubs_.size()];
      reader_ = (stub.*begin_)(&*context_, request_, &core_.queue_);
      reader_->Finish(&response_, &status_, this);
    }

    bool OnEnd() override {
      if (status_.ok()) {
        finish_(&response_, nullptr, false);
        return false;
      }
      const Error error = rpc::FromGrpc(status_);
      maybe_ = maybe_ || MayHaveHappened(error.code);
      if (repeats_ && WorthRepeating(error.code)) {
        const auto wait = std::chrono::milliseconds(
            std::max<int64_t>(error.retry_after_ms, kBackoff.Delay(attempt_++, RandomBits())));
        const SteadyTime at = core_.clock_.Steady() + wait;
        if (at < until_) {
          core_.Repeat(this, at);
          return true;
        }
      }
      finish_(nullptr, &error, maybe_);
      return false;
    }

    void Cancel() override {
      if (context_) context_->TryCancel();
    }

   private:
    Core& core_;
    const Begin<Request, Response> begin_;
    const Request request_;
    const std::string& authorization_;
    const bool repeats_;
    const SteadyTime until_;
    Finish finish_;
    int attempt_ = 0;
    bool maybe_ = false;
    std::optional<grpc::ClientContext> context_;
    std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader_;
    grpc::Status status_;
    Response response_;
  };

  template <typename Request, typename Response>
  void Call(Begin<Request, Response> begin, Request request, const std::string& authorization, bool repeats,
            typename Unary<Request, Response>::Finish finish) {
    auto* call =
        new Unary<Request, Response>(*this, begin, std::move(request), authorization, repeats, std::move(finish));
    calls_.insert(call);
    call->Start();
  }

  void Submit(sb::Submission submission, const std::string& authorization, Done done) {
    cs::SubmitCaseRequest request;
    request.mutable_submission()->Swap(&submission);
    Call<cs::SubmitCaseRequest, cs::SubmitCaseResponse>(
        &cs::CaseService::Stub::AsyncSubmitCase, std::move(request), authorization, true,
        [done = std::move(done)](cs::SubmitCaseResponse* response, const Error* error, bool maybe) mutable {
          done(error == nullptr ? HeardOf(response->mutable_result()) : HeardOf(*error, maybe));
        });
  }

  void SubmitMany(std::vector<sb::Submission> submissions, const std::string& authorization, std::vector<Done> done) {
    cs::SubmitManyRequest request;
    for (const sb::Submission& one : submissions) *request.add_submissions() = one;
    struct Batch {
      std::vector<sb::Submission> submissions;
      std::vector<Done> done;
    };
    auto batch = std::make_unique<Batch>(Batch{std::move(submissions), std::move(done)});
    Call<cs::SubmitManyRequest, cs::SubmitManyResponse>(
        &cs::CaseService::Stub::AsyncSubmitMany, std::move(request), authorization, true,
        [this, &authorization, batch = std::move(batch)](cs::SubmitManyResponse* response, const Error* error,
                                                         bool maybe) {
          for (size_t i = 0; i < batch->done.size(); ++i) {
            if (error != nullptr) {
              batch->done[i](HeardOf(*error, maybe));
              continue;
            }
            if (static_cast<int>(i) >= response->outcomes_size()) {
              batch->done[i](HeardOf(Error{ErrorCode::kInternal, "fewer outcomes than submissions"}, true));
              continue;
            }
            cs::SubmitOutcome& outcome = *response->mutable_outcomes(static_cast<int>(i));
            if (outcome.has_result()) {
              batch->done[i](HeardOf(outcome.mutable_result()));
              continue;
            }
            const Error refused = wire::FromProto(outcome.error());
            if (WorthRepeating(refused.code)) {
              Submit(std::move(batch->submissions[i]), authorization, std::move(batch->done[i]));
            } else {
              batch->done[i](HeardOf(refused, false));
            }
          }
        });
  }

  void Execute(const CaseId& case_id, cs::Command command, const std::string& authorization, Done done) {
    cs::ExecuteRequest request;
    request.set_case_id(case_id.ToString());
    request.mutable_command()->Swap(&command);
    Call<cs::ExecuteRequest, cs::ExecuteResponse>(
        &cs::CaseService::Stub::AsyncExecute, std::move(request), authorization, true,
        [done = std::move(done)](cs::ExecuteResponse* response, const Error* error, bool maybe) mutable {
          done(error == nullptr ? HeardOf(response->mutable_result()) : HeardOf(*error, maybe));
        });
  }

  void Get(const CaseId& case_id, uint64_t min_version, const std::string& authorization, GotCase done) {
    cs::GetCaseRequest request;
    request.set_case_id(case_id.ToString());
    request.set_min_version(min_version);
    Call<cs::GetCaseRequest, cs::GetCaseResponse>(
        &cs::CaseService::Stub::AsyncGetCase, std::move(request), authorization, false,
        [done = std::move(done)](cs::GetCaseResponse* response, const Error* error, bool) mutable {
          if (error != nullptr) return done(*error);
          done(std::move(*response->mutable_case_()));
        });
  }

  void Poll(int64_t wait_us) {
    StartDue();
    if (!waiting_.empty()) {
      const auto left =
          std::chrono::duration_cast<std::chrono::microseconds>(waiting_.top().at - clock_.Steady()).count();
      wait_us = std::clamp<int64_t>(left, 0, wait_us);
    }
    void* tag = nullptr;
    bool ok = false;
    gpr_timespec deadline = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(wait_us, GPR_TIMESPAN));
    while (queue_.AsyncNext(&tag, &ok, deadline) == grpc::CompletionQueue::GOT_EVENT) {
      auto* call = static_cast<Pending*>(tag);
      if (!call->OnEnd()) {
        calls_.erase(call);
        delete call;
      }
      deadline = gpr_inf_past(GPR_CLOCK_MONOTONIC);
    }
    StartDue();
  }

  size_t in_flight() const { return calls_.size(); }
  uint64_t repeats() const { return repeats_; }

 private:
  void Repeat(Pending* call, SteadyTime at) { waiting_.push({at, repeats_++, call}); }

  void StartDue() {
    const SteadyTime now = clock_.Steady();
    while (!waiting_.empty() && waiting_.top().at <= now) {
      Pending* call = waiting_.top().call;
      waiting_.pop();
      call->Start();
    }
  }

  const Options options_;
  const Clock& clock_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<cs::CaseService::Stub>> stubs_;
  size_t next_stub_ = 0;
  std::unordered_set<Pending*> calls_;
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting_;
  uint64_t repeats_ = 0;
};

Door::Door(Options options, const Clock& machine_clock)
    : core_(std::make_unique<Core>(std::move(options), machine_clock)) {}
Door::~Door() = default;
void Door::Submit(sb::Submission submission, const std::string& authorization, Done done) {
  core_->Submit(std::move(submission), authorization, std::move(done));
}
void Door::SubmitMany(std::vector<sb::Submission> submissions, const std::string& authorization,
                      std::vector<Done> done) {
  core_->SubmitMany(std::move(submissions), authorization, std::move(done));
}
void Door::Execute(const CaseId& case_id, cs::Command command, const std::string& authorization, Done done) {
  core_->Execute(case_id, std::move(command), authorization, std::move(done));
}
void Door::Get(const CaseId& case_id, uint64_t min_version, const std::string& authorization, GotCase done) {
  core_->Get(case_id, min_version, authorization, std::move(done));
}
void Door::Poll(int64_t wait_us) { core_->Poll(wait_us); }
size_t Door::in_flight() const { return core_->in_flight(); }
uint64_t Door::repeats() const { return core_->repeats(); }

}  // namespace escalon::load

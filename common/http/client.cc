#include "common/http/client.h"

#include <pthread.h>

#include <deque>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

#include "common/core/mutex.h"
#include "common/http/transfer.h"
#include "common/runtime/fault.h"

namespace escalon::http {
namespace {

class CurlClient final : public Client {
 public:
  CurlClient(ClientOptions options, const Clock& clock, runtime::Logger log)
      : options_(std::move(options)), clock_(clock), log_(std::move(log)) {
    // Once per process; libcurl counts further calls. Thread-safe since 7.84.
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) runtime::ProgramFault("libcurl does not start");
    multi_ = curl_multi_init();
    if (multi_ == nullptr) runtime::ProgramFault("no memory for libcurl");
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.max_in_flight));
    thread_ = std::thread([this] {
      pthread_setname_np(pthread_self(), "http-client");
      Run();
    });
  }

  ~CurlClient() override {
    Stop();
    curl_multi_cleanup(multi_);
    curl_global_cleanup();
  }

  void Send(ClientRequest request, Callback done) override {
    Enqueue(Transfer::ForRequest(std::move(request), options_, std::move(done)));
  }

  void SendMail(Mail mail, MailRelay relay, MailCallback done) override {
    Enqueue(Transfer::ForMail(mail, std::move(relay), options_, clock_.WallMs(), std::move(done)));
  }

  void Stop() override {
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Enqueue(std::unique_ptr<Transfer> transfer) {
    std::optional<Error> refused;
    {
      const MutexLock lock(mutex_);
      if (stopping_) {
        refused = Error{ErrorCode::kUnavailable, "the HTTP client is stopping"};
      } else if (waiting_.size() >= options_.max_queued) {
        refused = Error{ErrorCode::kResourceExhausted, "too many requests wait to be sent; repeat later", {}, {}, 1000};
      } else {
        waiting_.push_back(std::move(transfer));
      }
    }
    if (refused) {
      transfer->Fail(std::move(*refused));
    } else {
      curl_multi_wakeup(multi_);
    }
  }

  void Run() {
    while (TakeWaiting()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      const bool finished = CollectFinished();
      // Whoever finished made room for one that waits: look before sleeping.
      if (!finished) curl_multi_poll(multi_, nullptr, 0, kMostWaitMs, nullptr);
    }
    for (auto& [handle, transfer] : running_) {
      curl_multi_remove_handle(multi_, handle);
      transfer->Fail({ErrorCode::kUnavailable, "the HTTP client is stopping; it may have been sent"});
    }
    running_.clear();
    std::deque<std::unique_ptr<Transfer>> waiting;
    {
      const MutexLock lock(mutex_);
      waiting.swap(waiting_);
    }
    for (const auto& transfer : waiting) transfer->Fail({ErrorCode::kUnavailable, "the HTTP client is stopping"});
  }

  // False when it is time to end.
  bool TakeWaiting() {
    std::vector<std::unique_ptr<Transfer>> taken;
    {
      const MutexLock lock(mutex_);
      if (stopping_) return false;
      while (!waiting_.empty() && running_.size() + taken.size() < static_cast<size_t>(options_.max_in_flight)) {
        taken.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    for (auto& transfer : taken) {
      CURL* handle = transfer->Prepare();
      if (handle == nullptr) continue;  // it has told why
      curl_multi_add_handle(multi_, handle);
      running_.emplace(handle, std::move(transfer));
    }
    return true;
  }

  bool CollectFinished() {
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* handle = message->easy_handle;
      const CURLcode code = message->data.result;
      const auto found = running_.find(handle);
      const std::unique_ptr<Transfer> transfer = std::move(found->second);
      running_.erase(found);
      curl_multi_remove_handle(multi_, handle);
      transfer->Finish(code);
      any = true;
    }
    return any;
  }

  // Only an upper bound: activity, libcurl's own timers and curl_multi_wakeup end the wait.
  static constexpr int kMostWaitMs = 60'000;

  const ClientOptions options_;
  const Clock& clock_;
  const runtime::Logger log_;
  CURLM* multi_ = nullptr;
  Mutex mutex_;
  std::deque<std::unique_ptr<Transfer>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> running_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Client> Client::Create(ClientOptions options, const Clock& clock, runtime::Logger log) {
  return std::make_unique<CurlClient>(std::move(options), clock, std::move(log));
}

}  // namespace escalon::http

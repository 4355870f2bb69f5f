#include "common/http/server.h"

#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <thread>
#include <utility>

#include "common/http/problem.h"
#include "common/http/session.h"

namespace escalon::http {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

Responder::~Responder() {
  if (sink_ != nullptr) SendError({ErrorCode::kInternal, "the service dropped the request without an answer"});
}

Responder& Responder::operator=(Responder&& other) noexcept {
  // What this one held goes with `previous`, which answers 500 for it.
  const Responder previous(std::exchange(sink_, std::move(other.sink_)));
  return *this;
}

void Responder::Send(Response response) {
  if (const auto sink = std::exchange(sink_, nullptr)) sink->Send(std::move(response));
}

void Responder::SendError(const Error& error) { Send(ProblemResponse(error)); }

namespace {

constexpr std::chrono::milliseconds kAcceptPause{100};

class BeastServer final : public Server {
 public:
  BeastServer(const ServerOptions& options, Handler handler, runtime::Logger log)
      : core_(std::make_shared<ServerCore>()),
        work_(net::make_work_guard(core_->io)),
        strand_(net::make_strand(core_->io)),
        acceptor_(strand_),
        pause_(strand_) {
    core_->options = options;
    core_->handler = std::move(handler);
    core_->log = std::move(log);
  }

  ~BeastServer() override { Stop(0); }

  Status Listen() {
    error_code failure;
    const auto address = net::ip::make_address(core_->options.address, failure);
    if (failure) return InvalidField("address", "must be an IP address, not \"" + core_->options.address + "\"");
    const tcp::endpoint endpoint(address, core_->options.port);
    const auto step = [&](auto&& action) {
      if (!failure) action();
    };
    step([&] { acceptor_.open(endpoint.protocol(), failure); });
    step([&] { acceptor_.set_option(net::socket_base::reuse_address(true), failure); });
    step([&] { acceptor_.bind(endpoint, failure); });
    step([&] { acceptor_.listen(net::socket_base::max_listen_connections, failure); });
    if (failure)
      return Error{ErrorCode::kUnavailable, "cannot listen on " + core_->options.address + ":" +
                                                std::to_string(core_->options.port) + ": " + failure.message()};
    port_ = acceptor_.local_endpoint(failure).port();
    return {};
  }

  void Count(const ServerMetrics& metrics) {
    core_->responses = metrics.responses;
    core_->refused = metrics.refused;
    core_->open = metrics.open;
  }

  void Run(const std::string& name) {
    net::post(strand_, [this] { Accept(); });
    for (int i = 0; i < std::max(1, core_->options.threads); ++i)
      threads_.emplace_back([this, name, i] {
        pthread_setname_np(pthread_self(), ("http-" + name + "-" + std::to_string(i)).substr(0, 15).c_str());
        core_->io.run();
      });
  }

  uint16_t port() const override { return port_; }
  int connections() const override {
    const MutexLock lock(core_->mutex);
    return static_cast<int>(core_->sessions.size());
  }

  bool Stop(DurationMs limit_ms) override {
    if (stopped_) return true;
    stopped_ = true;
    core_->stopping = true;
    net::post(strand_, [this] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
    });
    ForEach(&Session::Drain);
    bool clean;
    {
      MutexLock lock(core_->mutex);
      clean = core_->emptied.WaitFor(
          lock, std::chrono::milliseconds(limit_ms),
          [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(core_->mutex) { return core_->sessions.empty(); });
    }
    if (!clean) ForEach(&Session::Cut);
    work_.reset();
    for (std::thread& thread : threads_) thread.join();
    return clean;
  }

 private:
  void Accept() {
    acceptor_.async_accept(net::make_strand(core_->io), [this](error_code failure, tcp::socket socket) {
      if (core_->stopping || failure == net::error::operation_aborted) return;
      if (failure) {
        // No descriptors left, mostly: trying again at once would only spin.
        core_->log.Limited(core_->refused_site, runtime::LogLevel::kWarn, "cannot accept a connection; pausing",
                           {{"error", failure.message()}});
        pause_.expires_after(kAcceptPause);
        pause_.async_wait([this](error_code cancelled) {
          if (!cancelled) Accept();
        });
        return;
      }
      if (connections() >= core_->options.max_connections) {
        core_->log.Limited(core_->refused_site, runtime::LogLevel::kWarn, "too many connections; one was closed",
                           {{"max", core_->options.max_connections}});
        if (core_->refused != nullptr) core_->refused->Increment();
      } else {
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        std::make_shared<Session>(core_, std::move(socket))->Start();
      }
      Accept();
    });
  }

  // A session that is being destroyed still stands in the set, but can no longer be reached: it needs no telling.
  void ForEach(void (Session::*tell)()) {
    const MutexLock lock(core_->mutex);
    for (Session* session : core_->sessions)
      if (const auto alive = session->weak_from_this().lock()) kept_.push_back(alive);
    for (const auto& session : kept_) ((*session).*tell)();
    // Dropped outside the lock, which their destructor takes.
    net::post(core_->io, [kept = std::move(kept_)] {});
    kept_.clear();
  }

  const std::shared_ptr<ServerCore> core_;
  net::executor_work_guard<net::io_context::executor_type> work_;
  net::strand<net::io_context::executor_type> strand_;
  tcp::acceptor acceptor_;
  net::steady_timer pause_;
  std::vector<std::thread> threads_;
  std::vector<std::shared_ptr<Session>> kept_;
  uint16_t port_ = 0;
  bool stopped_ = false;
};

}  // namespace

ServerMetrics::ServerMetrics(const std::string& name, runtime::Metrics& metrics)
    : refused(metrics.AddCounter("escalon_http_connections_refused_total",
                                 "HTTP connections closed at once because too many were open.", {{"server", name}})),
      open(metrics.AddGauge("escalon_http_connections", "Open HTTP connections.", {{"server", name}})) {
  for (const char* kind : {"1xx", "2xx", "3xx", "4xx", "5xx"}) {
    responses.push_back(metrics.AddCounter("escalon_http_responses_total", "HTTP responses by class of status.",
                                           {{"server", name}, {"class", kind}}));
  }
}

Result<std::unique_ptr<Server>> Server::Start(const std::string& name, const ServerOptions& options, Handler handler,
                                              runtime::Logger log, runtime::Metrics* metrics) {
  auto server = std::make_unique<BeastServer>(options, std::move(handler), std::move(log));
  const Status listening = server->Listen();
  if (!listening) return listening.error();
  if (metrics != nullptr) server->Count(ServerMetrics(name, *metrics));
  server->Run(name);
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace escalon::http

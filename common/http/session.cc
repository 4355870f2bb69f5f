#include "common/http/session.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "common/http/problem.h"

namespace escalon::http {

namespace beast = boost::beast;
namespace net = boost::asio;
using boost::system::error_code;

namespace {

constexpr size_t kReadBytes = 16 * 1024;
constexpr size_t kMostDiscarded = 1 << 20;
constexpr DurationMs kLingerMs = 1000;

// RFC 9112: an origin server must also take the absolute form.
std::string_view WithoutAuthority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const size_t slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target;
}

bool IsSafeField(std::string_view name, std::string_view value) {
  const auto printable = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; };
  const auto token = [&](char c) { return c > ' ' && c <= '~' && c != ':' && c != '"' && c != ','; };
  return !name.empty() && std::all_of(name.begin(), name.end(), token) &&
         std::all_of(value.begin(), value.end(), printable);
}

}  // namespace

// Where a Responder's answer goes. Weak: an answer that nobody waits for must not keep a connection alive, nor a queued
// one the server.
class Session::Reply final : public Responder::Sink {
 public:
  Reply(const std::shared_ptr<Session>& session, uint64_t number)
      : core_(session->core_), executor_(session->socket_.get_executor()), session_(session), number_(number) {}
  void Send(Response response) override {
    net::post(executor_, [session = session_, number = number_, response = std::move(response)]() mutable {
      if (const auto alive = session.lock()) alive->Answer(number, std::move(response));
    });
  }

 private:
  const std::shared_ptr<ServerCore> core_;  ///< first in, last out: the executor belongs to it
  net::ip::tcp::socket::executor_type executor_;
  const std::weak_ptr<Session> session_;
  const uint64_t number_;
};

Session::Session(std::shared_ptr<ServerCore> core, net::ip::tcp::socket socket)
    : core_(std::move(core)),
      socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      buffer_(core_->options.header_limit + kReadBytes + 64 * 1024) {
  const MutexLock lock(core_->mutex);
  core_->sessions.insert(this);
  if (core_->open != nullptr) core_->open->Set(static_cast<double>(core_->sessions.size()));
}

Session::~Session() {
  const MutexLock lock(core_->mutex);
  core_->sessions.erase(this);
  if (core_->open != nullptr) core_->open->Set(static_cast<double>(core_->sessions.size()));
  if (core_->sessions.empty()) core_->emptied.NotifyAll();
}

void Session::Start() {
  net::dispatch(socket_.get_executor(), [self = shared_from_this()] { self->AwaitRequest(); });
}

void Session::Drain() {
  net::post(socket_.get_executor(), [self = shared_from_this()] {
    self->draining_ = true;
    if (self->phase_ == Phase::kIdle) self->Close();
  });
}

void Session::Cut() {
  net::post(socket_.get_executor(), [self = shared_from_this()] { self->Close(); });
}

void Session::Enter(Phase phase, DurationMs limit_ms) {
  phase_ = phase;
  timer_.expires_after(std::chrono::milliseconds(limit_ms));
  timer_.async_wait([self = shared_from_this(), generation = ++timer_generation_](error_code failure) {
    if (!failure && generation == self->timer_generation_) self->OnTimeout();
  });
}

void Session::OnTimeout() {
  error_code ignored;
  switch (phase_) {
    case Phase::kReading:
      timed_out_ = true;
      socket_.cancel(ignored);
      break;
    case Phase::kAnswering:
      keep_alive_ = false;
      Answer(number_, ProblemResponse(504, "Not done in time", "the service did not answer in time; repeat later"));
      break;
    case Phase::kIdle:
    case Phase::kWriting:
    case Phase::kLingering:
    case Phase::kClosed:
      Close();
  }
}

void Session::AwaitRequest() {
  if (draining_ || core_->stopping) return Close();
  if (buffer_.size() > 0) return ReadHeader();
  Enter(Phase::kIdle, core_->options.idle_timeout_ms);
  socket_.async_read_some(buffer_.prepare(kReadBytes), [self = shared_from_this()](error_code failure, size_t size) {
    if (failure || self->phase_ == Phase::kClosed) return self->Close();
    self->buffer_.commit(size);
    self->ReadHeader();
  });
}

void Session::ReadHeader() {
  timed_out_ = false;
  keep_alive_ = false;
  head_ = false;
  ++number_;
  parser_.emplace();
  parser_->header_limit(static_cast<uint32_t>(core_->options.header_limit));
  parser_->body_limit(core_->options.body_limit);
  Enter(Phase::kReading, core_->options.read_timeout_ms);
  beast::http::async_read_header(socket_, buffer_, *parser_,
                                 [self = shared_from_this()](error_code failure, size_t) { self->OnHeader(failure); });
}

void Session::OnHeader(error_code failure) {
  if (phase_ == Phase::kClosed) return;
  if (failure) return OnReadFailure(failure);
  const auto& head = parser_->get();
  if (head.version() >= 11 && head.count(beast::http::field::host) != 1)
    return Refuse(400, "Bad request", "exactly one Host header is needed");
  if (!beast::iequals(head[beast::http::field::expect], "100-continue")) return ReadBody();
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  net::async_write(socket_, net::buffer(kContinue.data(), kContinue.size()),
                   [self = shared_from_this()](error_code write_failure, size_t) {
                     if (write_failure) return self->OnReadFailure(write_failure);
                     self->ReadBody();
                   });
}

void Session::ReadBody() {
  if (parser_->is_done()) return Dispatch();
  beast::http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](error_code failure, size_t) {
    if (failure) return self->OnReadFailure(failure);
    self->Dispatch();
  });
}

void Session::OnReadFailure(error_code failure) {
  if (phase_ == Phase::kClosed) return;
  if (timed_out_)
    return Refuse(408, "Request timeout",
                  "the request did not arrive within " + FormatDuration(core_->options.read_timeout_ms));
  if (failure == beast::http::error::body_limit)
    return Refuse(413, "Content too large",
                  "the body may have at most " + std::to_string(core_->options.body_limit) + " bytes");
  if (failure == beast::http::error::header_limit || failure == beast::http::error::buffer_overflow)
    return Refuse(431, "Request header fields too large",
                  "the header may have at most " + std::to_string(core_->options.header_limit) + " bytes");
  const bool ended = failure == beast::http::error::end_of_stream || failure == beast::http::error::partial_message;
  if (!ended && failure.category() == beast::http::make_error_code(beast::http::error::bad_method).category())
    return Refuse(400, "Bad request", "this is not well-formed HTTP/1.1: " + failure.message());
  Close();
}

void Session::Dispatch() {
  if (phase_ == Phase::kClosed) return;
  auto message = parser_->release();
  parser_.reset();
  Request request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  const std::string_view target = WithoutAuthority(request.target);
  const size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  for (const auto& field : message) request.headers.Add(std::string(field.name_string()), std::string(field.value()));
  request.body = std::move(message.body());
  error_code ignored;
  request.remote_address = socket_.remote_endpoint(ignored).address().to_string();
  keep_alive_ = message.keep_alive();
  head_ = message.method() == beast::http::verb::head;
  Enter(Phase::kAnswering, core_->options.answer_timeout_ms);
  core_->handler(std::move(request), Responder(std::make_shared<Reply>(shared_from_this(), number_)));
}

void Session::Refuse(int status, std::string_view title, std::string_view detail) {
  keep_alive_ = false;
  phase_ = Phase::kAnswering;
  Answer(number_, ProblemResponse(status, title, detail));
}

void Session::Answer(uint64_t number, Response response) {
  // Too late (timed out, closed), or of an earlier request of this connection.
  if (number != number_ || phase_ != Phase::kAnswering) return;
  Write(std::move(response));
}

void Session::Write(Response response) {
  response_ = {};
  response_.version(11);
  response_.result(static_cast<unsigned>(response.status));
  if (!response.content_type.empty()) response_.set(beast::http::field::content_type, response.content_type);
  response_.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers.fields())
    if (IsSafeField(name, value)) response_.insert(name, value);
  keep_alive_ = keep_alive_ && !draining_ && !core_->stopping;
  response_.keep_alive(keep_alive_);
  const bool bodiless = response.status == 204 || response.status == 304 || response.status / 100 == 1;
  if (!bodiless) response_.content_length(response.body.size());
  if (!head_ && !bodiless) response_.body() = std::move(response.body);
  const auto kind = static_cast<size_t>(std::clamp(response.status / 100, 1, 5) - 1);
  if (!core_->responses.empty()) core_->responses[kind]->Increment();
  Enter(Phase::kWriting, core_->options.write_timeout_ms);
  beast::http::async_write(socket_, response_,
                           [self = shared_from_this()](error_code failure, size_t) { self->OnWritten(failure); });
}

void Session::OnWritten(error_code failure) {
  if (failure || phase_ == Phase::kClosed) return Close();
  if (!keep_alive_) return Linger();
  AwaitRequest();
}

// Closing with unread bytes would reset the connection, and the peer might lose the answer: read them away a moment.
void Session::Linger() {
  error_code failure;
  socket_.shutdown(net::ip::tcp::socket::shutdown_send, failure);
  if (failure) return Close();
  if (phase_ != Phase::kLingering) Enter(Phase::kLingering, kLingerMs);
  buffer_.consume(buffer_.size());
  socket_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](error_code read_failure, size_t size) {
                            self->discarded_ += size;
                            if (read_failure || self->phase_ == Phase::kClosed || self->discarded_ > kMostDiscarded)
                              return self->Close();
                            self->Linger();
                          });
}

void Session::Close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  ++timer_generation_;
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace escalon::http

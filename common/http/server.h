#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/http/message.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"

namespace escalon::http {

/// The right to answer one request, exactly once, now or later, from any thread. Dropped without an answer it sends
/// 500. Moved, never copied. Answering after the client went away does nothing.
class Responder {
 public:
  /// Where an answer goes.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void Send(Response response) = 0;
  };
  explicit Responder(std::shared_ptr<Sink> sink) : sink_(std::move(sink)) {}
  ~Responder();
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  void Send(Response response);
  /// application/problem+json (problem.h).
  void SendError(const Error& error);

 private:
  std::shared_ptr<Sink> sink_;
};

/// Called in an IO thread: must not block; what takes time goes elsewhere with the Responder.
using Handler = std::function<void(Request, Responder)>;

struct ServerOptions {
  std::string address = "127.0.0.1";  ///< an IP address
  uint16_t port = 0;                  ///< 0: any free one
  int threads = 1;
  size_t header_limit = 16 * 1024;  ///< bytes; beyond it 431
  size_t body_limit = 256 * 1024;   ///< bytes; beyond it 413, before the rest is read
  /// From the first byte of a request to its last (slow clients; 408).
  DurationMs read_timeout_ms = 10 * kSecondMs;
  DurationMs write_timeout_ms = 10 * kSecondMs;
  /// Between requests of one connection.
  DurationMs idle_timeout_ms = 60 * kSecondMs;
  /// From the whole request to its answer; then 504, and a later answer is dropped.
  DurationMs answer_timeout_ms = 30 * kSecondMs;
  int max_connections = 1024;  ///< further ones are closed at once
};

/// What a server counts, by its name. Declared when the service is built, so that all of it exists before it listens.
struct ServerMetrics {
  ServerMetrics(const std::string& name, runtime::Metrics& metrics);
  std::vector<runtime::CounterRef> responses;  ///< by class, 1xx … 5xx
  runtime::CounterRef refused;
  runtime::GaugeRef open;
};

/// HTTP/1.1 with keep-alive; pipelined requests are answered in order, one at a time per connection. Garbage gets 400
/// and the connection is closed. Thread-safe.
class Server {
 public:
  /// `metrics` may be null; else escalon_http_* are declared with label `server` = `name`.
  static Result<std::unique_ptr<Server>> Start(const std::string& name, const ServerOptions& options, Handler handler,
                                               runtime::Logger log, runtime::Metrics* metrics = nullptr);
  virtual ~Server() = default;  ///< stops at once
  virtual uint16_t port() const = 0;
  virtual int connections() const = 0;
  /// No new connections or requests; what is in flight is answered (with Connection: close) until `limit_ms`, then cut.
  /// Blocks. Idempotent. True when nothing had to be cut.
  virtual bool Stop(DurationMs limit_ms) = 0;
};

}  // namespace escalon::http

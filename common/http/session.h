#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include "common/core/mutex.h"
#include "common/http/server.h"

namespace escalon::http {

class Session;

/// What a server's sessions share; Responders keep it (and so the io_context) alive.
struct ServerCore {
  ServerOptions options;
  Handler handler;
  runtime::Logger log;
  runtime::LogLimit refused_site{};
  boost::asio::io_context io;
  std::atomic<bool> stopping{false};
  std::vector<runtime::CounterRef> responses;  ///< by class, 1xx … 5xx; empty without metrics
  runtime::CounterRef refused = nullptr;
  runtime::GaugeRef open = nullptr;

  Mutex mutex;
  ConditionVariable emptied;
  std::unordered_set<Session*> sessions ABSL_GUARDED_BY(mutex);
};

/// One connection: idle → reading → answering → writing → idle …; every step runs in the socket's strand.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<ServerCore> core, boost::asio::ip::tcp::socket socket);
  ~Session();
  void Start();
  /// From any thread: ends it when idle, else after the request in flight.
  void Drain();
  /// From any thread: ends it now.
  void Cut();

 private:
  class Reply;
  enum class Phase { kIdle, kReading, kAnswering, kWriting, kLingering, kClosed };

  void Enter(Phase phase, DurationMs limit_ms);
  void OnTimeout();
  void AwaitRequest();
  void ReadHeader();
  void OnHeader(boost::system::error_code failure);
  void ReadBody();
  void OnReadFailure(boost::system::error_code failure);
  void Dispatch();
  void Refuse(int status, std::string_view title, std::string_view detail);
  void Answer(uint64_t number, Response response);
  void Write(Response response);
  void OnWritten(boost::system::error_code failure);
  void Linger();
  void Close();

  const std::shared_ptr<ServerCore> core_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  uint64_t timer_generation_ = 0;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
  Phase phase_ = Phase::kIdle;
  uint64_t number_ = 0;  ///< of the request that may be answered now
  bool head_ = false;
  bool keep_alive_ = false;
  bool timed_out_ = false;
  bool draining_ = false;
  size_t discarded_ = 0;
};

}  // namespace escalon::http

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/http/client.h"
#include "common/http/server.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/logging.h"

namespace escalon::load {

struct SinkOptions {
  uint16_t port = 0;                                      ///< 0: any free one
  double click_share = 0;                                 ///< of the pages that carry an acknowledgement link
  DurationMs click_least_ms = 500, click_most_ms = 5000;  ///< after the message came
  std::string links_base;                                 ///< only links that begin so are called
  uint64_t seed = 1;
};

/// Where the demonstration's webhooks end: counts messages by person and plays the people who tap "acknowledge" in some
/// of them. Thread-safe.
class Sink {
 public:
  struct Numbers {
    uint64_t received = 0, pages = 0, unreadable = 0;
    uint64_t clicked = 0, taken = 0, refused = 0;  ///< links called, and what came of it
    std::map<std::string, uint64_t> by_person;
  };

  /// `loop` runs and outlives the sink; `client` too.
  static Result<std::unique_ptr<Sink>> Start(SinkOptions options, runtime::EventLoop& loop, http::Client& client,
                                             runtime::Logger log);
  ~Sink();
  uint16_t port() const { return server_->port(); }
  Numbers Get() const;
  /// Calls no more links.
  void StopClicking();

 private:
  Sink(SinkOptions options, runtime::EventLoop& loop, http::Client& client);
  void Take(const http::Request& request);
  void ClickLater(const std::string& url);
  void Click(const std::string& url);

  /// What clicks that are still to come look at; outlives the sink.
  struct Shared {
    std::mutex mutex;
    Numbers numbers;
    std::mt19937_64 random;
    bool clicking = true;
  };

  const SinkOptions options_;
  runtime::EventLoop& loop_;
  http::Client& client_;
  const std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::unique_ptr<http::Server> server_;  ///< last: its thread calls this
};

}  // namespace escalon::load

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/backoff.h"
#include "common/core/result.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/logging.h"

struct redisContext;
struct redisReply;

namespace escalon::view {

/// One answer of Redis (RESP2), copied out of hiredis.
struct Reply {
  enum class Kind { kNil, kInteger, kString, kArray, kError };
  Kind kind = Kind::kNil;
  int64_t integer = 0;
  std::string text;  ///< of strings, statuses and errors
  std::vector<Reply> items;

  bool nil() const { return kind == Kind::kNil; }
  bool error() const { return kind == Kind::kError; }
};

struct RedisOptions {
  std::string host = "127.0.0.1";
  int port = 6379;
  std::string password;                   ///< empty: none
  DurationMs timeout_ms = 2 * kSecondMs;  ///< without any answer to what is under way: the connection is given up
  Backoff reconnect{50, 2 * kSecondMs};
};

/// One connection to Redis on an event loop: commands are pipelined and answered in order. Loop thread only. A lost
/// connection answers everything under way with kUnavailable (it may or may not have happened) and comes back by itself
/// with backoff.
class Redis {
 public:
  using OnReply = runtime::MoveFunction<void(Result<Reply>)>;

  Redis(runtime::EventLoop& loop, RedisOptions options, runtime::Logger logger);
  ~Redis();
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  /// Begins to connect. `on_change(connected)` is called at each change of state, after the callbacks of what was lost.
  void Start(std::function<void(bool connected)> on_change = {});
  bool connected() const { return connected_; }

  /// While not connected: answered at once with kUnavailable. Sent at the end of the loop's turn.
  void Send(const std::vector<std::string_view>& arguments, OnReply on_reply);
  /// EVALSHA of a script that was registered. When the server has forgotten it (SCRIPT FLUSH), it is taught again and
  /// this call is answered with kUnavailable: nothing happened, repeat it.
  void Eval(std::string_view script, const std::vector<std::string_view>& keys,
            const std::vector<std::string_view>& arguments, OnReply on_reply);
  /// `script` is a literal; loaded at each connect. Before Start.
  void Register(std::string_view script);
  size_t under_way() const { return waiting_.size(); }

 private:
  void Connect();
  void Connected();
  void Lose(const std::string& why);
  void ScheduleReconnect();
  void OnIo(uint32_t ready);
  void Flush();
  void ReadReplies();
  void Watchdog();
  void LoadScripts();

  runtime::EventLoop& loop_;
  const RedisOptions options_;
  const runtime::Logger logger_;
  std::function<void(bool)> on_change_;
  redisContext* context_ = nullptr;
  bool connected_ = false;
  bool connecting_ = false;
  bool writable_wanted_ = false;
  uint32_t watched_events_ = 0;
  int attempts_ = 0;
  std::deque<OnReply> waiting_;
  std::vector<std::pair<std::string_view, std::string>> scripts_;  ///< text and SHA-1
  int silent_ticks_ = 0;  ///< of the watchdog, since an answer or since nothing was asked
  runtime::EventLoop::TimerId reconnect_timer_ = 0, watchdog_timer_ = 0;
  runtime::EventLoop::HookId hook_ = 0;
};

}  // namespace escalon::view

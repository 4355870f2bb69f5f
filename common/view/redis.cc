#include "common/view/redis.h"

#include <hiredis/hiredis.h>
#include <openssl/sha.h>
#include <sys/socket.h>

#include <system_error>

#include "common/core/digest.h"
#include "common/core/random.h"

namespace escalon::view {
namespace {

Reply Copy(const redisReply& r) {
  Reply out;
  switch (r.type) {
    case REDIS_REPLY_INTEGER:
      out.kind = Reply::Kind::kInteger;
      out.integer = r.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      out.kind = Reply::Kind::kString;
      out.text.assign(r.str, r.len);
      break;
    case REDIS_REPLY_ERROR:
      out.kind = Reply::Kind::kError;
      out.text.assign(r.str, r.len);
      break;
    case REDIS_REPLY_ARRAY:
      out.kind = Reply::Kind::kArray;
      out.items.reserve(r.elements);
      for (size_t i = 0; i < r.elements; ++i) out.items.push_back(Copy(*r.element[i]));
      break;
    default:
      break;
  }
  return out;
}

/// Of half the timeout each: one has begun already when a question is asked.
constexpr int kSilentTicks = 2;

Error Away(const std::string& why) { return Error{ErrorCode::kUnavailable, "redis: " + why, {}, {}, 500}; }

}  // namespace

Redis::Redis(runtime::EventLoop& loop, RedisOptions options, runtime::Logger logger)
    : loop_(loop), options_(std::move(options)), logger_(std::move(logger)) {}

Redis::~Redis() {
  loop_.Cancel(reconnect_timer_);
  loop_.Cancel(watchdog_timer_);
  if (hook_ != 0) loop_.RemoveTurnEnd(hook_);
  if (context_ != nullptr) {
    loop_.Unwatch(context_->fd);
    redisFree(context_);
  }
}

void Redis::Start(std::function<void(bool)> on_change) {
  on_change_ = std::move(on_change);
  hook_ = loop_.OnTurnEnd([this] { Flush(); });
  Connect();
}

void Redis::Connect() {
  reconnect_timer_ = 0;
  context_ = redisConnectNonBlock(options_.host.c_str(), options_.port);
  if (context_ == nullptr || context_->err != 0) return Lose(context_ != nullptr ? context_->errstr : "out of memory");
  redisEnableKeepAlive(context_);
  connecting_ = true;
  silent_ticks_ = 0;
  watched_events_ = runtime::EventLoop::kWritable | runtime::EventLoop::kReadable;
  loop_.Watch(context_->fd, watched_events_, [this](uint32_t ready) { OnIo(ready); });
  watchdog_timer_ = loop_.After(options_.timeout_ms / 2, [this] { Watchdog(); });
}

void Redis::Connected() {
  connecting_ = false;
  // The first answers tell whether the server serves at all: a loading or protected one is not connected yet.
  const auto first = [this](Result<Reply> reply) {
    if (!reply.ok()) return;
    if (reply->error()) return Lose("refused: " + reply->text);
    connected_ = true;
    attempts_ = 0;
    logger_.Info("redis connected", {{"host", options_.host}, {"port", options_.port}});
    if (on_change_) on_change_(true);
  };
  const bool was = connected_;
  connected_ = true;  // so that Send takes them
  if (!options_.password.empty()) Send({"AUTH", options_.password}, [](Result<Reply>) {});
  LoadScripts();
  Send({"PING"}, first);
  connected_ = was;
}

void Redis::Watchdog() {
  watchdog_timer_ = 0;
  if (context_ == nullptr) return;
  const bool waits = connecting_ || !waiting_.empty();
  // Ticks, not time: while this thread was busy nothing was sent and no answer read, which is no silence of Redis.
  silent_ticks_ = waits ? silent_ticks_ + 1 : 0;
  if (silent_ticks_ > kSilentTicks) return Lose("no answer for " + FormatDuration(options_.timeout_ms));
  watchdog_timer_ = loop_.After(options_.timeout_ms / 2, [this] { Watchdog(); });
}

void Redis::Lose(const std::string& why) {
  const bool was = connected_;
  connected_ = connecting_ = writable_wanted_ = false;
  loop_.Cancel(watchdog_timer_);
  watchdog_timer_ = 0;
  if (context_ != nullptr) {
    loop_.Unwatch(context_->fd);
    redisFree(context_);
    context_ = nullptr;
  }
  if (was || attempts_ == 0)
    logger_.Warn("redis is away", {{"host", options_.host}, {"port", options_.port}, {"why", why}});
  std::deque<OnReply> lost;
  lost.swap(waiting_);
  for (OnReply& on_reply : lost) on_reply(Away(why));
  if (was && on_change_) on_change_(false);
  ScheduleReconnect();
}

void Redis::ScheduleReconnect() {
  if (reconnect_timer_ != 0) return;
  reconnect_timer_ = loop_.After(options_.reconnect.Delay(attempts_++, RandomBits()), [this] { Connect(); });
}

void Redis::OnIo(uint32_t ready) {
  if (connecting_ && (ready & runtime::EventLoop::kWritable) != 0) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(context_->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return Lose(std::generic_category().message(error));
    context_->flags |= REDIS_CONNECTED;
    Connected();
  }
  if (context_ != nullptr && (ready & runtime::EventLoop::kReadable) != 0 && !connecting_) ReadReplies();
  if (context_ != nullptr) Flush();
}

void Redis::ReadReplies() {
  if (redisBufferRead(context_) != REDIS_OK) return Lose(context_->errstr);
  silent_ticks_ = 0;
  void* raw = nullptr;
  while (context_ != nullptr) {
    if (redisGetReplyFromReader(context_, &raw) != REDIS_OK) return Lose(context_->errstr);
    if (raw == nullptr) return;
    Reply reply = Copy(*static_cast<redisReply*>(raw));
    freeReplyObject(raw);
    if (waiting_.empty()) return Lose("an answer to nothing");
    OnReply on_reply = std::move(waiting_.front());
    waiting_.pop_front();
    on_reply(std::move(reply));
  }
}

void Redis::Flush() {
  if (context_ == nullptr || connecting_) return;
  int done = 1;
  if (redisBufferWrite(context_, &done) != REDIS_OK) return Lose(context_->errstr);
  writable_wanted_ = done == 0;
  const uint32_t events = runtime::EventLoop::kReadable | (writable_wanted_ ? runtime::EventLoop::kWritable : 0u);
  if (events != watched_events_) loop_.SetEvents(context_->fd, watched_events_ = events);
}

void Redis::Send(const std::vector<std::string_view>& arguments, OnReply on_reply) {
  if (!connected_) return on_reply(Away("not connected"));
  std::vector<const char*> argv(arguments.size());
  std::vector<size_t> lengths(arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i) {
    argv[i] = arguments[i].data() != nullptr ? arguments[i].data() : "";
    lengths[i] = arguments[i].size();
  }
  if (waiting_.empty()) silent_ticks_ = 0;
  redisAppendCommandArgv(context_, static_cast<int>(argv.size()), argv.data(), lengths.data());
  waiting_.push_back(std::move(on_reply));
}

void Redis::Register(std::string_view script) {
  uint8_t digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const uint8_t*>(script.data()), script.size(), digest);  // Redis names scripts by SHA-1
  scripts_.emplace_back(script, ToHex({reinterpret_cast<const char*>(digest), sizeof digest}));
}

void Redis::LoadScripts() {
  for (const auto& [text, sha] : scripts_) Send({"SCRIPT", "LOAD", text}, [](Result<Reply>) {});
}

void Redis::Eval(std::string_view script, const std::vector<std::string_view>& keys,
                 const std::vector<std::string_view>& arguments, OnReply on_reply) {
  const std::string count = std::to_string(keys.size());
  std::vector<std::string_view> words;
  words.reserve(3 + keys.size() + arguments.size());
  words.push_back("EVALSHA");
  for (const auto& [text, sha] : scripts_) {
    if (text.data() == script.data()) words.push_back(sha);
  }
  words.push_back(count);
  words.insert(words.end(), keys.begin(), keys.end());
  words.insert(words.end(), arguments.begin(), arguments.end());
  Send(words, [this, done = std::move(on_reply)](Result<Reply> reply) mutable {
    if (reply.ok() && reply->error() && reply->text.starts_with("NOSCRIPT")) {
      LoadScripts();
      return done(Away("the server had forgotten the script"));
    }
    done(std::move(reply));
  });
}

}  // namespace escalon::view

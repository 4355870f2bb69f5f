#include "tests/support/redis_server.h"

#include <hiredis/hiredis.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>

#include "tests/support/free_port.h"

namespace escalon::test {
namespace {

struct RedisFree {
  void operator()(redisContext* c) const { redisFree(c); }
  void operator()(redisReply* r) const { freeReplyObject(r); }
};

std::string TextOf(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      return std::to_string(reply.integer);
    case REDIS_REPLY_NIL:
      return "(nil)";
    case REDIS_REPLY_ARRAY: {
      std::string lines;
      for (size_t i = 0; i < reply.elements; ++i) lines += (i ? "\n" : "") + TextOf(*reply.element[i]);
      return lines;
    }
    default:
      return {reply.str, reply.len};
  }
}

}  // namespace

Result<std::unique_ptr<RedisServer>> RedisServer::Start(Options options) {
  std::unique_ptr<RedisServer> redis(new RedisServer);
  redis->options_ = std::move(options);
  const std::string pid_file = redis->dir() + "/pid";
  redis->guardian_ = std::make_unique<Guardian>("test -s '" + pid_file + "' && kill -9 $(cat '" + pid_file + "')");
  for (int attempt = 0; attempt < 5; ++attempt) {  // a port can be taken between the look and the bind
    redis->port_ = FreePort();
    if (Status s = redis->Launch(); s) return redis;
  }
  std::ifstream log(redis->dir() + "/log");
  return Error{ErrorCode::kInternal,
               "redis-server does not start: " + std::string(std::istreambuf_iterator<char>(log), {})};
}

RedisServer::~RedisServer() { (void)End(SIGKILL).ok(); }

Status RedisServer::Launch() {
  std::vector<std::string> argv{"redis-server",
                                "--bind",
                                "127.0.0.1",
                                "--port",
                                std::to_string(port_),
                                "--dir",
                                dir(),
                                "--save",
                                "",
                                "--maxmemory-policy",
                                "noeviction",
                                "--appendonly",
                                options_.append_only ? "yes" : "no",
                                "--daemonize",
                                "no"};
  if (!options_.password.empty()) argv.insert(argv.end(), {"--requirepass", options_.password});
  argv.insert(argv.end(), options_.extra.begin(), options_.extra.end());
  const Result<pid_t> pid = Spawn(argv, {}, dir() + "/log");
  if (!pid) return pid.error();
  pid_ = *pid;
  std::ofstream(dir() + "/pid") << pid_;
  for (int i = 0; i < 1000; ++i) {
    const Result<std::string> pong = Command({"PING"});  // an error while it loads its file
    if (pong && *pong == "PONG") return {};
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return Error{ErrorCode::kUnavailable, "redis-server ended at once"};
    }
    poll(nullptr, 0, 10);  // nothing announces that a port is open
  }
  return Error{ErrorCode::kUnavailable, "redis-server does not answer PING"};
}

Status RedisServer::End(int signal) {
  if (pid_ <= 0) return {};
  kill(pid_, SIGCONT);
  kill(pid_, signal);
  WaitFor(pid_);
  pid_ = -1;
  std::ofstream(dir() + "/pid").close();
  return {};
}

Status RedisServer::Stop() { return End(SIGTERM); }
Status RedisServer::Kill9() { return End(SIGKILL); }

Status RedisServer::StartAgain() {
  if (Status s = End(SIGTERM); !s) return s;
  return Launch();
}

Status RedisServer::Pause() {
  if (pid_ > 0 && kill(pid_, SIGSTOP) == 0) return {};
  return Error{ErrorCode::kNotFound, "redis-server does not run"};
}

Status RedisServer::Resume() {
  if (pid_ > 0 && kill(pid_, SIGCONT) == 0) return {};
  return Error{ErrorCode::kNotFound, "redis-server does not run"};
}

Status RedisServer::FlushAll() {
  const Result<std::string> ok = Command({"FLUSHALL"});
  return ok ? Status() : Status(ok.error());
}

Result<std::string> RedisServer::Command(const std::vector<std::string>& words) {
  const timeval patience{5, 0};
  const std::unique_ptr<redisContext, RedisFree> context(redisConnectWithTimeout("127.0.0.1", port_, patience));
  if (!context || context->err) return Error{ErrorCode::kUnavailable, context ? context->errstr : "no memory"};
  redisSetTimeout(context.get(), patience);
  if (!options_.password.empty()) {
    const std::unique_ptr<redisReply, RedisFree> in(
        static_cast<redisReply*>(redisCommand(context.get(), "AUTH %s", options_.password.c_str())));
  }
  std::vector<const char*> texts;
  std::vector<size_t> sizes;
  for (const std::string& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  const std::unique_ptr<redisReply, RedisFree> reply(static_cast<redisReply*>(
      redisCommandArgv(context.get(), static_cast<int>(words.size()), texts.data(), sizes.data())));
  if (!reply) return Error{ErrorCode::kUnavailable, context->errstr};
  if (reply->type == REDIS_REPLY_ERROR) return Error{ErrorCode::kInternal, std::string(reply->str, reply->len)};
  return TextOf(*reply);
}

}  // namespace escalon::test

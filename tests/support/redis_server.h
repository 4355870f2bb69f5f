#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/core/result.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace escalon::test {

/// A real redis-server on its own loopback port and folder, `noeviction`. Gone with the object, or with the test
/// process. Thread rule: one thread.
class RedisServer {
 public:
  struct Options {
    bool append_only = false;             ///< AOF with `appendfsync everysec`; else nothing is kept
    std::string password = {};            ///< demanded of everybody; empty: none
    std::vector<std::string> extra = {};  ///< further arguments, e.g. `--maxmemory`, `8mb`
  };
  /// Returns when it answers PING.
  static Result<std::unique_ptr<RedisServer>> Start(Options options);
  static Result<std::unique_ptr<RedisServer>> Start() { return Start(Options()); }
  ~RedisServer();

  uint16_t port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  const std::string& dir() const { return dir_.path(); }

  Status Stop();        ///< SIGTERM, waits
  Status Kill9();       ///< waits until it is gone
  Status StartAgain();  ///< same port, same folder; with AOF, the same data
  Status Pause();       ///< SIGSTOP
  Status Resume();
  Status FlushAll();
  /// Any command; the reply as text (integers, strings, "OK", "(nil)"; arrays one element a line).
  Result<std::string> Command(const std::vector<std::string>& words);

 private:
  RedisServer() = default;
  Status Launch();
  Status End(int signal);
  Options options_;
  TempDir dir_;
  uint16_t port_ = 0;
  pid_t pid_ = -1;
  std::unique_ptr<Guardian> guardian_;
};

}  // namespace escalon::test

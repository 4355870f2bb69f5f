#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "common/core/result.h"
#include "tests/support/event_waiter.h"

namespace grpc {
class Channel;
}

namespace escalon::test {

/// One process of a service, with its configuration, ports and log; the same ports and log through all its restarts.
/// Thread rule: one thread, but channel(), which any may use.
class Node {
 public:
  /// `dir` is the cluster's: the configuration, the log and the pid are written there.
  Node(std::string name, std::string service, std::string dir, std::map<std::string, std::string> settings,
       std::map<std::string, std::string> env);
  ~Node();  ///< kill -9
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  Status Start();  ///< spawns; does not wait
  /// The folder of the program, from its next start on; empty, as at first: that of this build.
  void RunFrom(std::string folder) { programs_ = std::move(folder); }
  /// Waits until gRPC's health says SERVING; an error when the process ends or the time is over, with the end of its
  /// log.
  Status WaitReady(std::chrono::milliseconds limit);
  Status Kill9();   ///< waits until it is gone
  Status Pause();   ///< SIGSTOP
  Status Resume();  ///< SIGCONT
  /// SIGTERM; waits; the exit status, or an error after `limit` (then it is killed).
  Result<int> Terminate(std::chrono::milliseconds limit);

  const std::string& name() const { return name_; }
  bool running();
  pid_t pid() const { return pid_; }
  uint16_t grpc_port() const { return grpc_port_; }
  uint16_t http_port() const { return http_port_; }
  uint16_t admin_port() const { return admin_port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(grpc_port_); }
  std::map<std::string, std::string>& settings() { return settings_; }
  /// What it logged so far; at most the last `most` bytes.
  std::string Log(size_t most = 1 << 20) const;
  /// A channel of our own to its gRPC port, with its own certificate when it has one.
  std::shared_ptr<grpc::Channel> channel() const;
  /// Of /metrics: the sum of all series of that name whose line contains `labels`. 0 when there is none.
  Result<double> Metric(const std::string& name, const std::string& labels = {}) const;
  /// Until its log of this start says so.
  bool AwaitLog(const std::string& text, std::chrono::milliseconds limit = kPatience) const;
  /// Until that sum is at least so much; an error after the patience.
  Status AwaitMetric(const std::string& name, double least, const std::string& labels = {},
                     std::chrono::milliseconds limit = kPatience) const;
  /// Until that sum is so; an error, with the sum, after the patience.
  Status AwaitMetric(const std::string& name, const std::function<bool(double)>& holds, const std::string& labels = {},
                     std::chrono::milliseconds limit = kPatience) const;
  Result<std::string> Admin(const std::string& path) const;  ///< body of a GET, whatever the status

 private:
  Status Signal(int signal);
  void Forget();
  const std::string name_, service_, dir_;
  std::string programs_;
  std::map<std::string, std::string> settings_;
  const std::map<std::string, std::string> env_;
  const uint16_t grpc_port_, http_port_, admin_port_;
  pid_t pid_ = -1;
  size_t log_begin_ = 0;  ///< of the present start
  bool paused_ = false;
};

}  // namespace escalon::test

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/result.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"

namespace escalon::e2e {

inline constexpr char kTenant[] = "acme";
inline constexpr char kOtherTenant[] = "globex";

struct ClusterOptions {
  int shards = 8;
  int routing_instances = 1;
  std::vector<std::string> services = {"intake", "triage", "routing", "notification", "sla-timer"};
  std::string policy = "deploy/policies/shop.yaml";  ///< below the source tree
  std::string roster = "deploy/policies/shop-roster.yaml";
  /// Put in place of `http://127.0.0.1:8099` in the roster: where a test's webhook sink listens.
  std::string sink;
  std::map<std::string, std::string> environment;  ///< of every service: ESCALON_… options
  test::RedisServer::Options redis = {.append_only = true, .extra = {}};
};

/// A whole Escalon as real processes: its own topics on the given Kafka, its own Redis, free ports, secrets of its own.
/// Rules are applied when intake runs. Gone with the object; the services' logs are printed when a test has failed.
/// Thread rule: one thread.
class Cluster {
 public:
  static Result<std::unique_ptr<Cluster>> Start(const std::string& kafka, ClusterOptions options = {});
  ~Cluster();

  /// `name` is a service, or `routing-1` for its second instance.
  Status Launch(const std::string& name);
  Status WaitReady(const std::string& name);
  Status Kill9(const std::string& name);
  Status Terminate(const std::string& name);  ///< SIGTERM; fails unless it exits with 0
  Status Pause(const std::string& name);
  Status Resume(const std::string& name);
  bool Runs(const std::string& name) const { return processes_.contains(name); }
  /// Of the service's /metrics: the sum over all label sets of the name; with `labels` (`outcome="done"`) only those
  /// that have them all.
  double Metric(const std::string& name, const std::string& metric, const std::string& labels = {}) const;

  const std::string& kafka() const { return kafka_; }
  const std::string& prefix() const { return prefix_; }
  int shards() const { return options_.shards; }
  test::RedisServer& redis() { return *redis_; }
  std::string Redis() const { return redis_->address(); }
  std::string grpc() const { return "127.0.0.1:" + std::to_string(Port("intake", "grpc")); }
  std::string http() const { return "127.0.0.1:" + std::to_string(Port("intake", "http")); }
  std::vector<std::string> routing() const;
  /// An API key (`escalon_…`) of the tenant with the role; `service` has all tenants.
  const std::string& Key(const std::string& role, const std::string& tenant = kTenant) const;
  std::string Log(const std::string& name) const;
  const std::string& dir() const { return dir_.path(); }

 private:
  Cluster() = default;
  Status Prepare(const std::string& kafka, ClusterOptions options);
  Status WriteSecrets();
  Status ApplyRules();
  uint16_t Port(const std::string& name, const std::string& kind) const;
  std::map<std::string, std::string> EnvironmentOf(const std::string& name) const;
  std::vector<std::string> Instances() const;

  ClusterOptions options_;
  std::string kafka_, prefix_;
  test::TempDir dir_;
  std::unique_ptr<test::RedisServer> redis_;
  std::map<std::string, uint16_t> ports_;    ///< by `name/kind`
  std::map<std::string, std::string> keys_;  ///< by `tenant/role`
  std::map<std::string, pid_t> processes_;
  std::map<std::string, std::unique_ptr<test::Guardian>> guardians_;
};

/// A call of the HTTP API: status and body. `key` empty: none.
struct HttpAnswer {
  int status = 0;
  std::string body;
};
Result<HttpAnswer> HttpCall(const std::string& method, const std::string& address, const std::string& path,
                            const std::string& key, const std::string& body = {},
                            const std::map<std::string, std::string>& headers = {});

}  // namespace escalon::e2e

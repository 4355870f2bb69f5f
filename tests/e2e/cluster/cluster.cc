#include "tests/e2e/cluster/cluster.h"

#include <curl/curl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "common/log/manifest.h"
#include "common/log/topics.h"
#include "common/security/credentials.h"
#include "common/security/secret.h"
#include "tests/support/free_port.h"
#include "tests/support/kafka_broker.h"

namespace escalon::e2e {
namespace {

constexpr int kKafkaTimeoutMs = 30'000;
constexpr std::chrono::seconds kReadyWithin{60};

std::string Slurp(const std::string& path) {
  std::ifstream in(path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

Status Write(const std::string& path, const std::string& text) {
  std::ofstream out(path);
  out << text;
  out.close();
  if (!out.good() || chmod(path.c_str(), 0600) != 0) return Error{ErrorCode::kInternal, path + " cannot be written"};
  return {};
}

std::string ServiceOf(const std::string& name) { return name.starts_with("routing") ? "routing" : name; }

size_t Collect(char* data, size_t size, size_t count, void* into) {
  static_cast<std::string*>(into)->append(data, size * count);
  return size * count;
}

}  // namespace

Result<HttpAnswer> HttpCall(const std::string& method, const std::string& address, const std::string& path,
                            const std::string& key, const std::string& body,
                            const std::map<std::string, std::string>& headers) {
  CURL* curl = curl_easy_init();
  HttpAnswer answer;
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  if (!key.empty()) list = curl_slist_append(list, ("Authorization: Bearer " + key).c_str());
  if (!headers.contains("Content-Type")) list = curl_slist_append(list, "Content-Type: application/json");
  for (const auto& [name, value] : headers) list = curl_slist_append(list, (name + ": " + value).c_str());
  const std::string url = "http://" + address + path;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
  if (method != "GET") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  }
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  const CURLcode code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(list);
  curl_easy_cleanup(curl);
  // A server that refuses a body may close before it has read it: the answer counts.
  if (code != CURLE_OK && status == 0) return Error{ErrorCode::kUnavailable, url + ": " + curl_easy_strerror(code)};
  answer.status = static_cast<int>(status);
  return answer;
}

Result<std::unique_ptr<Cluster>> Cluster::Start(const std::string& kafka, ClusterOptions options) {
  std::unique_ptr<Cluster> cluster(new Cluster());
  const Status prepared = cluster->Prepare(kafka, std::move(options));
  if (!prepared.ok()) return prepared.error();
  for (const std::string& name : cluster->Instances()) {
    if (const Status launched = cluster->Launch(name); !launched.ok()) return launched.error();
  }
  for (const std::string& name : cluster->Instances()) {
    if (const Status ready = cluster->WaitReady(name); !ready.ok()) return ready.error();
  }
  if (cluster->Runs("intake")) {
    if (const Status applied = cluster->ApplyRules(); !applied.ok()) return applied.error();
  }
  return cluster;
}

std::vector<std::string> Cluster::Instances() const {
  std::vector<std::string> out;
  for (const std::string& service : options_.services) {
    out.push_back(service);
    if (service != "routing") continue;
    for (int i = 1; i < options_.routing_instances; ++i) out.push_back("routing-" + std::to_string(i));
  }
  return out;
}

Status Cluster::Prepare(const std::string& kafka, ClusterOptions options) {
  options_ = std::move(options);
  kafka_ = kafka;
  prefix_ = test::FreshPrefix();
  auto redis = test::RedisServer::Start(options_.redis);
  if (!redis.ok()) return redis.error();
  redis_ = std::move(*redis);
  const log::KafkaConfig config{.brokers = kafka, .client_id = "test", .extra = {}, .on_log = {}};
  log::TopicPlan plan;
  plan.prefix = prefix_;
  plan.shards = options_.shards;
  const auto topics = log::TopicCatalogue(plan);
  if (!topics.ok()) return topics.error();
  const auto created = log::CreateTopics(config, *topics, kKafkaTimeoutMs);
  if (!created.ok()) return created.error();
  log::Manifest manifest;
  manifest.shards = options_.shards;
  manifest.case_topic = log::TopicNames(prefix_).cases;
  manifest.dev = true;
  const auto written = log::WriteManifestOnce(config, log::TopicNames(prefix_).cluster, manifest, kKafkaTimeoutMs);
  if (!written.ok()) return written.error();
  for (const std::string& name : Instances()) {
    for (const char* kind : {"grpc", "admin", "http"}) ports_[name + "/" + kind] = test::FreePort();
  }
  return WriteSecrets();
}

Status Cluster::WriteSecrets() {
  std::string file = "version: 1\ncredentials:\n";
  const auto add = [&](const std::string& tenant, const std::string& subject, const std::vector<std::string>& roles,
                       const std::string& name) -> Status {
    const auto principal = MakePrincipal("principal", tenant, subject, roles);
    if (!principal.ok()) return principal.error();
    const NewKey key = NewApiKey();
    file += FormatCredential(key, *principal);
    keys_[tenant + "/" + name] = key.token;
    return {};
  };
  for (const char* tenant : {kTenant, kOtherTenant}) {
    for (const char* role :
         {"reader", "requester", "agent", "approver", "manager", "integrator", "operator", "auditor"}) {
      if (const Status added = add(tenant, role, {role}, role); !added.ok()) return added;
    }
  }
  if (const Status added = add("*", "services", {"service", "operator"}, "service"); !added.ok()) return added;
  if (const Status written = Write(dir() + "/credentials.yaml", file); !written.ok()) return written;
  for (const char* ring : {"links", "sealing"}) {
    if (const Status written = Write(dir() + "/" + ring + ".keys", NewKeyRingLine("k1")); !written.ok()) return written;
  }
  return {};
}

std::map<std::string, std::string> Cluster::EnvironmentOf(const std::string& name) const {
  const auto at = [&](const std::string& service, const std::string& kind) {
    return "127.0.0.1:" + std::to_string(Port(service, kind));
  };
  std::string owners;
  for (const std::string& address : routing()) owners += (owners.empty() ? "" : ",") + address;
  std::map<std::string, std::string> out = {
      {"ESCALON_INSTANCE", name},
      {"ESCALON_KAFKA_BROKERS", kafka_},
      {"ESCALON_KAFKA_PREFIX", prefix_},
      {"ESCALON_KAFKA_SESSION_TIMEOUT_MS", "3000"},
      {"ESCALON_CLUSTER_SHARDS", std::to_string(options_.shards)},
      {"ESCALON_REDIS_PORT", std::to_string(redis_->port())},
      {"ESCALON_REDIS_TIMEOUT", "1s"},
      {"ESCALON_CREDENTIALS_FILE", dir() + "/credentials.yaml"},
      {"ESCALON_SERVICE_KEY", Key("service", "*")},
      {"ESCALON_ADMIN_LISTEN", at(name, "admin")},
      {"ESCALON_GRPC_LISTEN", at(name, "grpc")},
  };
  const std::string service = ServiceOf(name);
  if (service == "routing") {
    out["ESCALON_ROUTING_PEERS"] = owners;
  } else {
    out["ESCALON_ROUTING_ADDRESSES"] = owners;
  }
  if (service == "intake" || service == "notification") {
    out["ESCALON_LINKS_KEY_FILE"] = dir() + "/links.keys";
    out["ESCALON_SEALING_KEY_FILE"] = dir() + "/sealing.keys";
  }
  if (service == "intake") {
    out["ESCALON_HTTP_LISTEN"] = at(name, "http");
    for (const auto& [option, other] : {std::pair{"ESCALON_TRIAGE_ADDRESS", "triage"},
                                        {"ESCALON_NOTIFICATION_ADDRESS", "notification"},
                                        {"ESCALON_SLA_TIMER_ADDRESS", "sla-timer"}}) {
      if (ports_.contains(std::string(other) + "/grpc")) out[option] = at(other, "grpc");
    }
  }
  if (service == "notification") {
    out["ESCALON_WEBHOOK_ALLOW"] = "127.0.0.0/8";
    if (ports_.contains("intake/http")) out["ESCALON_LINKS_BASE_URL"] = "http://" + at("intake", "http");
  }
  for (const auto& [option, value] : options_.environment) out[option] = value;
  return out;
}

Status Cluster::Launch(const std::string& name) {
  const auto spawned = test::Spawn({std::string(ESCALON_BINARY_DIR) + "/escalon-" + ServiceOf(name)},
                                   EnvironmentOf(name), dir() + "/" + name + ".log");
  if (!spawned.ok()) return spawned.error();
  processes_[name] = *spawned;
  guardians_[name] = std::make_unique<test::Guardian>("kill -9 " + std::to_string(*spawned) + " 2>/dev/null");
  return {};
}

Status Cluster::WaitReady(const std::string& name) {
  const auto until = std::chrono::steady_clock::now() + kReadyWithin;
  std::string last = "nothing listens";
  while (std::chrono::steady_clock::now() < until) {
    const auto answer = HttpCall("GET", "127.0.0.1:" + std::to_string(Port(name, "admin")), "/readyz", {});
    if (answer.ok() && answer->status == 200) return {};
    if (answer.ok()) last = answer->body;
    if (kill(processes_.at(name), 0) != 0) return Error{ErrorCode::kInternal, name + " died:\n" + Log(name)};
    std::this_thread::sleep_for(
        std::chrono::milliseconds(20));  // asks another process, which tells nobody when it is ready
  }
  return Error{ErrorCode::kDeadlineExceeded, name + " is not ready: " + last + "\n" + Log(name)};
}

Status Cluster::Kill9(const std::string& name) {
  kill(processes_.at(name), SIGKILL);
  test::WaitFor(processes_.at(name));
  guardians_.erase(name);
  processes_.erase(name);
  return {};
}

Status Cluster::Terminate(const std::string& name) {
  kill(processes_.at(name), SIGTERM);
  const int status = test::WaitFor(processes_.at(name));
  guardians_.erase(name);
  processes_.erase(name);
  if (status != 0)
    return Error{ErrorCode::kInternal, name + " ended with " + std::to_string(status) + ":\n" + Log(name)};
  return {};
}

Status Cluster::Pause(const std::string& name) {
  if (kill(processes_.at(name), SIGSTOP) != 0) return Error{ErrorCode::kInternal, "no such process: " + name};
  return {};
}

Status Cluster::Resume(const std::string& name) {
  if (kill(processes_.at(name), SIGCONT) != 0) return Error{ErrorCode::kInternal, "no such process: " + name};
  return {};
}

Status Cluster::ApplyRules() {
  std::string roster = Slurp(std::string(ESCALON_SOURCE_DIR) + "/" + options_.roster);
  const std::string placeholder = "http://127.0.0.1:8099";
  if (!options_.sink.empty()) {
    for (size_t at = roster.find(placeholder); at != std::string::npos; at = roster.find(placeholder, at + 1)) {
      roster.replace(at, placeholder.size(), options_.sink);
    }
  }
  for (const auto& [path, yaml] : {std::pair{"/v1/roster", roster},
                                   {"/v1/policies", Slurp(std::string(ESCALON_SOURCE_DIR) + "/" + options_.policy)}}) {
    const auto answer =
        HttpCall("POST", http(), path, Key("manager"), nlohmann::json{{"yaml", yaml}, {"comment", "test"}}.dump());
    if (!answer.ok()) return answer.error();
    if (answer->status != 200)
      return Error{ErrorCode::kInternal,
                   std::string(path) + ": " + std::to_string(answer->status) + " " + answer->body};
  }
  return {};
}

uint16_t Cluster::Port(const std::string& name, const std::string& kind) const { return ports_.at(name + "/" + kind); }

std::vector<std::string> Cluster::routing() const {
  std::vector<std::string> out;
  for (const std::string& name : Instances()) {
    if (ServiceOf(name) == "routing") out.push_back("127.0.0.1:" + std::to_string(Port(name, "grpc")));
  }
  return out;
}

const std::string& Cluster::Key(const std::string& role, const std::string& tenant) const {
  return keys_.at(tenant + "/" + role);
}

std::string Cluster::Log(const std::string& name) const { return Slurp(dir() + "/" + name + ".log"); }

double Cluster::Metric(const std::string& name, const std::string& metric, const std::string& labels) const {
  const auto answer = HttpCall("GET", "127.0.0.1:" + std::to_string(Port(name, "admin")), "/metrics", {});
  if (!answer.ok()) return -1;
  std::istringstream lines(answer->body);
  std::string line;
  double sum = 0;
  while (std::getline(lines, line)) {
    if (!line.starts_with(metric) || (line[metric.size()] != '{' && line[metric.size()] != ' ')) continue;
    if (!labels.empty() && line.find(labels) == std::string::npos) continue;
    sum += std::strtod(line.c_str() + line.rfind(' '), nullptr);
  }
  return sum;
}

Cluster::~Cluster() {
  if (::testing::Test::HasFailure()) {
    for (const auto& [name, pid] : processes_) {
      const std::string log = Log(name);
      std::fprintf(stderr, "---- %s\n%s\n", name.c_str(),
                   log.substr(log.size() > 4000 ? log.size() - 4000 : 0).c_str());
    }
  }
  for (const auto& [name, pid] : processes_) {
    kill(pid, SIGCONT);
    kill(pid, SIGKILL);
    test::WaitFor(pid);
  }
}

}  // namespace escalon::e2e

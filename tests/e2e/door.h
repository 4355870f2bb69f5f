#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/http/server.h"
#include "tests/e2e/cluster/cluster.h"
#include "tests/support/event_waiter.h"

namespace escalon::e2e {

using nlohmann::json;

/// A message as it came to a person's webhook.
struct Message {
  std::string person;  ///< last part of the path
  json body;
  std::string id, signature;
};

/// Takes webhooks and remembers them; a real HTTP server.
class Sink {
 public:
  Sink();
  std::string address() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  /// The first message that satisfies; fails the test after the patience of tests.
  Message Await(const std::function<bool(const Message&)>& wanted);
  std::vector<Message> All();
  /// What the next requests are answered with (default 204).
  void Answer(int status);

 private:
  test::EventWaiter<std::vector<Message>> messages_;
  std::atomic<int> status_{204};
  std::unique_ptr<http::Server> server_;
};

/// A client of the HTTP API with one key.
class Door {
 public:
  Door(const e2e::Cluster& cluster, std::string key) : address_(cluster.http()), key_(std::move(key)) {}
  e2e::HttpAnswer Post(const std::string& path, const json& body);
  e2e::HttpAnswer PostRaw(const std::string& path, const std::string& body);
  e2e::HttpAnswer Get(const std::string& path);
  /// The case's id; fails the test when it was not taken.
  std::string Submit(const json& submission);
  json Case(const std::string& id);
  e2e::HttpAnswer Command(const std::string& id, const json& command);
  /// Reads the case until it satisfies; fails the test after the patience of tests.
  json AwaitCase(const std::string& id, const std::function<bool(const json&)>& wanted,
                 std::chrono::seconds patience = std::chrono::seconds(30));

 private:
  const std::string address_, key_;
};

json Incident(const std::string& key, const std::string& impact = "GRADE_MEDIUM",
              const std::string& urgency = "GRADE_MEDIUM");

}  // namespace escalon::e2e

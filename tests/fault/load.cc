#include "tests/fault/load.h"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

namespace escalon::fault {
namespace {

using nlohmann::json;
constexpr std::chrono::seconds kPatience{60};

json Submission(const std::string& key) {
  return {{"kind", "incident"},       {"title", "disk " + key + " is full"},
          {"source", "fault-test"},   {"idempotency_key", key},
          {"impact", "GRADE_MEDIUM"}, {"urgency", "GRADE_LOW"}};
}

bool MayRepeat(int status) { return status == 0 || status == 429 || status >= 500; }

}  // namespace

Load::Load(const e2e::Cluster& cluster, int callers) : cluster_(cluster), key_(cluster.Key("integrator")) {
  for (int i = 0; i < callers; ++i) callers_.emplace_back([this, i] { Call(i); });
}

Load::~Load() { Stop(); }

void Load::Stop() {
  stop_ = true;
  for (std::thread& caller : callers_) {
    if (caller.joinable()) caller.join();
  }
}

void Load::Call(int caller) {
  for (int n = 0; !stop_; ++n) {
    const std::string key = "c" + std::to_string(caller) + "-" + std::to_string(n);
    const auto give_up = std::chrono::steady_clock::now() + 2 * kPatience;
    while (true) {
      const auto answer = e2e::HttpCall("POST", cluster_.http(), "/v1/cases", key_, Submission(key).dump());
      if (answer.ok() && (answer->status == 200 || answer->status == 201)) {
        const json body = json::parse(answer->body, nullptr, false);
        const std::lock_guard lock(mutex_);
        answered_[key] = body.value("case_id", "");
        break;
      }
      if (answer.ok() && !MayRepeat(answer->status)) {
        ADD_FAILURE() << key << ": " << answer->status << " " << answer->body;
        break;
      }
      ++refusals_;
      if (std::chrono::steady_clock::now() > give_up) {
        ADD_FAILURE() << key << " was never taken: " << (answer.ok() ? answer->body : answer.error().message);
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));  // a client's pause before it repeats
    }
  }
}

size_t Load::accepted() const {
  const std::lock_guard lock(mutex_);
  return answered_.size();
}

std::map<std::string, std::string> Load::Answered() const {
  const std::lock_guard lock(mutex_);
  return answered_;
}

void Load::AwaitAccepted(size_t count) {
  size_t last = accepted();
  auto moved = std::chrono::steady_clock::now();
  while (accepted() < count) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));  // watches callers in other threads
    if (accepted() != last) {
      last = accepted();
      moved = std::chrono::steady_clock::now();
    }
    ASSERT_LT(std::chrono::steady_clock::now() - moved, kPatience)
        << "nothing was accepted for a minute; so far " << last;
  }
}

void Judge(const e2e::Cluster& cluster, const Load& load) {
  const std::map<std::string, std::string> answered = load.Answered();
  ASSERT_FALSE(answered.empty());
  std::set<std::string> ids;
  for (const auto& [key, id] : answered) ids.insert(id);
  EXPECT_EQ(ids.size(), answered.size()) << "two submissions were answered with one case";

  // A repeat of what was answered is the same case: neither lost nor double.
  int asked = 0;
  for (const auto& [key, id] : answered) {
    if (++asked % 7 != 0 && asked > 50) continue;
    const auto answer =
        e2e::HttpCall("POST", cluster.http(), "/v1/cases", cluster.Key("integrator"), Submission(key).dump());
    ASSERT_TRUE(answer.ok() && (answer->status == 200 || answer->status == 201))
        << (answer.ok() ? answer->body : answer.error().message);
    EXPECT_EQ(json::parse(answer->body).value("case_id", ""), id) << key << " has two cases";
  }

  // Everything was told to move on: no case is left without an owner.
  const auto until = std::chrono::steady_clock::now() + kPatience;
  for (const auto& [key, id] : answered) {
    while (true) {
      const auto answer = e2e::HttpCall("GET", cluster.http(), "/v1/cases/" + id, cluster.Key("reader"));
      const json body = answer.ok() ? json::parse(answer->body, nullptr, false) : json();
      const json c = body.is_object() && body.contains("case") ? body["case"] : body;
      if (answer.ok() && answer->status == 200 && c.is_object() && c.value("state", "") != "CASE_STATE_NEW") break;
      if (std::chrono::steady_clock::now() > until) {
        ADD_FAILURE() << id << " was lost or never triaged: " << (answer.ok() ? answer->body : answer.error().message);
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the API of another process
    }
  }

  const auto report =
      test::RunCommand({std::string(ESCALON_BINARY_DIR) + "/escalonctl", "verify", "--kafka", cluster.kafka(),
                        "--prefix", cluster.prefix(), "--redis", cluster.Redis(), "--output", "json"});
  EXPECT_TRUE(report.ok()) << "verify: " << (report.ok() ? "" : report.error().message);
  if (report.ok()) {
    std::printf("%zu accepted, %zu refusals on the way\n", answered.size(), load.refusals());
  }
}

}  // namespace escalon::fault

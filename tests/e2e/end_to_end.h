#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/support/cluster/cluster.h"
#include "tests/support/cluster/deliveries.h"
#include "tests/support/cluster/door.h"
#include "tests/support/cluster/sink.h"

namespace escalon::test {

/// One Escalon with all five services and a webhook sink, shared by the tests of the binary. P1 climbs after a second,
/// others stay.
class EndToEnd : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    sink_ = std::make_unique<Sink>();
    ClusterOptions options;
    options.services = {"intake", "triage", "sla-timer", "notification"};
    options.policy = TestPolicy({.step = "{P1: 1s, default: 10m}"});
    options.roster = TestRoster(sink_->port());
    // Strangers knock at every door, more often than anybody is heard.
    options.settings["intake"] = {{"limits.auth_failures", "100000"}};
    options.settings["notification"] = {{"breaker.failures", "1000"}, {"send.page_backoff", "300ms"}};
    auto started = Cluster::Start(std::move(options));
    ASSERT_TRUE(started.ok()) << started.error().message;
    cluster_ = std::move(*started);
  }
  static void TearDownTestSuite() {
    cluster_.reset();
    sink_.reset();
  }
  void SetUp() override { ASSERT_NE(cluster_, nullptr); }

  static Cluster& cluster() { return *cluster_; }
  static Sink& sink() { return *sink_; }
  static std::string Fresh(const std::string& name) { return name + "-" + std::to_string(++number_); }
  /// Waits until the case is so in the log.
  static std::shared_ptr<const Case> Await(const std::string& id, const std::function<bool(const Case&)>& holds) {
    auto c = cluster().log().Wait(IdOf(id), holds);
    EXPECT_NE(c, nullptr) << "the case never came that far";
    return c != nullptr ? c : std::make_shared<const Case>();
  }
  static std::shared_ptr<const Case> AwaitState(const std::string& id, CaseState state) {
    return Await(id, [state](const Case& c) { return c.state == state; });
  }

  const Door source_{cluster(), "source"}, ann_{cluster(), "ann"}, bob_{cluster(), "bob"}, mia_{cluster(), "mia"};

 private:
  static inline std::unique_ptr<Sink> sink_;
  static inline std::unique_ptr<Cluster> cluster_;
  static inline int number_ = 0;
};

}  // namespace escalon::test

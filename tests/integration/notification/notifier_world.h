#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/http/server.h"
#include "common/log/plain_topic.h"
#include "common/log/topics.h"
#include "common/runtime/system_clock.h"
#include "services/notification/application/history.h"
#include "services/notification/application/notifier.h"
#include "services/notification/channels/webhook.h"
#include "tests/support/event_waiter.h"

namespace escalon::notification {

/// The people of the test, with contacts that depend on its servers.
class OneRoster final : public Rosters {
 public:
  std::shared_ptr<const Roster> Of(std::string_view) const override { return roster; }
  std::shared_ptr<const Roster> roster;
};

/// The owners: cases as the test says, and what they were told.
class Owners final : public CaseReader, public ports::CommandGate {
 public:
  void Read(std::vector<CaseId> ids, std::function<void(std::vector<Result<Case>>)> done) override;
  void Execute(Command command, std::function<void(Result<ports::Answered>)> done) override;
  void Put(const Case& c);

  struct Seen {
    std::vector<Command> commands;
  };
  test::EventWaiter<Seen> seen;

 private:
  std::mutex mutex_;
  std::map<CaseId, Case> cases_;
};

/// An HTTP server that keeps what it gets and answers as the test says.
class Sink {
 public:
  Sink();
  std::string Url(const std::string& path) const;
  using Answer = std::function<void(const http::Request&, http::Responder)>;
  void On(const std::string& path, Answer answer);
  /// The requests to a path, once there are `count`.
  std::vector<http::Request> Wait(const std::string& path, size_t count);
  size_t Count(const std::string& path);

 private:
  struct Seen {
    std::map<std::string, std::vector<http::Request>> requests;
  };
  std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  test::EventWaiter<Seen> seen_;
  std::unique_ptr<http::Server> server_;
};

/// A notifier on the shared broker with topics of its own; the test plays the owner of shard 0.
class NotifierTest : public testing::Test {
 protected:
  static constexpr int kShards = 2;
  void SetUp() override;
  void TearDown() override { StopNotifier(); }

  void StartNotifier();
  void StopNotifier();
  /// A case of shard 0 whose owner knows it.
  Case MakeCase(const std::string& title);
  /// Appends the record of the next version with these events.
  void Append(Case& c, std::vector<Event> events);
  NotifyIntended Page(const std::string& person) const;
  /// The delivery log of a case, once it has `count` records.
  std::vector<wire::DeliveryRecord> Deliveries(const CaseId& id, size_t count);

  runtime::SystemClock clock_;
  log::KafkaConfig kafka_;
  log::TopicNames names_{""};
  std::string group_;
  Sink sink_;
  OneRoster rosters_;
  Owners owners_;
  std::string secret_ = NewWebhookSecret();
  std::string smtp_url_;
  DurationMs webhook_timeout_ms_ = 5000;
  DispatchOptions dispatch_;

  /// What dies with a restart.
  struct Running {
    runtime::Metrics registry;
    NotificationMetrics metrics{registry};
    runtime::Health health{runtime::Logger()};
    std::unique_ptr<http::Client> client;
    Channels channels;
    std::unique_ptr<Renderer> renderer;
    std::unique_ptr<Links> links;
    std::unique_ptr<Notifier> notifier;
  };
  std::unique_ptr<Running> running_;

 private:
  using Log = std::map<CaseId, std::vector<wire::DeliveryRecord>>;
  uint64_t seq_ = 0;
  test::EventWaiter<Log> delivery_log_;
  std::unique_ptr<log::PlainFollower> delivery_follower_;
  std::unique_ptr<log::PlainProducer> producer_;
};

}  // namespace escalon::notification

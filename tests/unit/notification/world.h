#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "services/notification/application/dispatcher.h"

namespace escalon::notification {

inline constexpr InstantMs kNoon = 1'767'960'000'000;  ///< 2026-01-09T12:00:00Z, a Friday

class ManualClock final : public Clock {
 public:
  InstantMs WallMs() const override { return now_; }
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(now_));
  }
  void Advance(DurationMs ms) { now_ += ms; }

 private:
  InstantMs now_ = kNoon;
};

class FakeRosters final : public Rosters {
 public:
  FakeRosters();
  std::shared_ptr<const Roster> Of(std::string_view) const override { return roster; }
  std::shared_ptr<const Roster> roster;
};

class FakeCases final : public CaseReader {
 public:
  void Read(std::vector<CaseId> ids, std::function<void(std::vector<Result<Case>>)> done) override;
  std::map<CaseId, Case> cases;
  bool unreachable = false;
  bool behind = false;  ///< the owner has not counted what is taken
  bool hidden = false;  ///< nor the opening before it
  int reads = 0;
};

class FakeGate final : public ports::CommandGate {
 public:
  void Execute(Command command, std::function<void(Result<ports::Answered>)> done) override;
  std::vector<Command> commands;
  std::deque<ErrorCode> failures;  ///< answers before the good ones
};

class FakeRecorder final : public Recorder {
 public:
  void Append(int shard, const wire::DeliveryRecord& record, std::shared_ptr<Origin> first) override;
  std::vector<wire::DeliveryRecord> records;
  std::vector<int> shards;
};

/// Does as it is told: each send takes the next of `results`, then everything is delivered.
class FakeChannel final : public Channel {
 public:
  FakeChannel(std::string name, bool immediate) : name_(std::move(name)), immediate_(immediate) {}
  std::string_view name() const override { return name_; }
  bool immediate() const override { return immediate_; }
  bool wants_words() const override { return !immediate_; }
  std::string SinkOf(const std::string& address) const override {
    return name_ + ":" + address.substr(0, address.find('/'));
  }
  void Send(Message message, Done done) override;
  /// The sends that hang end now.
  void AnswerHeld(const SendResult& result);

  std::vector<Message> sent;
  std::deque<SendResult> results;
  bool hold = false;

 private:
  const std::string name_;
  const bool immediate_;
  std::vector<Done> held_;
};

inline SendResult Fails(bool trouble = false, DurationMs retry_after = 0) {
  return {SendResult::Kind::kRetry, "answered 500", retry_after, {}, trouble};
}
inline SendResult Refuses() { return {SendResult::Kind::kPermanent, "answered 400", 0, {}, false}; }

/// A dispatcher with everything around it, on a clock that only the test moves.
class World : public testing::Test {
 protected:
  World();
  void Turn();
  void Advance(DurationMs ms);
  /// A case with an owner, paged at step 0.
  Case& MakeCase(uint64_t random = 1);
  static NotifyIntended Page(std::vector<std::string> people);
  static NotifyIntended Inform(std::vector<std::string> people, std::string message = "warned");
  /// Intents of one record; its origin.
  std::shared_ptr<Origin> Take(const CaseId& id, const std::vector<NotifyIntended>& intents, uint64_t version = 2);
  std::vector<wire::DeliveryOutcome> Outcomes() const;
  /// A new dispatcher, as after a restart; the records before are what the delivery log says.
  void Restart();

  ManualClock clock_;
  runtime::EventLoop loop_{clock_};
  runtime::Metrics registry_;
  NotificationMetrics metrics_{registry_};
  FakeRosters rosters_;
  FakeCases cases_;
  FakeGate gate_;
  FakeRecorder recorder_;
  Channels channels_;
  FakeChannel* webhook_ = nullptr;
  FakeChannel* mail_ = nullptr;
  FakeChannel* log_ = nullptr;
  std::unique_ptr<Renderer> renderer_;
  std::unique_ptr<Links> links_;
  std::unique_ptr<Dispatcher> dispatcher_;
  DispatchOptions options_;

  void Make();
};

}  // namespace escalon::notification

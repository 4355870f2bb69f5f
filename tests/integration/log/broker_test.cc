// A broker of its own that goes away and comes back.
#include <poll.h>

#include <iostream>
#include <set>

#include "common/log/document_topic.h"
#include "common/log/follower.h"
#include "common/log/ownership_group.h"
#include "common/log/plain_topic.h"
#include "tests/integration/log/log_test.h"
#include "tests/support/event_waiter.h"
#include "tests/support/redis_server.h"

namespace escalon::log {
namespace {

TEST(BrokerAway, AppendsWaitAndLandOnceInOrderWhenItReturns) {
  Result<std::unique_ptr<test::KafkaBroker>> broker = test::KafkaBroker::Start();
  ASSERT_TRUE(broker.ok()) << broker.error().message;
  KafkaConfig kafka;
  kafka.brokers = broker.value()->bootstrap();
  TopicPlan plan;
  plan.shards = 1;
  ASSERT_TRUE(CreateTopics(kafka, TopicCatalogue(plan).value(), 20'000).ok());
  ProducerConfig config;
  config.kafka = kafka;
  config.topic = TopicNames("").cases;
  config.shards = 1;
  auto producer = Producer::Open(config);
  ASSERT_TRUE(producer.ok());
  std::vector<int64_t> offsets;
  int fatal = 0;
  Producer::Events events;
  events.on_delivery = [&](const Delivery& d) {
    EXPECT_EQ(d.token, offsets.size() + 1);
    offsets.push_back(d.appended ? d.appended.value().offset : -1);
  };
  events.on_fatal = [&](const Error&) { ++fatal; };
  const auto append = [&](uint64_t token) {
    RecordHead head;
    head.type = RecordType::kTick;
    head.epoch = 1;
    head.owner.fill(1);
    head.seq = token;
    EXPECT_TRUE(producer.value()->AppendRecord(0, head, "", token).ok());
  };
  const auto poll_until = [&](size_t count) {
    for (int i = 0; i < 600 && offsets.size() < count; ++i) {
      pollfd wait{producer.value()->fd(), POLLIN, 0};
      poll(&wait, 1, 100);
      producer.value()->Poll(events);
    }
    return offsets.size() == count;
  };
  for (uint64_t i = 1; i <= 10; ++i) append(i);
  ASSERT_TRUE(poll_until(10));
  ASSERT_TRUE(broker.value()->KillNode().ok());
  for (uint64_t i = 11; i <= 20; ++i) append(i);
  EXPECT_EQ(producer.value()->pending(0), 10);
  ASSERT_TRUE(broker.value()->StartAgain().ok());
  ASSERT_TRUE(poll_until(20));
  EXPECT_EQ(fatal, 0);
  for (size_t i = 0; i < offsets.size(); ++i) EXPECT_EQ(offsets[i], static_cast<int64_t>(i));
}

class SilentHandler : public FollowerHandler {
 public:
  void OnAssigned(int shard, const FollowerStart&) override {
    assigned.Change([&](std::set<int>& s) { s.insert(shard); });
  }
  void OnRevoked(int shard, bool) override {
    assigned.Change([&](std::set<int>& s) { s.erase(shard); });
  }
  void OnRecord(int shard, int64_t offset, InstantMs, const Record&) override {
    follower->MarkDone(shard, offset);
    records.Change([](int& n) { ++n; });
  }
  void OnBatchEnd() override {}
  void OnPoison(int, int64_t, std::string_view, const Error&) override {}
  void OnAlarm(int, const Error&) override {}
  test::EventWaiter<std::set<int>> assigned;
  test::EventWaiter<int> records;
  Follower* follower = nullptr;
};

TEST(BrokerAway, EverythingStopsPromptlyAllTheSame) {
  Result<std::unique_ptr<test::KafkaBroker>> broker = test::KafkaBroker::Start();
  ASSERT_TRUE(broker.ok()) << broker.error().message;
  KafkaConfig kafka;
  kafka.brokers = broker.value()->bootstrap();
  TopicPlan plan;
  plan.shards = 2;
  ASSERT_TRUE(CreateTopics(kafka, TopicCatalogue(plan).value(), 20'000).ok());
  const TopicNames names("");
  const TestClock clock;
  SilentHandler handler;
  FollowerConfig following{kafka, names.cases, names.Group("triage"), names.base_group, {}};
  following.commit_interval_ms = 60'000;  // so that something is left to commit at the end
  auto follower = Follower::Open(following, &handler, &clock);
  auto never_started =
      Follower::Open({kafka, names.cases, names.Group("timer"), names.base_group, {}}, &handler, &clock);
  ASSERT_TRUE(follower.ok() && never_started.ok());
  handler.follower = follower.value().get();
  follower.value()->Start();
  test::EventWaiter<std::set<int>> owned;
  OwnershipGroup::Events events;
  events.on_assigned = [&](const std::vector<int>& shards) {
    owned.Change([&](std::set<int>& s) { s.insert(shards.begin(), shards.end()); });
  };
  OwnershipConfig config{kafka, names.cases, names.Group("routing"), {}};
  config.release_timeout_ms = 500;
  auto group = OwnershipGroup::Start(config, events, clock);
  auto documents = DocumentTopic::Open(kafka, names.policy, {});
  auto plain = PlainProducer::Open(kafka);
  ASSERT_TRUE(handler.assigned.Wait([](const auto& s) { return s.size() == 2; }));
  ASSERT_TRUE(owned.Wait([](const auto& s) { return s.size() == 2; }));
  for (uint64_t epoch = 1; epoch <= 2; ++epoch) {
    RecordHead fence;
    fence.type = RecordType::kFence;
    fence.epoch = epoch;
    fence.owner.fill(1);
    std::string bytes;
    ASSERT_TRUE(Encode(fence, "", &bytes).ok());
    ASSERT_TRUE(plain.value()->AppendAndWait(names.cases, 0, "", bytes, {}, 20'000).ok());
    ASSERT_TRUE(handler.records.Wait([&](int n) { return n == static_cast<int>(epoch); }));
  }
  ASSERT_TRUE(broker.value()->KillNode().ok());
  EXPECT_EQ(documents.value()->Publish("k", "v", {}, 100).error().code, ErrorCode::kOutcomeUnknown);
  const auto begun = clock.Steady();
  const auto took_ms = [&](const char* what) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(clock.Steady() - begun).count();
    std::cout << what << " after " << ms << " ms\n";
    return ms;
  };
  follower.value()->Stop();
  took_ms("follower");
  never_started.value().reset();
  took_ms("follower that never ran");
  group.value()->Leave();
  took_ms("group");
  documents.value().reset();
  took_ms("documents");
  plain.value().reset();
  EXPECT_LT(took_ms("all"), 15'000);
}

TEST(RedisLauncher, KeepsWhatItsModeSaysAcrossKillPauseAndRestart) {
  test::RedisServer::Options options;
  options.append_only = true;
  auto redis = test::RedisServer::Start(options);
  ASSERT_TRUE(redis.ok()) << redis.error().message;
  EXPECT_EQ(redis.value()->Command({"CONFIG", "GET", "maxmemory-policy"}).value(), "maxmemory-policy\nnoeviction");
  ASSERT_TRUE(redis.value()->Command({"SET", "k", "v"}).ok());
  ASSERT_TRUE(redis.value()->Pause().ok());
  ASSERT_TRUE(redis.value()->Resume().ok());
  ASSERT_TRUE(redis.value()->StartAgain().ok());
  EXPECT_EQ(redis.value()->Command({"GET", "k"}).value(), "v");
  ASSERT_TRUE(redis.value()->Kill9().ok());
  EXPECT_FALSE(redis.value()->Command({"PING"}).ok());
  ASSERT_TRUE(redis.value()->StartAgain().ok());
  ASSERT_TRUE(redis.value()->FlushAll().ok());
  EXPECT_EQ(redis.value()->Command({"GET", "k"}).value(), "(nil)");
  auto forgetful = test::RedisServer::Start();
  ASSERT_TRUE(forgetful.ok());
  ASSERT_TRUE(forgetful.value()->Command({"SET", "k", "v"}).ok());
  ASSERT_TRUE(forgetful.value()->StartAgain().ok());
  EXPECT_EQ(forgetful.value()->Command({"GET", "k"}).value(), "(nil)");
}

}  // namespace
}  // namespace escalon::log

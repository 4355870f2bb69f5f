// A broker of its own that goes away and comes back.
#include <poll.h>

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

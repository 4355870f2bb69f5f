#include "common/log/kafka_client.h"

#include <gtest/gtest.h>
#include <poll.h>

namespace escalon::log {
namespace {

bool Readable(const Wakeup& wakeup, int timeout_ms) {
  pollfd wait{wakeup.fd(), POLLIN, 0};
  return poll(&wait, 1, timeout_ms) == 1;
}

// A client that finds no broker has something to say before anybody listens. Whoever waits for the first word would
// wait for ever: librdkafka signals only a queue that was empty.
TEST(SignalOnTest, TellsOfWhatIsInTheQueueAlready) {
  KafkaConfig config;
  config.brokers = "127.0.0.1:1";
  ClientBuilder builder(config);
  SetProducerRules(&builder, 5);
  const Result<Client> client = builder.Build(RD_KAFKA_PRODUCER);
  ASSERT_TRUE(client.ok()) << client.error().message;
  const QueuePtr queue(rd_kafka_queue_get_main(client->get()));
  rd_kafka_test_fatal_error(client->get(), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "before anybody listens");
  Wakeup wakeup;
  SignalOn(queue.get(), &wakeup);
  ASSERT_TRUE(Readable(wakeup, 0));
  wakeup.Clear();
  int heard = 0;
  while (const EventPtr event{rd_kafka_queue_poll(queue.get(), 0)}) ++heard;
  EXPECT_GE(heard, 1);
  SignalNoMore(queue.get());
}

}  // namespace
}  // namespace escalon::log

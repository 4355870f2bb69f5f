#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

// What nobody can read, in every topic that a service reads, again and again under load: it is counted, put aside, and
// the rest goes on. A case log with it is still the case log.
TEST_F(Fault, records_that_nobody_can_read_stop_nothing) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  const log::TopicNames& topics = cluster().topics();
  const std::string later_schema =
      "\x08\x7f\xfa\x7f\x05"
      "later";  // a version and a field that do not exist yet
  for (const std::string& bytes : {std::string("garbage"), std::string(), std::string(100'000, '\xff'), later_schema}) {
    for (const std::string& topic : {topics.cases, topics.delivery, topics.submission})
      ASSERT_TRUE(cluster().AppendToAll(topic, bytes).ok()) << topic;
    ExpectUnreadable(static_cast<size_t>(cluster().shards()), static_cast<size_t>(cluster().shards()));
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  }
  // Read again from the start, by a new process of each.
  for (const std::string& name : cluster().names()) ASSERT_NO_FATAL_FAILURE(KillAndRestart(name));
  for (const char* reader : {"triage", "sla-timer", "notification"}) {
    EXPECT_TRUE(cluster().node(reader).running());
  }
  End();
}

}  // namespace
}  // namespace escalon::test

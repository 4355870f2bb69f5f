#include <gmock/gmock.h>

#include "common/log/document_topic.h"
#include "common/log/manifest.h"
#include "common/log/plain_topic.h"
#include "tests/integration/log/log_test.h"
#include "tests/support/event_waiter.h"

namespace escalon::log {
namespace {

using TopicsTest = LogTest;

TEST_F(TopicsTest, WhatCreateMakesCheckAccepts) {
  EXPECT_EQ(CountBrokers(kafka_, kTimeoutMs).value(), 1);
  const auto findings = CheckTopics(kafka_, plan_, kTimeoutMs);
  ASSERT_TRUE(findings.ok()) << findings.error().message;
  for (const TopicFinding& f : findings.value()) ADD_FAILURE() << f.ToString();
}

TEST_F(TopicsTest, CreatingTwiceChangesNothingAndAnotherPartitionCountIsRefused) {
  const auto again = CreateTopics(kafka_, TopicCatalogue(plan_).value(), kTimeoutMs);
  ASSERT_TRUE(again.ok()) << again.error().message;
  for (const TopicOutcome& outcome : again.value()) EXPECT_FALSE(outcome.created) << outcome.name;
  TopicPlan other = plan_;
  other.shards = 8;
  const auto refused = CreateTopics(kafka_, TopicCatalogue(other).value(), kTimeoutMs);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kWrongState);
  EXPECT_EQ(refused.error().fields.at(0).field, names_.cases);
}

TEST_F(TopicsTest, topic_settings_are_checked_at_start) {
  TopicPlan wrong;
  wrong.prefix = test::FreshPrefix();
  wrong.shards = 2;
  std::vector<TopicSpec> specs = TopicCatalogue(wrong).value();
  specs[0].settings["cleanup.policy"] = "compact";
  specs[0].settings["retention.ms"] = "3600000";
  specs[0].settings.erase("message.timestamp.type");
  specs[0].settings.erase("flush.messages");
  specs.pop_back();  // the cluster topic
  ASSERT_TRUE(CreateTopics(kafka_, specs, kTimeoutMs).ok());
  const auto findings = CheckTopics(kafka_, wrong, kTimeoutMs);
  ASSERT_TRUE(findings.ok());
  std::vector<std::string> settings;
  for (const TopicFinding& f : findings.value()) settings.push_back(f.setting);
  EXPECT_THAT(settings, testing::UnorderedElementsAre("cleanup.policy", "retention.ms", "message.timestamp.type",
                                                      "flush.messages", "topic"));
}

TEST_F(TopicsTest, manifest_mismatch_refuses_to_start) {
  EXPECT_EQ(ReadManifest(kafka_, names_.cluster, kTimeoutMs).error().code, ErrorCode::kNotFound);
  const Manifest ours{3, kShards, 1, names_.cases, 1, true};
  const auto written = WriteManifestOnce(kafka_, names_.cluster, ours, kTimeoutMs);
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_EQ(written.value(), ours);
  Manifest other = ours;
  other.shards = 64;
  const auto kept = WriteManifestOnce(kafka_, names_.cluster, other, kTimeoutMs);
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept.value(), ours) << "the first one counts";
  const Status s = CompareManifest(ReadManifest(kafka_, names_.cluster, kTimeoutMs).value(), other);
  ASSERT_FALSE(s.ok());
  EXPECT_EQ(s.error().fields.at(0).field, "shards");
}

TEST_F(TopicsTest, AManifestThatOnlyRaisesTheFeatureLevelCountsAndAForeignOneDoesNot) {
  const Manifest ours{3, kShards, 1, names_.cases, 1, false};
  ASSERT_TRUE(WriteManifestOnce(kafka_, names_.cluster, ours, kTimeoutMs).ok());
  auto producer = PlainProducer::Open(kafka_, 0);
  Manifest foreign = ours;
  foreign.cell = 9;
  Manifest raised = ours;
  raised.feature_level = 2;
  for (const Manifest& m : {foreign, raised})
    ASSERT_TRUE(producer.value()->AppendAndWait(names_.cluster, 0, "manifest", EncodeManifest(m), {}, kTimeoutMs).ok());
  EXPECT_EQ(ReadManifest(kafka_, names_.cluster, kTimeoutMs).value(), raised);
}

class DocumentTest : public LogTest {
 protected:
  struct Seen {
    std::vector<Document> documents;
    int caught_up = 0;
  };
  std::unique_ptr<DocumentTopic> OpenDocuments(test::EventWaiter<Seen>* seen) {
    DocumentTopic::Events events;
    events.on_document = [seen](const Document& d) { seen->Change([&](Seen& s) { s.documents.push_back(d); }); };
    events.on_caught_up = [seen] { seen->Change([](Seen& s) { ++s.caught_up; }); };
    auto opened = DocumentTopic::Open(kafka_, names_.policy, events);
    EXPECT_TRUE(opened.ok());
    return std::move(opened).value();
  }
};

TEST_F(DocumentTest, IsReadFromTheBeginningAndThenFollowed) {
  test::EventWaiter<Seen> first_seen, second_seen;
  const auto first = OpenDocuments(&first_seen);
  ASSERT_TRUE(first_seen.Wait([](const Seen& s) { return s.caught_up == 1; })) << "an empty topic is caught up too";
  const Header hash{"hash", "abc"};
  const auto offset = first->Publish("acme/policy/1", "the rules", {&hash, 1}, kTimeoutMs);
  ASSERT_TRUE(offset.ok()) << offset.error().message;
  ASSERT_TRUE(first->WaitFor(offset.value(), kTimeoutMs).ok());
  ASSERT_TRUE(first->Publish("acme/policy/2", "", {}, kTimeoutMs).ok());
  ASSERT_TRUE(first->Publish("acme/policy/1", std::nullopt, {}, kTimeoutMs).ok());

  const auto second = OpenDocuments(&second_seen);
  ASSERT_TRUE(second_seen.Wait([](const Seen& s) { return s.caught_up == 1; }));
  const Seen seen = second_seen.Get();
  ASSERT_EQ(seen.documents.size(), 3u) << "caught up means that all was delivered";
  EXPECT_EQ(seen.documents[0].key, "acme/policy/1");
  EXPECT_EQ(seen.documents[0].value, "the rules");
  EXPECT_EQ(seen.documents[0].headers.at("hash"), "abc");
  EXPECT_EQ(seen.documents[1].value, "") << "empty is not a tombstone";
  EXPECT_EQ(seen.documents[2].value, std::nullopt);
  ASSERT_TRUE(second->Publish("acme/policy/3", "more", {}, kTimeoutMs).ok());
  EXPECT_TRUE(first_seen.Wait([](const Seen& s) { return s.documents.size() == 4; }));
  EXPECT_EQ(first->Publish("", "x", {}, kTimeoutMs).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(TopicsTest, APlainTopicIsReadBackPerPartitionUpToItsEnd) {
  auto producer = PlainProducer::Open(kafka_);
  ASSERT_TRUE(producer.ok());
  test::EventWaiter<std::vector<int64_t>> offsets;
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(producer.value()
                    ->Append(names_.delivery, i % 2, "case-" + std::to_string(i), std::to_string(i), {},
                             [&](const Result<int64_t>& o) {
                               offsets.Change([&](auto& all) { all.push_back(o ? o.value() : -1); });
                             })
                    .ok());
  ASSERT_TRUE(producer.value()->Drain(kTimeoutMs).ok());
  EXPECT_EQ(offsets.Get().size(), 100u) << "every `done` has returned";
  auto reader = PlainReader::Open(kafka_, names_.delivery);
  ASSERT_TRUE(reader.ok());
  std::vector<PlainMessage> messages;
  const auto keep = [&](const PlainMessage& m) {
    messages.push_back(m);
    return true;
  };
  ASSERT_TRUE(reader.value()->ReadToEnd(1, 0, kTimeoutMs, keep).ok());
  ASSERT_EQ(messages.size(), 50u);
  EXPECT_EQ(messages[0].value, "1");
  EXPECT_EQ(messages[49].key, "case-99");
  const InstantMs middle = messages[25].broker_time_ms;
  messages.clear();
  ASSERT_TRUE(reader.value()->ReadToEnd(1, middle, kTimeoutMs, keep).ok());
  EXPECT_GE(messages.size(), 25u);
  for (const PlainMessage& m : messages) EXPECT_GE(m.broker_time_ms, middle);
  messages.clear();
  ASSERT_TRUE(reader.value()->ReadToEnd(1, middle + 3'600'000, kTimeoutMs, keep).ok());
  ASSERT_TRUE(reader.value()->ReadToEnd(3, 0, kTimeoutMs, keep).ok());
  EXPECT_TRUE(messages.empty());
}

TEST_F(TopicsTest, APlainFollowerGoesOnBehindWhatItMarkedDone) {
  auto producer = PlainProducer::Open(kafka_, 0);
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(producer.value()->AppendAndWait(names_.submission, 0, "k", std::to_string(i), {}, kTimeoutMs).ok());
  const auto follow = [&](test::EventWaiter<std::vector<std::string>>* seen) {
    PlainFollower::Events events;
    events.on_message = [seen](const PlainMessage& m) { seen->Change([&](auto& all) { all.push_back(m.value); }); };
    auto started = PlainFollower::Start(kafka_, names_.submission, names_.Group("intake"), events);
    EXPECT_TRUE(started.ok());
    return std::move(started).value();
  };
  {
    test::EventWaiter<std::vector<std::string>> seen;
    const auto first = follow(&seen);
    ASSERT_TRUE(seen.Wait([](const auto& all) { return all.size() == 5; }));
    first->MarkDone(0, 2);
  }
  test::EventWaiter<std::vector<std::string>> seen;
  const auto second = follow(&seen);
  ASSERT_TRUE(seen.Wait([](const auto& all) { return all.size() == 2; }));
  EXPECT_EQ(seen.Get(), (std::vector<std::string>{"3", "4"}));
}

}  // namespace
}  // namespace escalon::log

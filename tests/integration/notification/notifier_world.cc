#include "tests/integration/notification/notifier_world.h"

#include "common/core/random.h"
#include "common/log/envelope.h"
#include "common/wire/events_codec.h"
#include "services/notification/channels/log_channel.h"
#include "services/notification/channels/mail_channel.h"
#include "tests/support/kafka_broker.h"

namespace escalon::notification {
namespace {

constexpr int kTimeoutMs = 20'000;

Bytes16 TheOwner() {
  Bytes16 owner{};
  owner.fill(7);
  return owner;
}

}  // namespace

void Owners::Read(std::vector<CaseId> ids, std::function<void(std::vector<Result<Case>>)> done) {
  std::vector<Result<Case>> out;
  {
    const std::lock_guard lock(mutex_);
    for (const CaseId& id : ids) {
      const auto found = cases_.find(id);
      if (found == cases_.end()) {
        out.emplace_back(Error{ErrorCode::kNotFound, "no such case"});
      } else {
        out.emplace_back(found->second);
      }
    }
  }
  done(std::move(out));
}

void Owners::Execute(Command command, std::function<void(Result<ports::Answered>)> done) {
  seen.Change([&](Seen& s) { s.commands.push_back(std::move(command)); });
  done(ports::Answered{});
}

void Owners::Put(const Case& c) {
  const std::lock_guard lock(mutex_);
  cases_[c.id] = c;
}

Sink::Sink() {
  auto started = http::Server::Start(
      "sink", {},
      [this](http::Request request, http::Responder responder) {
        Answer answer;
        {
          const std::lock_guard lock(mutex_);
          const auto found = answers_.find(request.path);
          if (found != answers_.end()) answer = found->second;
        }
        seen_.Change([&](Seen& s) { s.requests[request.path].push_back(request); });
        if (answer) return answer(request, std::move(responder));
        responder.Send({204, "", "", {}});
      },
      runtime::Logger());
  EXPECT_TRUE(started.ok());
  server_ = std::move(*started);
}

std::string Sink::Url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
}

void Sink::On(const std::string& path, Answer answer) {
  const std::lock_guard lock(mutex_);
  answers_[path] = std::move(answer);
}

std::vector<http::Request> Sink::Wait(const std::string& path, size_t count) {
  EXPECT_TRUE(seen_.Wait([&](const Seen& s) {
    const auto found = s.requests.find(path);
    return found != s.requests.end() && found->second.size() >= count;
  })) << path;
  return seen_.Get().requests[path];
}

size_t Sink::Count(const std::string& path) { return seen_.Get().requests[path].size(); }

void NotifierTest::SetUp() {
  kafka_.brokers = test::SharedKafka();
  ASSERT_NE(kafka_.brokers, "");
  kafka_.client_id = "test";
  log::TopicPlan plan;
  plan.prefix = test::FreshPrefix();
  plan.shards = kShards;
  names_ = log::TopicNames(plan.prefix);
  const auto topics = log::TopicCatalogue(plan);
  ASSERT_TRUE(topics.ok());
  const auto created = log::CreateTopics(kafka_, *topics, kTimeoutMs);
  ASSERT_TRUE(created.ok()) << created.error().message;
  auto producer = log::PlainProducer::Open(kafka_);
  ASSERT_TRUE(producer.ok());
  producer_ = std::move(*producer);
  group_ = names_.Group("notification");
  log::PlainFollower::Events events;
  events.on_message = [this](const log::PlainMessage& message) {
    auto record = wire::DecodeDelivery(message.value);
    EXPECT_TRUE(record.ok());
    if (record.ok()) delivery_log_.Change([&](Log& l) { l[record->case_id].push_back(*record); });
  };
  auto follower = log::PlainFollower::Start(kafka_, names_.delivery, names_.Group("test"), std::move(events));
  ASSERT_TRUE(follower.ok());
  delivery_follower_ = std::move(*follower);

  RosterDocument document;
  document.tenant = "acme";
  document.id = "people";
  for (const char* id : {"ana", "ben", "cleo"}) {
    Person person;
    person.id = id;
    person.contacts = {{"webhook", sink_.Url(std::string("/") + id)}};
    document.people.push_back(std::move(person));
  }
  document.people[0].contacts.push_back({"mail", "ana@acme.example"});
  auto roster = Roster::Build(std::move(document));
  ASSERT_TRUE(roster.ok());
  rosters_.roster = *roster;
  dispatch_.attempts.page = {20, 100};
  dispatch_.breaker.failures = 1000;
  dispatch_.bundles.pages = 1000;

  log::RecordHead fence;
  fence.type = log::RecordType::kFence;
  fence.epoch = 1;
  fence.owner = TheOwner();
  std::string bytes;
  ASSERT_TRUE(log::Encode(fence, log::EncodeFence({"127.0.0.1:1", "test"}), &bytes).ok());
  ASSERT_TRUE(producer_->AppendAndWait(names_.cases, 0, "", bytes, {}, kTimeoutMs).ok());
}

Case NotifierTest::MakeCase(const std::string& title) {
  Case c;
  c.id = CaseId::Make(clock_.WallMs(), 1, 0, RandomBits());
  c.tenant = "acme";
  c.version = 1;
  c.state = CaseState::kAssigned;
  c.priority = Priority::kP1;
  auto facts = std::make_shared<Facts>();
  facts->title = title;
  c.facts = facts;
  c.functional.step = 0;
  owners_.Put(c);
  return c;
}

void NotifierTest::Append(Case& c, std::vector<Event> events) {
  EventBatch batch;
  batch.at = clock_.WallMs();
  batch.events = std::move(events);
  ++c.version;
  log::RecordHead head;
  head.epoch = 1;
  head.owner = TheOwner();
  head.seq = ++seq_;
  head.case_id = c.id;
  head.tenant = c.tenant;
  head.version = c.version;
  for (const Event& event : batch.events) head.kinds.push_back(KindOf(event));
  for (const Event& event : batch.events) {
    const auto* intent = std::get_if<NotifyIntended>(&event);
    if (intent != nullptr && intent->purpose == IntentPurpose::kPage) c.intents.push_back({c.version, *intent});
  }
  owners_.Put(c);
  std::string bytes;
  ASSERT_TRUE(log::Encode(head, wire::EncodeBatch(batch), &bytes).ok());
  ASSERT_TRUE(producer_->AppendAndWait(names_.cases, 0, c.id.AsBytes(), bytes, {}, kTimeoutMs).ok());
}

NotifyIntended NotifierTest::Page(const std::string& person) const {
  NotifyIntended intent;
  intent.purpose = IntentPurpose::kPage;
  intent.audience = Audience::kStep;
  intent.people = {person};
  intent.message = "assigned";
  intent.priority = Priority::kP1;
  return intent;
}

void NotifierTest::StartNotifier() {
  running_ = std::make_unique<Running>();
  Running& r = *running_;
  http::ClientOptions client;
  client.guard = *http::AddressGuard::WithAllowed({"127.0.0.0/8"});
  r.client = http::Client::Create(std::move(client), clock_, runtime::Logger());
  auto secrets = WebhookSecrets::Parse("secrets", "* " + secret_);
  ASSERT_TRUE(secrets.ok());
  r.channels.Add(std::make_unique<WebhookChannel>(*r.client, clock_, std::move(*secrets), webhook_timeout_ms_));
  if (!smtp_url_.empty()) {
    MailChannel::Options mail;
    mail.relay.url = smtp_url_;
    mail.relay.tls = http::MailRelay::Tls::kNone;
    mail.from = "escalon@acme.example";
    r.channels.Add(std::make_unique<MailChannel>(*r.client, std::move(mail)));
  }
  r.channels.Add(std::make_unique<LogChannel>(runtime::Logger()));
  auto renderer = Renderer::Create("");
  ASSERT_TRUE(renderer.ok());
  r.renderer = std::move(*renderer);
  r.links = std::make_unique<Links>(std::nullopt, "http://intake", kDayMs, kDayMs);
  NotifierOptions options;
  options.follower.kafka = kafka_;
  options.follower.topic = names_.cases;
  options.follower.group = group_;
  options.follower.base_group = names_.base_group;
  options.follower.commit_interval_ms = 50;
  options.delivery_topic = names_.delivery;
  options.dispatch = dispatch_;
  r.notifier = std::make_unique<Notifier>(std::move(options), NotifierParts{clock_,
                                                                            clock_,
                                                                            rosters_,
                                                                            owners_,
                                                                            owners_,
                                                                            r.channels,
                                                                            *r.renderer,
                                                                            *r.links,
                                                                            {},
                                                                            r.metrics,
                                                                            runtime::Logger(),
                                                                            r.health});
  ASSERT_TRUE(r.notifier->Start().ok());
}

void NotifierTest::StopNotifier() {
  if (running_ == nullptr) return;
  running_->notifier->Stop(600);
  running_->client->Stop();
  running_.reset();
}

std::vector<wire::DeliveryRecord> NotifierTest::Deliveries(const CaseId& id, size_t count) {
  EXPECT_TRUE(delivery_log_.Wait([&](const Log& l) {
    const auto found = l.find(id);
    return found != l.end() && found->second.size() >= count;
  }));
  return delivery_log_.Get()[id];
}

}  // namespace escalon::notification

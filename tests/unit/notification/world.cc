#include "tests/unit/notification/world.h"

#include <algorithm>

namespace escalon::notification {
namespace {

Person Somebody(std::string id, std::vector<ContactMethod> contacts) {
  Person person;
  person.id = std::move(id);
  person.contacts = std::move(contacts);
  person.languages = {"en"};
  return person;
}

}  // namespace

FakeRosters::FakeRosters() {
  RosterDocument document;
  document.tenant = "acme";
  document.id = "people";
  document.people = {Somebody("ana", {{"webhook", "ana.example/hook"}, {"mail", "ana@acme.example"}}),
                     Somebody("ben", {{"webhook", "ben.example/hook"}}),
                     Somebody("chloe", {{"mail", "chloe@acme.example"}}),
                     Somebody("lee", {{"log", "lee"}}),
                     Somebody("sam", {{"sms", "+351000000"}, {"mail", "sam@acme.example"}}),
                     Somebody("nil", {})};
  document.people[1].languages = {"de-AT", "en"};
  document.people[1].timezone = "Europe/Berlin";
  document.people[2].timezone = "Europe/Lisbon";
  document.people[2].quiet_hours = {{21 * 60, 7 * 60}};
  Team desk;
  desk.id = "desk";
  desk.members = {"ana", "ben"};
  Team channel;
  channel.id = "ops";
  channel.members = {"ana"};
  channel.contacts = {{"webhook", "ops.example/room"}};
  document.teams = {desk, channel};
  Duty executives;
  executives.id = "executives";
  executives.people = {"chloe"};
  document.roles = {executives};
  Vendor vendor;
  vendor.id = "carrier";
  vendor.contacts = {{"mail", "noc@carrier.example"}};
  document.vendors = {vendor};
  auto built = Roster::Build(std::move(document));
  if (built.ok()) roster = *built;
}

void FakeCases::Read(std::vector<CaseId> ids, std::function<void(std::vector<Result<Case>>)> done) {
  ++reads;
  std::vector<Result<Case>> out;
  for (const CaseId& id : ids) {
    const auto found = cases.find(id);
    if (unreachable) {
      out.emplace_back(Error{ErrorCode::kUnavailable, "no owner"});
    } else if (found == cases.end() || hidden) {
      out.emplace_back(Error{ErrorCode::kNotFound, "no such case"});
    } else {
      out.emplace_back(found->second);
    }
  }
  done(std::move(out));
}

void FakeGate::Execute(Command command, std::function<void(Result<ports::Answered>)> done) {
  commands.push_back(std::move(command));
  if (failures.empty()) return done(ports::Answered{});
  const ErrorCode code = failures.front();
  failures.pop_front();
  done(Error{code, "not now"});
}

void FakeRecorder::Append(int shard, const wire::DeliveryRecord& record, std::shared_ptr<Origin> first) {
  records.push_back(record);
  shards.push_back(shard);
  if (first != nullptr) --first->open;
}

void FakeChannel::Send(Message message, Done done) {
  sent.push_back(std::move(message));
  if (hold) {
    held_.push_back(std::move(done));
    return;
  }
  if (results.empty()) return done({});
  const SendResult result = results.front();
  results.pop_front();
  done(result);
}

void FakeChannel::AnswerHeld(const SendResult& result) {
  hold = false;
  for (Done& done : std::exchange(held_, {})) done(result);
}

World::World() {
  auto add = [this](const char* name, bool immediate) {
    auto channel = std::make_unique<FakeChannel>(name, immediate);
    FakeChannel* out = channel.get();
    channels_.Add(std::move(channel));
    return out;
  };
  webhook_ = add("webhook", false);
  mail_ = add("mail", false);
  log_ = add("log", true);
  auto renderer = Renderer::Create("");
  EXPECT_TRUE(renderer.ok()) << renderer.error().message;
  renderer_ = std::move(*renderer);
  auto keys = KeyRing::Parse("links.key_file", NewKeyRingLine("k1"));
  EXPECT_TRUE(keys.ok());
  links_ = std::make_unique<Links>(LinkSigner(*keys), "https://esc.example/", kDayMs, 30 * kDayMs);
  EXPECT_NE(rosters_.roster, nullptr);
  Make();
}

void World::Make() {
  dispatcher_ = std::make_unique<Dispatcher>(
      options_,
      DispatchParts{loop_, clock_, rosters_, cases_, gate_, recorder_, channels_, *renderer_, *links_,
                    [](const std::string&, const std::string& sealed) -> Result<std::string> { return sealed; },
                    metrics_, runtime::Logger()});
}

void World::Restart() {
  dispatcher_.reset();
  Make();
  RestoredShard restored(0);
  for (const wire::DeliveryRecord& record : recorder_.records) restored.Add(record);
  dispatcher_->Restore(3, std::move(restored));
  Turn();
}

void World::Turn() {
  loop_.Post([] {});  // what the test did itself was part of a turn
  while (loop_.RunReady()) {
  }
}

void World::Advance(DurationMs ms) {
  // In steps, so that what a timer starts runs at its time.
  for (DurationMs gone = 0; gone < ms; gone += 100) {
    clock_.Advance(std::min<DurationMs>(100, ms - gone));
    Turn();
  }
}

Case& World::MakeCase(uint64_t random) {
  Case c;
  c.id = CaseId::Make(kNoon, 7, 0, random);
  c.tenant = "acme";
  c.version = 2;
  c.state = CaseState::kAssigned;
  c.priority = Priority::kP2;
  auto facts = std::make_shared<Facts>();
  facts->title = "Checkout is down";
  facts->requester.subject = "u-17";
  facts->requester.sealed_contact = "mail:rita@customer.example";
  facts->requester.language = "de";
  c.facts = facts;
  c.functional.step = 0;
  c.functional.level = "L1";
  c.owner.team = "desk";
  return cases_.cases[c.id] = c;
}

NotifyIntended World::Page(std::vector<std::string> people) {
  NotifyIntended intent;
  intent.purpose = IntentPurpose::kPage;
  intent.audience = Audience::kStep;
  intent.people = std::move(people);
  intent.message = "assigned";
  intent.priority = Priority::kP2;
  return intent;
}

NotifyIntended World::Inform(std::vector<std::string> people, std::string message) {
  NotifyIntended intent;
  intent.purpose = IntentPurpose::kInform;
  intent.people = std::move(people);
  intent.message = std::move(message);
  intent.priority = Priority::kP3;
  return intent;
}

std::shared_ptr<Origin> World::Take(const CaseId& id, const std::vector<NotifyIntended>& intents, uint64_t version) {
  auto origin = std::make_shared<Origin>();
  origin->shard = 3;
  origin->offset = 10;
  origin->case_id = id;
  origin->tenant = "acme";
  origin->version = version;
  origin->at = clock_.WallMs();
  origin->why = "no_acknowledgement";
  origin->open = 1;
  Case& c = cases_.cases[id];
  if (!c.id.empty() && !cases_.behind) c.version = std::max(c.version, version);
  uint32_t index = 0;
  for (NotifyIntended intent : intents) {
    intent.index = index++;
    if (intent.purpose == IntentPurpose::kPage && !c.id.empty()) c.intents.push_back({version, intent});
    dispatcher_->Accept(origin, intent);
  }
  --origin->open;
  Turn();
  return origin;
}

std::vector<wire::DeliveryOutcome> World::Outcomes() const {
  std::vector<wire::DeliveryOutcome> out;
  for (const wire::DeliveryRecord& record : recorder_.records) out.push_back(record.outcome);
  return out;
}

}  // namespace escalon::notification

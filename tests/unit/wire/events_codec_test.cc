#include "common/wire/events_codec.h"

#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "escalon/events/v1/events.pb.h"
#include "tests/unit/wire/fill.h"
#include "tests/unit/wire/samples.h"

namespace escalon::wire {
namespace {

namespace ev = ::escalon::events::v1;

ev::EventBatch BatchOfEveryKind(std::vector<std::string> left_out = {}) {
  Filler filler;
  filler.LeaveOut(std::move(left_out));
  ev::EventBatch batch;
  filler.Fill(&batch);
  batch.clear_events();
  const auto* kinds = ev::Event::descriptor();
  for (int i = 0; i < kinds->field_count(); ++i) filler.FillField(batch.add_events(), kinds->field(i));
  return batch;
}

template <size_t... I>
void ExpectEveryMemberHasAField(std::index_sequence<I...>) {
  const auto* kinds = ev::Event::descriptor();
  const auto check = [&](int number, size_t members) {
    const auto* kind = kinds->FindFieldByNumber(number);
    ASSERT_NE(kind, nullptr) << "kind " << number;
    EXPECT_EQ(static_cast<size_t>(kind->message_type()->field_count()), members) << kind->name();
  };
  (check(static_cast<int>(I) + 1, MemberCount<std::variant_alternative_t<I, Event>>()), ...);
}

TEST(EventsCodec, EveryKindHasTheNumberOfItsField) {
  ASSERT_EQ(static_cast<uint32_t>(ev::Event::descriptor()->field_count()), kEventKinds);
  for (uint32_t kind = 1; kind <= kEventKinds; ++kind) {
    const auto* field = ev::Event::descriptor()->FindFieldByNumber(static_cast<int>(kind));
    ASSERT_NE(field, nullptr);
    EXPECT_EQ(field->name(), KindName(kind));
  }
}

TEST(EventsCodec, EveryMemberOfEveryEventHasAField) {
  ExpectEveryMemberHasAField(std::make_index_sequence<kEventKinds>());
  EXPECT_EQ(static_cast<size_t>(ev::EventBatch::descriptor()->field_count()), MemberCount<EventBatch>());
  EXPECT_EQ(static_cast<size_t>(ev::ApprovalRequest::descriptor()->field_count()), MemberCount<ApprovalRequest>());
  EXPECT_EQ(static_cast<size_t>(ev::DecisionRequest::descriptor()->field_count()), MemberCount<DecisionRequest>());
  namespace cm = ::escalon::common::v1;
  EXPECT_EQ(static_cast<size_t>(cm::Facts::descriptor()->field_count()), MemberCount<Facts>());
  EXPECT_EQ(static_cast<size_t>(cm::Party::descriptor()->field_count()), MemberCount<Party>());
  EXPECT_EQ(static_cast<size_t>(cm::Actor::descriptor()->field_count()), MemberCount<Actor>());
  EXPECT_EQ(static_cast<size_t>(cm::ClockRun::descriptor()->field_count()), MemberCount<ClockRun>());
  // A place is a share or one of four offsets.
  EXPECT_EQ(static_cast<size_t>(cm::Alarm::descriptor()->field_count()), MemberCount<Alarm>() + 4);
  EXPECT_EQ(static_cast<size_t>(cm::ClockLeg::descriptor()->field_count()), MemberCount<ClockLeg>());
  EXPECT_EQ(static_cast<size_t>(cm::Target::descriptor()->field_count()), MemberCount<Target>());
  EXPECT_EQ(static_cast<size_t>(cm::PauseSpan::descriptor()->field_count()), MemberCount<PauseSpan>());
  EXPECT_EQ(static_cast<size_t>(cm::Money::descriptor()->field_count()), MemberCount<Money>());
  EXPECT_EQ(static_cast<size_t>(cm::PlanAction::descriptor()->field_count()), MemberCount<PlanAction>());
  EXPECT_EQ(static_cast<size_t>(cm::TraceLine::descriptor()->field_count()), MemberCount<TraceLine>());
}

TEST(EventsCodec, EveryFieldOfEveryKindSurvivesARoundTrip) {
  const std::string bytes = BatchOfEveryKind().SerializeAsString();
  auto batch = DecodeBatch(bytes);
  ASSERT_TRUE(batch.ok()) << batch.error().message;
  ASSERT_EQ(batch->events.size(), kEventKinds);
  for (uint32_t i = 0; i < kEventKinds; ++i) EXPECT_EQ(KindOf(batch->events[i]), i + 1);
  EXPECT_EQ(EncodeBatch(*batch), bytes);
}

TEST(EventsCodec, ValuesComeBackAsTheyWere) {
  for (const EventBatch& batch : {OpenedBatch(), TriagedBatch(), EventBatch{}}) {
    auto decoded = DecodeBatch(EncodeBatch(batch));
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_TRUE(*decoded == batch);
  }
}

TEST(EventsCodec, EveryPlaceOfAWarningComesBackAsItWas) {
  EventBatch batch;
  ClockRun clock;
  using Kind = WarningRule::Kind;
  for (const WarningRule place :
       {WarningRule::Percent(0), WarningRule::Percent(75), WarningRule{Kind::kBefore, 900'000},
        WarningRule{Kind::kAfter, 1}, WarningRule{Kind::kBeforeDays, 2}, WarningRule{Kind::kAfterDays, 3}})
    clock.alarms.push_back({7, AlarmKind::kWarning, place, ""});
  batch.events = {ClockArmed{clock, ""}};
  auto decoded = DecodeBatch(EncodeBatch(batch));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_TRUE(*decoded == batch);
}

TEST(EventsCodec, DefaultsOfEveryKindComeBackAsTheyWere) {
  EventBatch batch;
  batch.events = {Opened{}, Escalated{}, ClockArmed{},    ClockFired{},       NotifyIntended{}, ApprovalRequested{},
                  Linked{}, Cancelled{}, DecisionTaken{}, DecisionRequested{}};
  auto decoded = DecodeBatch(EncodeBatch(batch));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_TRUE(*decoded == batch);
}

TEST(EventsCodec, ExtremeNumbersComeBackAsTheyWere) {
  EventBatch batch;
  batch.at = kNever;
  batch.occurred_at = INT64_MIN;
  batch.command_hash = UINT64_MAX;
  Escalated escalated;
  escalated.step = -2;
  escalated.attempt = INT32_MIN;
  ClockRun clock;
  clock.generation = UINT32_MAX;
  clock.due_at = kNever;
  clock.pauses = {{0, kNever}};
  batch.events = {escalated, ClockArmed{clock, ""}, Attached{UINT32_MAX, ""}};
  auto decoded = DecodeBatch(EncodeBatch(batch));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_TRUE(*decoded == batch);
}

// What these tests hold is stored for ever: the bytes may grow by new fields of new events, never change.
TEST(EventsCodec, BytesOfAnOpenedBatchNeverChange) {
  EXPECT_EQ(
      ToHex(EncodeBatch(OpenedBatch())),
      "0880b8f3f7b1371a200a0461636d65120a736572766963656e6f771a0a696e7465677261746f72200322066f70656e2d312910325476"
      "98badcfe30013adc010ad9010aaa010a08696e636964656e7412144b61737365203420647275636b74206e696368741a0a0100ff2073"
      "65616c6564220a72657461696c2d706f733204656d6561520a736572766963656e6f775a0a494e433030313233343568017002a20117"
      "0a04752d31371202016e1a02016d220564652d41542801aa010873746f72653a3432aa0103706f73ba010d0a086275696c64696e6712"
      "0141ba010a0a05666c6f6f72120132c001d0cdf1f7b1371a15736572766963656e6f772f494e4330303132333435220964656661756c"
      "7440332a08696e636964656e743a4d5a4b0a350a0674726961676510012080b8f3f7b1372a030888273088dff3f7b1373a0b08c4cbf3"
      "f7b137100118643a090889dff3f7b1371003121277616974696e6720666f7220747269616765");
}

TEST(EventsCodec, BytesOfATriagedBatchNeverChange) {
  EXPECT_EQ(
      ToHex(EncodeBatch(TriagedBatch())),
      "088cb8f3f7b1371a190a0461636d6512067472696167651a0773657276696365200522087472696167652d31292a0000000000000030"
      "033a201a1e080212087072696e74696e671a03706f731a077072696e746572200330013a1762150a0674726961676510011801220774"
      "7269616765643a0c2a0a08011a024c31380548013a303a2e0a0d73746f72652d737570706f72741207702e6d61696572180122024c31"
      "2801320c6c65617374206c6f616465643a475a450a3f0a0f61636b6e6f776c656467656d656e7410012080b8f3f7b1372a0408a0f736"
      "30a0afaaf8b1373a0b08d0f38ef8b137100118643a0908a1afaaf8b1371003120250323a435a410a3b0a0a7265736f6c7574696f6e10"
      "012080b8f3f7b1372a050880f4ee063080ace2feb1373a0b0880f2aafbb137100118643a090881ace2feb1371003120250323a1e9201"
      "1b1001180a2207702e6d61696572320861737369676e65644001600242380a0f7072696f726974792e6d6174726978120250321a0e0a"
      "06696d706163741204686967681a110a07757267656e637912066d656469756d42470a2270617468732e696e636964656e742e66756e"
      "6374696f6e616c2e73746570735b305d12114c312c2073746f72652d737570706f72741a0e0a087072696f7269747912025032");
}

/// Of the first so many kinds; without what has been added to old ones since.
std::string HashOfKinds(size_t kinds, std::vector<std::string> without = {}) {
  auto batch = DecodeBatch(BatchOfEveryKind(std::move(without)).SerializeAsString());
  if (!batch.ok()) return batch.error().message;
  batch->events.resize(kinds);
  return ToHex(AsView(Sha256Of(EncodeBatch(*batch))));
}

TEST(EventsCodec, BytesOfEveryKindNeverChange) {
  const std::string urgency = "NotifyIntended.urgency";
  std::vector<std::string> later{"ClockRun.legs", "ClockRun.penalty", "Breached.penalty"};
  EXPECT_EQ(HashOfKinds(55, later), "47ffd330b9b479409b749ea4cafb4ee6ae22cadde18c22c4f0c3b6c0b403e9d1");
  later.push_back(urgency);
  EXPECT_EQ(HashOfKinds(55, later), "d23e2f63b5a3700e601c4bc4277d1222326d0a3ef97940ab5ab6f52d26bd5f60");
  later.push_back("standing");
  EXPECT_EQ(HashOfKinds(51, later), "fd37b34e2ff1b5b6a32b22779ffacb05b5fc453c60aa4fd7703c8a05f4e5dee5");
  EXPECT_EQ(HashOfKinds(55, later), "3330547de662dfcc382c65232bf45fe9e29f0ae1073452df30d4a4c6928a83b4");
  EXPECT_EQ(HashOfKinds(59), "64adee242e103dd7c710ac8a33b504b5c6d460a13376e83407be3b705a96cae1");
}

TEST(EventsCodec, AnUnknownKindIsAnErrorOfItsOwn) {
  ev::EventBatch message;
  message.set_outcome(::escalon::common::v1::OUTCOME_KIND_DONE);
  message.add_events()->mutable_retired();
  auto* later = message.add_events();
  later->GetReflection()->MutableUnknownFields(later)->AddLengthDelimited(500, "from a newer version");
  auto batch = DecodeBatch(message.SerializeAsString());
  ASSERT_FALSE(batch.ok());
  EXPECT_TRUE(IsUnknownKind(batch.error()));
  EXPECT_EQ(batch.error().fields.at(0).field, "events[1]");
  EXPECT_NE(batch.error().message.find("kind 500"), std::string::npos) << batch.error().message;
}

TEST(EventsCodec, AnEventWithoutAKindIsDamageNotTheFuture) {
  ev::EventBatch message;
  message.set_outcome(::escalon::common::v1::OUTCOME_KIND_DONE);
  message.add_events();
  auto batch = DecodeBatch(message.SerializeAsString());
  ASSERT_FALSE(batch.ok());
  EXPECT_FALSE(IsUnknownKind(batch.error()));
}

TEST(EventsCodec, AnUnknownEnumNumberNamesItsField) {
  ev::EventBatch message = BatchOfEveryKind();
  message.mutable_events(4)->mutable_escalated()->set_track(static_cast<::escalon::common::v1::Track>(3));
  message.mutable_events(10)->mutable_clock_armed()->mutable_clock()->mutable_alarms(1)->set_kind(
      static_cast<::escalon::common::v1::AlarmKind>(-1));
  auto batch = DecodeBatch(message.SerializeAsString());
  ASSERT_FALSE(batch.ok());
  ASSERT_EQ(batch.error().fields.size(), 2u);
  EXPECT_EQ(batch.error().fields[0].field, "events[4].escalated.track");
  EXPECT_EQ(batch.error().fields[1].field, "events[10].clock_armed.clock.alarms[1].kind");
}

TEST(EventsCodec, ABadCaseIdNamesItsField) {
  ev::EventBatch message = BatchOfEveryKind();
  message.mutable_events(38)->mutable_linked()->set_other("short");
  auto batch = DecodeBatch(message.SerializeAsString());
  ASSERT_FALSE(batch.ok());
  EXPECT_EQ(batch.error().fields.at(0).field, "events[38].linked.other");
}

TEST(EventsCodec, ALabelTwiceIsRefused) {
  ev::EventBatch message = BatchOfEveryKind();
  auto* labels = message.mutable_events(0)->mutable_opened()->mutable_facts()->mutable_labels();
  labels->Mutable(1)->set_key(labels->Get(0).key());
  auto batch = DecodeBatch(message.SerializeAsString());
  ASSERT_FALSE(batch.ok());
  EXPECT_EQ(batch.error().fields.at(0).field, "events[0].opened.facts.labels");
}

TEST(EventsCodec, PlainTextWhereOnlySealedTextMayBeIsRefused) {
  ev::EventBatch message = BatchOfEveryKind();
  message.mutable_events(23)->mutable_handover_offered()->mutable_package_fields(0)->set_text("plain");
  EXPECT_FALSE(DecodeBatch(message.SerializeAsString()).ok());
}

TEST(EventsCodec, ASmallInputCannotBecomeALargeValue) {
  ev::EventBatch message;
  message.set_outcome(::escalon::common::v1::OUTCOME_KIND_DONE);
  auto* armed = message.add_events()->mutable_clock_armed();
  for (int i = 0; i < 100'000; ++i) armed->mutable_clock()->add_pauses();
  auto batch = DecodeBatch(message.SerializeAsString());
  ASSERT_FALSE(batch.ok());
  EXPECT_EQ(batch.error().fields.at(0).field, "events[0].clock_armed.clock.pauses");
}

TEST(EventsCodec, TooManyBytesAreNotEvenParsed) {
  EXPECT_FALSE(DecodeBatch(std::string(kMaxBodyBytes + 1, '\0')).ok());
}

TEST(EventsCodec, TextThatIsNotUtf8IsMendedBecauseItCouldNotBeReadBack) {
  EventBatch batch;
  batch.events.push_back(Resumed{"cut in the middle of \xc3"});
  batch.events.push_back(Resumed{"\xff\xc3\xbc\xed\xa0\x80"});
  auto decoded = DecodeBatch(EncodeBatch(batch));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(std::get<Resumed>(decoded->events[0]).why, "cut in the middle of \xef\xbf\xbd");
  EXPECT_EQ(std::get<Resumed>(decoded->events[1]).why, "\xef\xbf\xbd\xc3\xbc\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(EventsCodec, DataForQueriesHasNoSealedBytes) {
  const EventBatch batch = OpenedBatch();
  ev::Event event;
  ToProto(batch.events[0], &event);
  EXPECT_EQ(event.opened().facts().title(), "Kasse 4 druckt nicht");
  EXPECT_EQ(event.opened().facts().requester().subject(), "u-17");
  EXPECT_TRUE(event.opened().facts().sealed_text().empty());
  EXPECT_TRUE(event.opened().facts().requester().sealed_name().empty());
}

}  // namespace
}  // namespace escalon::wire

#include "common/log/envelope.h"

#include <gtest/gtest.h>

#include <random>

#include "escalon/log/v1/record.pb.h"
#include "tests/unit/log/records.h"

namespace escalon::log {
namespace {

namespace pb = ::escalon::log::v1;

std::string Encoded(const RecordHead& head, std::string_view body) {
  std::string bytes;
  const Status s = Encode(head, body, &bytes);
  EXPECT_TRUE(s.ok()) << s.error().message;
  return bytes;
}

std::string FieldOf(const Error& e) { return e.fields.empty() ? "" : e.fields[0].field; }

TEST(Envelope, DecodesWhatItEncoded) {
  for (RecordHead head : {FenceHead(1, 1), TickHead(9, 2, 77), EventsHead(~0ull, 3, ~0ull, 12)}) {
    head.recovered_from_view = head.type == RecordType::kEvents;
    const Result<Record> back = Decode(Encoded(head, "body"));
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(back.value(), (Record{head, "body"}));
  }
}

TEST(Envelope, IsWhatTheGeneratedClassReads) {
  const RecordHead head = EventsHead(5, 1, 6, 7);
  pb::Record message;
  ASSERT_TRUE(message.ParseFromString(Encoded(head, std::string("\0\xff", 2))));
  EXPECT_EQ(message.epoch(), 5u);
  EXPECT_EQ(message.owner(), std::string(16, '\1'));
  EXPECT_EQ(message.seq(), 6u);
  EXPECT_EQ(message.case_id(), head.case_id.AsBytes());
  EXPECT_EQ(message.version(), 7u);
  EXPECT_EQ(message.tenant(), "acme");
  EXPECT_EQ(message.kinds_size(), 2);
  EXPECT_EQ(message.kinds(1), 300u);
  EXPECT_EQ(message.chain_hash(), std::string(32, '\xab'));
  EXPECT_EQ(message.trace_parent(), head.trace_parent);
  EXPECT_EQ(message.policy_version(), "policy-7");
  EXPECT_EQ(message.command_id(), "c-1");
  EXPECT_EQ(message.schema_level(), 1u);
  EXPECT_EQ(message.body(), std::string("\0\xff", 2));
  EXPECT_EQ(message.type(), pb::RECORD_TYPE_EVENTS);
  EXPECT_EQ(message.SerializeAsString(), Encoded(head, std::string("\0\xff", 2)));
}

TEST(Envelope, ReadsWhatTheGeneratedClassWrites) {
  pb::Record message;
  message.set_type(pb::RECORD_TYPE_TICK);
  message.set_epoch(1);
  message.set_owner(std::string(16, '\2'));
  message.set_seq(3);
  const Result<Record> record = Decode(message.SerializeAsString());
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(record.value().head, TickHead(1, 2, 3));
}

TEST(Envelope, SkipsFieldsOfALaterVersionAndReadsUnpackedKinds) {
  std::string bytes = Encoded(EventsHead(1, 1, 1), "b");
  bytes += std::string("\x38\x07", 2);         // kinds = 7, not packed
  bytes += std::string("\xa2\x06\x03xyz", 6);  // field 100: bytes
  bytes += std::string("\xa8\x06\x01", 3);     // field 101: a number
  bytes += std::string(
      "\xb1\x06"
      "12345678",
      10);  // field 102: fixed64
  bytes += std::string(
      "\xbd\x06"
      "1234",
      6);  // field 103: fixed32
  const Result<Record> record = Decode(bytes);
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(record.value().head.kinds, (std::vector<uint32_t>{1, 300, 7}));
}

TEST(Envelope, RefusesWhatBreaksTheRulesInBothDirections) {
  const auto refused = [](RecordHead head, const char* field) {
    std::string bytes = "kept";
    const Status s = Encode(head, "", &bytes);
    ASSERT_FALSE(s.ok()) << field;
    EXPECT_EQ(FieldOf(s.error()), field);
    EXPECT_EQ(bytes, "kept");
  };
  const RecordHead good = EventsHead(1, 1, 1);
  const auto with = [&](auto change) {
    RecordHead head = good;
    change(head);
    return head;
  };
  refused(with([](auto& h) { h.epoch = 0; }), "epoch");
  refused(with([](auto& h) { h.owner = {}; }), "owner");
  refused(with([](auto& h) { h.seq = 0; }), "seq");
  refused(with([](auto& h) { h.case_id = {}; }), "case_id");
  refused(with([](auto& h) { h.version = 0; }), "version");
  refused(with([](auto& h) { h.type = static_cast<RecordType>(8); }), "type");
  refused(with([](auto& h) { h.type = static_cast<RecordType>(0); }), "type");
  refused(with([](auto& h) { h.tenant.assign(kMaxTenantBytes + 1, 'x'); }), "tenant");
  refused(with([](auto& h) { h.tenant = "\xc3("; }), "tenant");
  refused(with([](auto& h) { h.command_id = "\xed\xa0\x80"; }), "command_id");
  refused(with([](auto& h) { h.kinds.assign(kMaxKinds + 1, 1); }), "kinds");
  RecordHead fence = FenceHead(1, 1);
  fence.seq = 1;
  refused(fence, "seq");

  pb::Record message;
  ASSERT_TRUE(message.ParseFromString(Encoded(good, "")));
  message.set_owner("short");
  EXPECT_EQ(FieldOf(Decode(message.SerializeAsString()).error()), "owner");
  ASSERT_TRUE(message.ParseFromString(Encoded(good, "")));
  message.set_chain_hash(std::string(31, 'x'));
  EXPECT_EQ(FieldOf(Decode(message.SerializeAsString()).error()), "chain_hash");
  ASSERT_TRUE(message.ParseFromString(Encoded(good, "")));
  message.set_type(pb::RECORD_TYPE_UNSPECIFIED);
  EXPECT_EQ(FieldOf(Decode(message.SerializeAsString()).error()), "type");
}

TEST(Envelope, RefusesARecordOverOneMebibyte) {
  const RecordHead head = EventsHead(1, 1, 1);
  std::string bytes;
  EXPECT_FALSE(Encode(head, std::string(kMaxRecordBytes, 'x'), &bytes).ok());
  EXPECT_TRUE(bytes.empty());
  EXPECT_TRUE(Encode(head, std::string(kMaxRecordBytes - 400, 'x'), &bytes).ok());
  EXPECT_TRUE(Decode(bytes).ok());
  EXPECT_FALSE(Decode(std::string(kMaxRecordBytes + 1, '\0')).ok());
}

TEST(Envelope, AnyBytesDecodeToAValueOrAnError) {
  std::mt19937 random(7);
  const std::string good = Encoded(EventsHead(1, 1, 1), std::string(40, 'b'));
  for (size_t cut = 0; cut < good.size(); ++cut) (void)Decode(good.substr(0, cut)).ok();
  EXPECT_FALSE(Decode("").ok());
  for (int i = 0; i < 50'000; ++i) {
    std::string bytes = good;
    for (int k = 0; k < 1 + i % 5; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (i % 3 == 0) bytes.resize(random() % bytes.size());
    const Result<Record> record = Decode(bytes);
    if (!record) {
      EXPECT_EQ(record.error().code, ErrorCode::kInvalidArgument);
      continue;
    }
    std::string again;
    ASSERT_TRUE(Encode(record->head, record->body, &again).ok()) << "what is decoded can be encoded";
    EXPECT_EQ(Decode(again).value(), record.value());
  }
}

TEST(Envelope, HeadersAreTexts) {
  const RecordHead head = EventsHead(1, 1, 1, 42);
  const EnvelopeHeaders headers(head);
  ASSERT_EQ(headers.all().size(), 3u);
  EXPECT_EQ(headers.all()[0].name, "k");
  EXPECT_EQ(headers.all()[0].value, "1,300");
  EXPECT_EQ(headers.all()[1].value, "acme");
  EXPECT_EQ(headers.all()[2].name, "v");
  EXPECT_EQ(headers.all()[2].value, "42");
  EXPECT_EQ(KeyOf(head), head.case_id.AsBytes());
  EXPECT_EQ(KeyOf(FenceHead(1, 1)), "");
}

TEST(Bodies, OfFencesAndBasesComeBack) {
  const Position floor{91, 4, OwnerNamed(9), 12};
  const Fence fence{"10.0.0.7:7300", "routing-0 0.1.0"};
  EXPECT_EQ(DecodeFence(EncodeFence(fence)).value(), fence);
  EXPECT_EQ(DecodeFence("").value(), Fence{});
  const BaseBegin begin{floor, 1'700'000'000'000};
  EXPECT_EQ(DecodeBaseBegin(EncodeBaseBegin(begin)).value(), begin);
  const BaseEnd end{floor, 1000, 3};
  EXPECT_EQ(DecodeBaseEnd(EncodeBaseEnd(end)).value(), end);
  BaseKey key;
  key.fingerprint = OwnerNamed(1);
  key.case_id = CaseId::Make(5, 6, 7, 8);
  key.body_hash.fill(3);
  key.expires_at_ms = 99;
  const std::vector<BaseKey> page{key, key};
  EXPECT_EQ(DecodeBaseKeys(EncodeBaseKeys(page)).value(), page);
  EXPECT_TRUE(DecodeBaseKeys("").value().empty());

  pb::BaseEnd message;
  ASSERT_TRUE(message.ParseFromString(EncodeBaseEnd(end)));
  EXPECT_EQ(message.floor().offset(), 91);
  EXPECT_EQ(message.floor().owner(), std::string(16, '\x9'));
  EXPECT_EQ(message.key_pages(), 3u);
  pb::BaseKeys keys;
  ASSERT_TRUE(keys.ParseFromString(EncodeBaseKeys(page)));
  EXPECT_EQ(keys.keys(1).expires_at_ms(), 99);
}

TEST(Bodies, HostileBytesAreErrors) {
  EXPECT_FALSE(DecodeBaseBegin("").ok()) << "a base without its floor is none";
  EXPECT_FALSE(DecodeBaseEnd("").ok());
  EXPECT_FALSE(DecodeBaseKeys(std::string("\x0a\x00", 2)).ok());
  std::mt19937 random(11);
  const std::string good = EncodeBaseEnd({Position{91, 4, OwnerNamed(9), 12}, 1000, 3});
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = good;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes.resize(random() % (bytes.size() + 1));
    (void)DecodeFence(bytes).ok();
    (void)DecodeBaseBegin(bytes).ok();
    (void)DecodeBaseKeys(bytes).ok();
    (void)DecodeBaseEnd(bytes).ok();
  }
}

}  // namespace
}  // namespace escalon::log

#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "common/wire/delivery_codec.h"
#include "common/wire/document_codec.h"
#include "common/wire/error_codec.h"
#include "common/wire/names.h"
#include "common/wire/outcome_codec.h"
#include "common/wire/timestamps.h"
#include "common/wire/utf8.h"
#include "escalon/cases/v1/commands.pb.h"
#include "escalon/delivery/v1/delivery_records.pb.h"
#include "escalon/dlq/v1/dead_letter.pb.h"
#include "escalon/document/v1/document.pb.h"
#include "escalon/keeper/v1/keeper_service.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/unit/wire/fill.h"
#include "tests/unit/wire/samples.h"

namespace escalon::wire {
namespace {

TEST(ErrorCodec, EveryCodeComesBackWithEverythingItSays) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const Error error{
        static_cast<ErrorCode>(i), "what is wrong", {{"a.b[0]", "do this"}, {"c", "do that"}}, "10.0.0.7:7001", 1'500};
    const Error read = DecodeStatus(GrpcCodeOf(error.code), "what is wrong", EncodeStatus(error));
    EXPECT_EQ(read.code, error.code) << ErrorReason(error.code);
    EXPECT_EQ(read.message, error.message);
    EXPECT_EQ(read.detail, error.detail);
    EXPECT_EQ(read.retry_after_ms, error.retry_after_ms);
    ASSERT_EQ(read.fields.size(), 2u);
    EXPECT_EQ(read.fields[0].field, "a.b[0]");
    EXPECT_EQ(read.fields[1].message, "do that");
  }
}

TEST(ErrorCodec, ForeignClientsSeeStandardDetails) {
  google::rpc::Status status;
  ToProto(Error{ErrorCode::kOutcomeUnknown, "no answer in time", {}, "cmd-1", 100}, &status);
  EXPECT_EQ(status.code(), 14);
  ASSERT_EQ(status.details_size(), 2);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(status.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "OUTCOME_UNKNOWN");
  EXPECT_EQ(info.domain(), "escalon");
  EXPECT_EQ(info.metadata().at("command_id"), "cmd-1");
}

TEST(ErrorCodec, AStatusOfSomebodyElseIsJudgedByItsCode) {
  EXPECT_EQ(DecodeStatus(14, "connection refused", "").code, ErrorCode::kUnavailable);
  EXPECT_EQ(DecodeStatus(14, "connection refused", "").message, "connection refused");
  EXPECT_EQ(DecodeStatus(1, "cancelled", "").code, ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(DecodeStatus(12, "unimplemented", "garbage").code, ErrorCode::kInternal);
  EXPECT_EQ(DecodeStatus(-5, "?", "").code, ErrorCode::kInternal);
}

TEST(ErrorCodec, AHugeErrorStillFitsIntoATrailer) {
  Error error{ErrorCode::kInvalidArgument, std::string(100'000, 'm'), {}, std::string(100'000, 'd')};
  for (int i = 0; i < 1'000; ++i) error.fields.push_back({std::string(1'000, 'f'), std::string(10'000, 'v')});
  const std::string bytes = EncodeStatus(error);
  EXPECT_LE(bytes.size(), kMaxStatusBytes);
  const Error read = DecodeStatus(3, "", bytes);
  EXPECT_EQ(read.code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(read.fields.empty());
}

TEST(ErrorCodec, AMessageIsNotCutInsideACharacter) {
  std::string message;
  for (int i = 0; i < 1'000; ++i) message += "€";
  google::rpc::Status status;
  ToProto(Error{ErrorCode::kInternal, message}, &status);
  EXPECT_TRUE(IsUtf8(status.message()));
}

TEST(OutcomeCodec, AnAnswerComesBackAsItWas) {
  const Case c = SampleCase();
  const ports::Answered answered = AnsweredOf(c, OutcomeKind::kAttached, c.last_at);
  EXPECT_EQ(answered.team, "store-support");
  keeper::v1::KeeperOutcome outcome;
  ToProto(77, answered, &outcome);
  EXPECT_EQ(outcome.call(), 77u);
  auto read = FromProto(outcome);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->case_id, c.id);
  EXPECT_EQ(read->version, 2u);
  EXPECT_EQ(read->outcome, OutcomeKind::kAttached);
  EXPECT_EQ(read->state, c.state);
  EXPECT_EQ(read->priority, Priority::kP2);
  EXPECT_EQ(read->level, "L1");
  EXPECT_EQ(read->person, "p.maier");
  EXPECT_EQ(read->at, c.last_at);

  cases::v1::CommandResult result;
  ToProto(*read, "cmd-1", &result);
  EXPECT_EQ(result.case_id(), c.id.ToString());
  EXPECT_EQ(result.command_id(), "cmd-1");
  EXPECT_EQ(result.outcome(), ::escalon::common::v1::OUTCOME_KIND_ATTACHED);
}

TEST(OutcomeCodec, ARefusalComesBackAsItWas) {
  keeper::v1::KeeperOutcome outcome;
  ToProto(1, Error{ErrorCode::kNotOwner, "elsewhere", {}, "10.0.0.7:7001"}, &outcome);
  auto read = FromProto(outcome);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kNotOwner);
  EXPECT_EQ(read.error().detail, "10.0.0.7:7001");
}

TEST(OutcomeCodec, AnAnswerThatCannotBeReadIsUnknownNotRefused) {
  EXPECT_EQ(FromProto(keeper::v1::KeeperOutcome()).error().code, ErrorCode::kOutcomeUnknown);
  keeper::v1::KeeperOutcome later;
  later.mutable_result()->set_state(static_cast<::escalon::common::v1::CaseState>(99));
  EXPECT_EQ(FromProto(later).error().code, ErrorCode::kOutcomeUnknown);
}

TEST(DeliveryCodec, EveryFieldSurvivesARoundTrip) {
  delivery::v1::DeliveryRecord message;
  Filler().Fill(&message);
  auto record = DecodeDelivery(message.SerializeAsString());
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(EncodeDelivery(*record), message.SerializeAsString());
  EXPECT_EQ(static_cast<size_t>(message.GetDescriptor()->field_count()), MemberCount<DeliveryRecord>());
}

TEST(DeliveryCodec, DeadLettersComeBackAndAreCut) {
  dlq::v1::DeadLetter message;
  Filler().Fill(&message);
  auto letter = DecodeDeadLetter(message.SerializeAsString());
  ASSERT_TRUE(letter.ok()) << letter.error().message;
  EXPECT_EQ(EncodeDeadLetter(*letter), message.SerializeAsString());
  EXPECT_EQ(static_cast<size_t>(message.GetDescriptor()->field_count()), MemberCount<DeadLetter>());

  DeadLetter large;
  large.value.assign(600'000, 'x');
  auto cut = DecodeDeadLetter(EncodeDeadLetter(large));
  ASSERT_TRUE(cut.ok());
  EXPECT_EQ(cut->value.size(), kMaxDeadLetterBytes);
  EXPECT_EQ(cut->value_size, 600'000u);
}

TEST(DocumentCodec, EveryFieldSurvivesARoundTrip) {
  const std::string yaml = "id: default\n";
  const DocumentVersion document{"acme", "default", 3, yaml, std::string(AsView(Sha256Of(yaml))), "p.maier", 42, "why"};
  auto read = DecodeDocument(EncodeDocument(document));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(*read == document);
  EXPECT_EQ(static_cast<size_t>(document::v1::DocumentRecord::descriptor()->field_count()),
            MemberCount<DocumentVersion>());
}

TEST(DocumentCodec, AnAlteredTextIsRefused) {
  DocumentVersion document{"acme", "default", 3, "id: other\n", std::string(AsView(Sha256Of("id: default\n"))),
                           "p",    1,         ""};
  auto read = DecodeDocument(EncodeDocument(document));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fields.at(0).field, "document.hash");
}

TEST(Timestamps, InstantsComeBackToTheMillisecond) {
  for (const InstantMs at : {InstantMs{1}, InstantMs{999}, InstantMs{1'903'190'400'123}, kNever}) {
    google::protobuf::Timestamp time;
    PutTime(at, &time);
    InstantMs read = 0;
    ASSERT_TRUE(TimeOf(time, &read));
    EXPECT_EQ(read, at);
  }
}

TEST(Utf8, OnlyStrictUtf8IsValid) {
  for (const char* good : {"", "abc", "äöü€", "\xf0\x9f\x98\x80", "exactly8", "longer than eight bytes ü"})
    EXPECT_TRUE(IsUtf8(good)) << good;
  for (const char* bad : {"\x80", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "12345678\xff"})
    EXPECT_FALSE(IsUtf8(bad)) << bad;
}

}  // namespace
}  // namespace escalon::wire

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "common/wire/command_codec.h"
#include "common/wire/delivery_codec.h"
#include "common/wire/document_codec.h"
#include "common/wire/error_codec.h"
#include "common/wire/events_codec.h"
#include "common/wire/json_codec.h"
#include "common/wire/protobuf_log.h"
#include "common/wire/snapshot_codec.h"
#include "common/wire/submission_codec.h"
#include "escalon/events/v1/snapshot.pb.h"
#include "escalon/keeper/v1/keeper_service.pb.h"
#include "escalon/submission/v1/submission.pb.h"
#include "tests/unit/wire/fill.h"
#include "tests/unit/wire/samples.h"

namespace escalon::wire {
namespace {

constexpr int kRounds = 4'000;

std::string Damaged(std::string bytes, std::mt19937_64& random) {
  const auto at = [&](size_t bound) { return bound == 0 ? size_t{0} : static_cast<size_t>(random() % bound); };
  for (uint64_t n = 1 + random() % 4; n > 0; --n) {
    switch (random() % 5) {
      case 0:
        bytes.resize(at(bytes.size()));
        break;
      case 1:
        if (!bytes.empty()) bytes[at(bytes.size())] = static_cast<char>(random());
        break;
      case 2:
        if (!bytes.empty()) bytes[at(bytes.size())] ^= static_cast<char>(1 << random() % 8);
        break;
      case 3:
        bytes.insert(at(bytes.size()), std::string(1 + random() % 9, static_cast<char>(random())));
        break;
      default: {
        const size_t from = at(bytes.size());
        bytes.insert(at(bytes.size()), bytes.substr(from, random() % 40));
      }
    }
  }
  return bytes;
}

void Torture(const std::string& good, const std::function<void(const std::string&)>& decode) {
  std::mt19937_64 random(20300423);
  decode(good);
  for (size_t size = 0; size < good.size(); size += 1 + good.size() / 300) decode(good.substr(0, size));
  for (int i = 0; i < kRounds; ++i) decode(Damaged(good, random));
  for (int i = 0; i < 500; ++i) {
    std::string noise(random() % 200, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    decode(noise);
  }
}

class HostileBytes : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { SilenceProtobufLog(); }
};

TEST_F(HostileBytes, ADamagedBatchIsAValueOrAnErrorWithAField) {
  Torture(EncodeBatch(TriagedBatch()), [](const std::string& bytes) {
    auto batch = DecodeBatch(bytes);
    if (!batch.ok()) {
      EXPECT_FALSE(batch.error().fields.empty());
      return;
    }
    auto again = DecodeBatch(EncodeBatch(*batch));
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE(*again == *batch);
  });
}

TEST_F(HostileBytes, ADamagedSnapshotIsAValueOrAnErrorWithAField) {
  events::v1::CaseSnapshot snapshot;
  Filler().Fill(&snapshot);
  Torture(snapshot.SerializeAsString(), [](const std::string& bytes) {
    auto c = DecodeCase(bytes);
    if (!c.ok()) {
      EXPECT_FALSE(c.error().fields.empty());
      return;
    }
    const std::string once = EncodeCase(*c);
    auto again = DecodeCase(once);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(EncodeCase(*again), once);
  });
}

TEST_F(HostileBytes, ADamagedCommandIsAValueOrAnErrorWithAField) {
  Filler filler;
  keeper::v1::KeeperCommand command;
  filler.Fill(&command);
  const auto* bodies = cases::v1::Command::descriptor();
  for (int kind = 1; kind <= 38; ++kind) {
    filler.FillField(command.mutable_command(), bodies->FindFieldByNumber(10 + kind));
    std::mt19937_64 random(static_cast<uint64_t>(kind));
    const std::string good = command.SerializeAsString();
    for (int i = 0; i < 200; ++i) {
      keeper::v1::KeeperCommand damaged;
      if (!damaged.ParseFromString(Damaged(good, random))) continue;
      auto decoded = FromProto(damaged);
      EXPECT_TRUE(decoded.ok() || !decoded.error().fields.empty());
    }
  }
}

TEST_F(HostileBytes, ADamagedSubmissionIsAValueOrAnErrorWithAField) {
  Filler filler;
  submission::v1::Submission submission;
  filler.Fill(&submission);
  Torture(submission.SerializeAsString(), [](const std::string& bytes) {
    submission::v1::Submission damaged;
    if (!damaged.ParseFromString(bytes)) return;
    auto open =
        ReadSubmission(damaged, "submission", "x",
                       [](std::string_view, std::string_view, std::string_view plain) { return std::string(plain); });
    EXPECT_TRUE(open.ok() || !open.error().fields.empty());
  });
}

TEST_F(HostileBytes, DamagedJsonIsAValueOrAnError) {
  Filler filler;
  submission::v1::Submission submission;
  filler.Fill(&submission);
  Torture(ToJson(submission), [](const std::string& json) {
    submission::v1::Submission read;
    if (auto status = FromJson(json, "submission", &read); !status.ok()) {
      EXPECT_EQ(status.error().fields.at(0).field, "submission");
    }
  });
}

TEST_F(HostileBytes, DeepJsonIsRefused) {
  submission::v1::Submission read;
  const std::string deep(100'000, '[');
  EXPECT_FALSE(FromJson("{\"tags\": " + deep, "submission", &read).ok());
  EXPECT_FALSE(FromJson(std::string(kMaxJsonBytes + 1, ' '), "submission", &read).ok());
  EXPECT_FALSE(FromJson("{\"title\": \"\xff\"}", "submission", &read).ok());
  EXPECT_FALSE(FromJson("{\"unknown\": 1}", "submission", &read).ok());
}

TEST_F(HostileBytes, DamagedRecordsOfOtherTopicsAreValuesOrErrors) {
  DeliveryRecord delivery;
  delivery.case_id = CaseId::Make(1, 2, 3, 4);
  delivery.channel = "mail";
  Torture(EncodeDelivery(delivery), [](const std::string& bytes) { (void)DecodeDelivery(bytes).ok(); });
  DeadLetter letter;
  letter.value = "{";
  Torture(EncodeDeadLetter(letter), [](const std::string& bytes) { (void)DecodeDeadLetter(bytes).ok(); });
  Torture("rules: yes", [](const std::string& bytes) { EXPECT_FALSE(DecodeDocument(bytes).ok()); });
}

TEST_F(HostileBytes, ADamagedStatusIsAnError) {
  const Error error{ErrorCode::kNotOwner, "elsewhere", {{"a", "b"}}, "host:1", 5};
  Torture(EncodeStatus(error), [](const std::string& bytes) {
    const Error read = DecodeStatus(14, "elsewhere", bytes);
    EXPECT_FALSE(read.message.empty());
  });
}

}  // namespace
}  // namespace escalon::wire

// What stands behind the gRPC doors, intake's and the keeper's: bytes of protobuf to commands and submissions.
#include "common/wire/command_codec.h"
#include "common/wire/delivery_codec.h"
#include "common/wire/document_codec.h"
#include "common/wire/protobuf_log.h"
#include "common/wire/submission_codec.h"
#include "escalon/cases/v1/commands.pb.h"
#include "escalon/keeper/v1/keeper_service.pb.h"
#include "escalon/submission/v1/submission.pb.h"
#include "tests/fuzz/fuzz.h"

namespace {

escalon::Result<std::string> Seal(std::string_view, std::string_view, std::string_view plain) {
  return "sealed" + std::string(plain);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace escalon;
  static const bool silent = (wire::SilenceProtobufLog(), true);
  (void)silent;
  const int bytes = static_cast<int>(size);
  submission::v1::Submission submission;
  if (submission.ParseFromArray(data, bytes)) (void)wire::ReadSubmission(submission, "submission", "agent-1", Seal);
  cases::v1::Command client;
  if (client.ParseFromArray(data, bytes)) (void)wire::FromClient(client, "requester:1", Seal);
  keeper::v1::KeeperCommand keeper;
  if (keeper.ParseFromArray(data, bytes)) {
    const Result<Command> read = wire::FromProto(keeper);
    if (read.ok()) {
      keeper::v1::KeeperCommand again;
      wire::ToProto(*read, 1, &again);
      fuzz::Must(wire::FromProto(again).ok(), "a command that was read can be passed on");
    }
  }
  (void)wire::DecodeDelivery(fuzz::TextOf(data, size));
  (void)wire::DecodeDeadLetter(fuzz::TextOf(data, size));
  (void)wire::DecodeDocument(fuzz::TextOf(data, size));
  return 0;
}

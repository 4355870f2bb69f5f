// What stands behind intake's HTTP door: JSON to a submission or a command, judged and sealed.
#include "common/http/json_guard.h"
#include "common/wire/command_codec.h"
#include "common/wire/json_codec.h"
#include "common/wire/protobuf_log.h"
#include "common/wire/submission_codec.h"
#include "escalon/cases/v1/commands.pb.h"
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
  const std::string_view text = fuzz::TextOf(data, size);
  const auto parsed = http::ParseUntrustedJson(text);
  if (!parsed.ok()) fuzz::Must(parsed.error().code == ErrorCode::kInvalidArgument, "bad JSON is a bad argument");
  submission::v1::Submission submission;
  if (wire::FromJson(text, "submission", &submission).ok()) {
    const auto read = wire::ReadSubmission(submission, "submission", "agent-1", Seal);
    if (!read.ok()) fuzz::Must(!read.error().fields.empty(), "a refused submission names its fields");
    submission::v1::Submission again;
    fuzz::Must(wire::FromJson(wire::ToJson(submission), "submission", &again, 4 * wire::kMaxJsonBytes).ok(),
               "what was read can be written and read");
  }
  cases::v1::Command command;
  if (wire::FromJson(text, "command", &command).ok()) {
    const auto read = wire::FromClient(command, "requester:1", Seal);
    if (!read.ok()) fuzz::Must(!read.error().fields.empty(), "a refused command names its fields");
  }
  return 0;
}

#include "common/wire/json_codec.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include "common/wire/utf8.h"

namespace escalon::wire {
namespace {

constexpr size_t kReasonBytes = 200;

}  // namespace

Status FromJson(std::string_view json, std::string_view root, google::protobuf::Message* out, size_t max_bytes) {
  out->Clear();
  if (json.size() > max_bytes) {
    return InvalidField(std::string(root), "has " + std::to_string(json.size()) + " bytes; at most " +
                                               std::to_string(max_bytes) + " are allowed");
  }
  if (!IsUtf8(json)) return InvalidField(std::string(root), "is not valid UTF-8; send UTF-8");
  google::protobuf::util::JsonParseOptions options;
  options.case_insensitive_enum_parsing = true;
  const auto status = google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, out, options);
  if (status.ok()) return {};
  out->Clear();
  std::string reason;
  AssignUtf8({status.message().data(), status.message().size()}, &reason);
  return InvalidField(std::string(root), "is no such JSON: " + std::string(CutUtf8(reason, kReasonBytes)));
}

std::string ToJson(const google::protobuf::Message& message, bool all) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = all;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) return "{}";
  return json;
}

}  // namespace escalon::wire

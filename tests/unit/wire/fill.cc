#include "tests/unit/wire/fill.h"

#include <google/protobuf/timestamp.pb.h>
#include <algorithm>

#include <set>
#include <string_view>

#include "common/core/ids.h"

namespace escalon::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const std::set<std::string_view> kCaseIds = {"case_id", "other", "parent", "into", "from"};
const std::set<std::string_view> kHashes = {"chain", "hash"};

/// Plain words of clients, which what is stored does not have.
bool OnlyFromClients(const FieldDescriptor* field) {
  if (field->name() == "plain") return true;
  const bool personal = field->name() == "text" || field->name() == "contact";
  return personal && field->containing_type()->FindFieldByName("sealed_" + field->name()) != nullptr;
}

std::string Padded(int n, size_t size) {
  std::string digits = std::to_string(n);
  return std::string(size - digits.size(), '0') + digits;
}

}  // namespace

void Filler::Fill(Message* message) {
  if (auto* time = dynamic_cast<google::protobuf::Timestamp*>(message)) {
    time->set_seconds(1'900'000'000 + next_);
    time->set_nanos(next_++ % 1000 * 1'000'000);
    return;
  }
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    if (field->real_containing_oneof() == nullptr) FillField(message, field);
  }
}

void Filler::FillField(Message* message, const FieldDescriptor* field) {
  const bool left_out = std::any_of(left_out_.begin(), left_out_.end(), [field](const std::string& name) {
    return field->full_name().ends_with("." + name);
  });
  if (OnlyFromClients(field) || left_out) return;
  if (field->is_repeated()) return FillRepeated(message, field);
  const auto* reflection = message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->SetInt32(message, field, next_++);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->SetInt64(message, field, 1'900'000'000'000 + next_++);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->SetUInt32(message, field, static_cast<uint32_t>(next_++));
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection->SetUInt64(message, field, 0x8000000000000000u + static_cast<uint64_t>(next_++));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->SetBool(message, field, true);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->SetEnumValue(message, field, EnumNumber(field));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->SetString(message, field, Text(field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(reflection->MutableMessage(message, field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return;
  }
}

void Filler::FillRepeated(Message* message, const FieldDescriptor* field) {
  const auto* reflection = message->GetReflection();
  for (int i = 0; i < 2; ++i) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Fill(reflection->AddMessage(message, field));
    } else {
      reflection->AddString(message, field, Text(field));
    }
  }
}

std::string Filler::Text(const FieldDescriptor* field) {
  const int n = next_++;
  if (field->type() == FieldDescriptor::TYPE_BYTES) {
    if (kCaseIds.contains(field->name())) return Padded(n, 16);
    if (kHashes.contains(field->name())) return Padded(n, 32);
    return "\xff\xfe" + Padded(n, 5);
  }
  const bool command = field->file()->package() == "escalon.cases.v1";
  if (command && kCaseIds.contains(field->name())) {
    return CaseId::Make(1'900'000'000'000 + n, n % kBuckets, 7, static_cast<uint64_t>(n)).ToString();
  }
  return field->name() + "-ü-" + Padded(n, 6);
}

int Filler::EnumNumber(const FieldDescriptor* field) {
  return field->enum_type()->value(1 + next_++ % (field->enum_type()->value_count() - 1))->number();
}

}  // namespace escalon::wire

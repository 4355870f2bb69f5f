#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace escalon::wire {

/// Sets every field of a message to a value that no other field has, lists to two items, as a service would store it:
/// ids of 16 bytes, hashes of 32, sealed texts instead of plain ones. The same calls give the same values.
class Filler {
 public:
  void Fill(google::protobuf::Message* message);
  /// Leaves fields alone that have been added since values were pinned: `name`, or `Message.name`.
  void LeaveOut(std::vector<std::string> names) { left_out_ = std::move(names); }
  /// Sets one field, and everything below it.
  void FillField(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field);

 private:
  void FillRepeated(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field);
  std::string Text(const google::protobuf::FieldDescriptor* field);
  int EnumNumber(const google::protobuf::FieldDescriptor* field);

  std::vector<std::string> left_out_;
  int next_ = 1;
};

/// Converts to anything, so that the members of an aggregate can be counted.
struct Anything {
  template <typename T>
  operator T() const;
};

/// How many members a struct has: a member that the wire does not know shows here.
template <typename T, typename... Args>
constexpr size_t MemberCount() {
  if constexpr (requires { T{Args{}..., Anything{}}; }) {
    return MemberCount<T, Args..., Anything>();
  } else {
    return sizeof...(Args);
  }
}

}  // namespace escalon::wire

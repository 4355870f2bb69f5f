#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/ids.h"
#include "common/core/position.h"

/// The few parts of the protobuf wire format that the envelope needs. Inside this room only.
namespace escalon::log::wire {

enum class WireType : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// proto3: a default value is not written.
void PutNumber(uint32_t field, uint64_t value, std::string* out);
void PutBytes(uint32_t field, std::string_view value, std::string* out);
/// Also when empty: elements of a repeated field.
void PutElement(uint32_t field, std::string_view value, std::string* out);
/// A LogPosition as a submessage.
void PutPosition(uint32_t field, const Position& position, std::string* out);

/// Walks over the fields of one message. Never reads beyond it, whatever the bytes.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : rest_(bytes) {}
  /// The next field; false at the end or when the bytes are broken: see ok().
  bool Next();
  bool ok() const { return ok_; }

  uint32_t field() const { return field_; }
  bool is_number() const { return type_ == WireType::kVarint; }
  bool is_bytes() const { return type_ == WireType::kBytes; }
  uint64_t number() const { return number_; }
  std::string_view bytes() const { return bytes_; }

 private:
  bool Take(size_t size, std::string_view* out);

  std::string_view rest_;
  bool ok_ = true;
  uint32_t field_ = 0;
  WireType type_ = WireType::kVarint;
  uint64_t number_ = 0;
  std::string_view bytes_;
};

/// False when it is no LogPosition.
bool ReadPosition(std::string_view bytes, Position* position);
bool ReadBytes16(std::string_view bytes, Bytes16* out);

bool IsUtf8(std::string_view text);

}  // namespace escalon::log::wire

#include "common/log/wire_format.h"

#include <algorithm>

#include "common/core/varint.h"

namespace escalon::log::wire {
namespace {

void PutTag(uint32_t field, WireType type, std::string* out) {
  PutVarint(uint64_t{field} << 3 | static_cast<uint32_t>(type), out);
}

std::string_view AsText(const Bytes16& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

void PutNumber(uint32_t field, uint64_t value, std::string* out) {
  if (value == 0) return;
  PutTag(field, WireType::kVarint, out);
  PutVarint(value, out);
}

void PutElement(uint32_t field, std::string_view value, std::string* out) {
  PutTag(field, WireType::kBytes, out);
  PutVarint(value.size(), out);
  out->append(value);
}

void PutBytes(uint32_t field, std::string_view value, std::string* out) {
  if (!value.empty()) PutElement(field, value, out);
}

void PutPosition(uint32_t field, const Position& position, std::string* out) {
  std::string message;
  PutNumber(1, static_cast<uint64_t>(position.offset), &message);
  PutNumber(2, position.epoch, &message);
  PutBytes(3, AsText(position.owner), &message);
  PutNumber(4, position.seq, &message);
  PutElement(field, message, out);
}

bool Fields::Take(size_t size, std::string_view* out) {
  if (rest_.size() < size) return false;
  *out = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

bool Fields::Next() {
  if (!ok_ || rest_.empty()) return false;
  ok_ = false;
  uint64_t tag = 0;
  if (!TakeVarint(&rest_, &tag) || tag >> 3 == 0 || tag >> 3 >= 1u << 29) return false;
  field_ = static_cast<uint32_t>(tag >> 3);
  type_ = static_cast<WireType>(tag & 7);
  uint64_t size = 0;
  switch (type_) {
    case WireType::kVarint:
      ok_ = TakeVarint(&rest_, &number_);
      break;
    case WireType::kBytes:
      ok_ = TakeVarint(&rest_, &size) && size <= rest_.size() && Take(size, &bytes_);
      break;
    case WireType::kFixed64:
      ok_ = Take(8, &bytes_);
      break;
    case WireType::kFixed32:
      ok_ = Take(4, &bytes_);
      break;
  }
  return ok_;
}

bool ReadBytes16(std::string_view bytes, Bytes16* out) {
  if (bytes.size() != out->size()) return false;
  std::copy(bytes.begin(), bytes.end(), out->begin());
  return true;
}

bool ReadPosition(std::string_view bytes, Position* position) {
  *position = {};
  Fields fields(bytes);
  while (fields.Next()) {
    switch (fields.field()) {
      case 1:
        if (!fields.is_number() || fields.number() > INT64_MAX) return false;
        position->offset = static_cast<int64_t>(fields.number());
        break;
      case 2:
        if (!fields.is_number()) return false;
        position->epoch = fields.number();
        break;
      case 3:
        if (!fields.is_bytes() || !ReadBytes16(fields.bytes(), &position->owner)) return false;
        break;
      case 4:
        if (!fields.is_number()) return false;
        position->seq = fields.number();
        break;
      default:
        break;
    }
  }
  return fields.ok();
}

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<uint8_t>(text[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() - i < size) return false;
    uint32_t code = lead & (0x7fu >> size);
    for (size_t k = 1; k < size; ++k) {
      const auto byte = static_cast<uint8_t>(text[i + k]);
      if ((byte & 0xc0) != 0x80) return false;
      code = code << 6 | (byte & 0x3fu);
    }
    const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    if (overlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
    i += size;
  }
  return true;
}

}  // namespace escalon::log::wire

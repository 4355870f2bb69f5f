#include "common/wire/mapping.h"

namespace escalon::wire {

std::string Reader::PathOf(std::string_view field) const {
  std::string path(root_);
  for (const auto& [name, index] : path_) {
    if (!path.empty()) path += '.';
    path += name;
    if (index >= 0) path += '[' + std::to_string(index) + ']';
  }
  if (!path.empty() && !field.empty()) path += '.';
  return path.append(field);
}

void Reader::Fail(std::string_view field, std::string message) {
  if (violations_.size() < kMaxViolations) violations_.push_back({PathOf(field), std::move(message)});
}

void Reader::Fail(std::string_view field, const Error& error) {
  if (error.fields.empty()) return Fail(field, error.message);
  for (const FieldViolation& violation : error.fields) Fail(field, violation.message);
}

Error Reader::TakeError() {
  Error error{ErrorCode::kInvalidArgument, violations_.front().field + ": " + violations_.front().message};
  error.fields = std::move(violations_);
  error.detail = std::move(detail_);
  return error;
}

void Reader::FailEnum(const char* field, int number, int last) {
  Fail(field, number == 0 ? std::string("is not set; give a value")
                          : std::to_string(number) + " is not known here; numbers go up to " + std::to_string(last));
}

void Reader::Id(const char* field, std::string_view bytes, CaseId* out) {
  if (bytes.empty()) {
    *out = CaseId();
    return;
  }
  auto id = CaseId::FromBytes(bytes);
  if (!id) return Fail(field, "has " + std::to_string(bytes.size()) + " bytes; a case id has 16");
  *out = *id;
}

void Reader::IdText(const char* field, std::string_view text, CaseId* out) {
  if (text.empty()) {
    *out = CaseId();
    return;
  }
  auto id = CaseId::Parse(text);
  if (!id) return Fail(field, id.error());
  *out = *id;
}

bool Reader::Items(const char* field, int count) {
  const auto n = static_cast<size_t>(count);
  if (n > items_left_) {
    Fail(field, "has more items than a whole message may have (" + std::to_string(kMaxItems) + ")");
    return false;
  }
  items_left_ -= n;
  return true;
}

}  // namespace escalon::wire

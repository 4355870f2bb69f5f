#include "common/wire/sealed_fields.h"

#include <cstdint>

namespace escalon::wire {
namespace {

constexpr char kFormat = 1;
constexpr size_t kHead = 2;
constexpr size_t kMaxSubject = 255;

}  // namespace

std::string SubjectOf(const Facts& facts) {
  if (!facts.requester.subject.empty()) return facts.requester.subject;
  if (!facts.reporter.subject.empty()) return facts.reporter.subject;
  return "source:" + facts.source;
}

Result<std::string> SealText(const SealField& seal, std::string_view subject, std::string_view field,
                             std::string_view plain) {
  if (plain.empty()) return std::string();
  if (subject.size() > kMaxSubject) {
    return InvalidField("subject", "has more than " + std::to_string(kMaxSubject) + " bytes; use a shorter id");
  }
  auto sealed = seal(subject, field, plain);
  if (!sealed) return sealed.error();
  std::string stored;
  stored.reserve(kHead + subject.size() + sealed->size());
  stored.push_back(kFormat);
  stored.push_back(static_cast<char>(static_cast<uint8_t>(subject.size())));
  stored.append(subject).append(*sealed);
  return stored;
}

Result<std::string> OpenText(const OpenField& open, std::string_view field, std::string_view stored) {
  if (stored.empty()) return std::string();
  const size_t subject = stored.size() < kHead ? 0 : static_cast<uint8_t>(stored[1]);
  if (stored.size() < kHead + subject || stored[0] != kFormat) {
    return Error{ErrorCode::kInternal, std::string(field) + ": the stored bytes are no sealed field"};
  }
  return open(stored.substr(kHead, subject), field, stored.substr(kHead + subject));
}

}  // namespace escalon::wire

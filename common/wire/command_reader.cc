#include "common/wire/command_reader.h"

#include "common/security/text_guard.h"
#include "common/wire/map_common.h"
#include "common/wire/submission_reader.h"
#include "common/wire/timestamps.h"

namespace escalon::wire {

void CommandReader::CheckName(const char* field, std::string_view text) {
  if (!from_client() || text.empty()) return;
  if (auto status = CheckId(field, text, IdKind::kName); !status) Fail(field, status.error());
}

void CommandReader::CheckSubject(const char* field, std::string_view text) {
  if (!from_client() || text.empty()) return;
  if (auto status = CheckId(field, text, IdKind::kSubject); !status) Fail(field, status.error());
}

void CommandReader::CheckKey(const char* field, std::string_view text) {
  if (!from_client() || text.empty()) return;
  if (auto status = CheckId(field, text, IdKind::kKey); !status) Fail(field, status.error());
}

void CommandReader::CheckWords(const char* field, std::string_view text) {
  if (!from_client()) return;
  if (auto status = CheckLongText(field, text, kMaxWordsBytes); !status) Fail(field, status.error());
}

void CommandReader::CheckSize(const char* field, size_t size, size_t most) {
  if (size <= most) return;
  Fail(field, "has " + std::to_string(size) + " bytes; at most " + std::to_string(most) + " are allowed");
}

void CommandReader::SealFor(std::string_view subject, std::string_view what, std::string_view plain, std::string* out) {
  auto sealed = SealText(sealing_->seal, subject, what, plain);
  if (!sealed) {
    if (!trouble_) trouble_ = sealed.error();
    return;
  }
  *out = std::move(sealed).value();
}

void CommandReader::Sealed(std::string_view what, const std::string& plain, const std::string& sealed,
                           std::string* out) {
  if (!from_client()) {
    if (!plain.empty()) Fail("text", "is plain; between services only sealed_text is allowed");
    *out = sealed;
    return;
  }
  if (!sealed.empty()) Fail("sealed_text", "is for Escalon's own services; give text");
  const size_t most =
      what == kQuestion || what == kAnswer || what == kMajor ? kMaxConsultationBytes : kMaxPersonalBytes;
  if (auto status = CheckLongText("text", plain, most); !status) return Fail("text", status.error());
  SealFor(sealing_->subject, what, plain, out);
}

void CommandReader::Contact(const std::string& person, const std::string& plain, const std::string& sealed,
                            std::string* out) {
  if (!from_client()) {
    if (!plain.empty()) Fail("contact", "is plain; between services only sealed_contact is allowed");
    *out = sealed;
    return;
  }
  if (!sealed.empty()) Fail("sealed_contact", "is for Escalon's own services; give contact");
  if (plain.empty()) return;
  if (person.empty()) return Fail("person", "is empty; an address is sealed under its contact's id");
  if (auto status = CheckLongText("contact", plain, kMaxContactBytes); !status) return Fail("contact", status.error());
  SealFor(person, kPartyContact, plain, out);
}

void CommandReader::Package(const google::protobuf::RepeatedPtrField<common::v1::PackageField>& entries,
                            HandoverPackage* out) {
  if (!Items("package_fields", entries.size())) return;
  for (int i = 0; i < entries.size(); ++i) {
    const common::v1::PackageField& entry = entries.Get(i);
    Enter("package_fields", i);
    CheckName("name", entry.name());
    if (entry.name().empty()) Fail("name", "is empty; give the field's name");
    std::string sealed;
    Sealed(kPackage, entry.text(), entry.sealed_text(), &sealed);
    if (!out->fields.emplace(entry.name(), std::move(sealed)).second) {
      Fail("name", "stands there twice; give each field once");
    }
    Leave();
  }
}

void CommandReader::Time(const char* field, const google::protobuf::Timestamp& time, InstantMs* out) {
  if (!TimeOf(time, out)) Fail(field, "is no instant between 1970 and 2199; write it as 2030-04-23T16:00:00Z");
}

void CommandReader::Changes(const cases::v1::ChangeFacts& changes, ChangeFacts* out) {
  Enter("facts");
  if (!from_client()) {
    Map(*this, out->facts, changes.facts());
  } else if (changes.has_facts()) {
    Fail("", "is for Escalon's own services; give plain");
  }
  Leave();
  if (!from_client()) {
    if (changes.has_plain()) Fail("plain", "is plain; between services only facts is allowed");
    return;
  }
  if (out->fields.empty()) Fail("fields", "is empty; name the fields to change");
  for (const std::string& field : out->fields) {
    if (!IsChangeableFact(field)) Fail("fields", "names a field that cannot be changed; use the names of a submission");
  }
  Enter("plain");
  ReadChangedFacts(*this, changes.plain(), out);
  Leave();
}

}  // namespace escalon::wire

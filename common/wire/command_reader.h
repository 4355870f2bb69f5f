#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <optional>
#include <string>
#include <string_view>

#include "common/domain/command.h"
#include "common/wire/mapping.h"
#include "common/wire/sealed_fields.h"
#include "escalon/cases/v1/commands.pb.h"

/// Private to the room.
namespace escalon::wire {

inline constexpr size_t kMaxKeyBytes = 256;
inline constexpr size_t kMaxCommandIdBytes = 128;
inline constexpr size_t kMaxWordsBytes = 4000;
/// Of a plain personal text: once sealed it has to be within the decider's 64 KiB.
inline constexpr size_t kMaxPersonalBytes = 64 * 1024 - 512;
inline constexpr size_t kMaxConsultationBytes = 15 * 1024;  ///< the same, within 16 KiB; also of a major escalation
inline constexpr size_t kMaxContactBytes = 512;             ///< the same, within 1 KiB

/// Whose key seals what a client wrote, and how.
struct Sealing {
  SealField seal;
  std::string subject;
};

/// Reads a command, either as a client wrote it (its texts are judged and sealed) or as a service passed it on (they
/// were).
class CommandReader : public Reader {
 public:
  CommandReader(std::string_view root, const Sealing* sealing) : Reader(root), sealing_(sealing) {}

  bool from_client() const { return sealing_ != nullptr; }
  /// Only from clients.
  const std::string& subject() const { return sealing_->subject; }
  /// An error of the sealer: not the client's fault, so it is told as it is.
  const std::optional<Error>& trouble() const { return trouble_; }

  void Sealed(std::string_view what, const std::string& plain, const std::string& sealed, std::string* out);
  /// An address, sealed under the contact's own id.
  void Contact(const std::string& person, const std::string& plain, const std::string& sealed, std::string* out);
  void Package(const google::protobuf::RepeatedPtrField<common::v1::PackageField>& entries, HandoverPackage* out);
  void Changes(const cases::v1::ChangeFacts& changes, ChangeFacts* out);
  void Time(const char* field, const google::protobuf::Timestamp& time, InstantMs* out);
  void CheckSize(const char* field, size_t size, size_t most);

  void CheckName(const char* field, std::string_view text);
  void CheckSubject(const char* field, std::string_view text);
  void CheckKey(const char* field, std::string_view text);
  void CheckWords(const char* field, std::string_view text);

  /// Seals under a key of another subject than the command's.
  void SealFor(std::string_view subject, std::string_view what, std::string_view plain, std::string* out);

 private:
  const Sealing* sealing_;
  std::optional<Error> trouble_;
};

}  // namespace escalon::wire

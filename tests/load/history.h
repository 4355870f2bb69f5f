#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/core/ids.h"
#include "common/core/result.h"

namespace escalon::load {

enum class CallKind : uint8_t { kSubmit = 1, kCommand = 2 };

/// What the caller heard in the end, after its repeats.
enum class CallOutcome : uint8_t {
  kUnknown = 0,   ///< no answer, or "outcome unknown"
  kOpened = 1,    ///< a submission made a case
  kAttached = 2,  ///< a submission belongs to a case that was there
  kDone = 3,
  kUnchanged = 4,
  kAwaitsApproval = 5,
  kRejected = 6,
};
inline constexpr size_t kCallOutcomes = 7;
std::string_view Name(CallOutcome outcome);

/// One submission or command, with all its repeats under the same id.
struct Call {
  CallKind kind = CallKind::kSubmit;
  CallOutcome outcome = CallOutcome::kUnknown;
  uint16_t source = 0;   ///< of a submission: index in History::sources
  std::string id;        ///< idempotency key of a submission, command id of a command
  CaseId case_id;        ///< as answered; of a command also as asked
  uint64_t version = 0;  ///< as answered
  bool operator==(const Call&) const = default;
};

/// Everything that was asked of the cluster and what was heard. One thread.
class History {
 public:
  /// The place of the call, for Answer.
  size_t Submitted(const std::string& source, std::string idempotency_key);
  size_t Commanded(std::string command_id, const CaseId& case_id);
  void Answer(size_t call, CallOutcome outcome, const CaseId& case_id, uint64_t version);

  const std::vector<Call>& calls() const { return calls_; }
  const std::string& SourceOf(const Call& call) const { return sources_[call.source]; }

  /// One line a call, fields separated by tabs.
  Status Save(const std::string& path) const;
  static Result<History> Load(const std::string& path);

 private:
  uint16_t SourceIndex(const std::string& source);
  std::vector<Call> calls_;
  std::vector<std::string> sources_;
};

}  // namespace escalon::load

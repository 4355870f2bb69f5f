#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/runtime/move_function.h"
#include "escalon/cases/v1/case_service.pb.h"
#include "tests/load/history.h"

namespace escalon::load {

/// What a caller heard about one submission or command in the end.
struct Heard {
  CallOutcome outcome = CallOutcome::kUnknown;
  CaseId case_id;  ///< empty unless answered
  uint64_t version = 0;
  cases::v1::CommandResult result;  ///< only when answered
  Error error = {};                 ///< only when rejected or unknown
};

/// Asynchronous client of intake's CaseService: many calls in flight on few connections, one completion queue. What
/// fails for a while is repeated with the same ids, as RetryInfo asks or with backoff, until the patience is over; then
/// it is unknown when any try may have had its effect, else rejected. One thread: callbacks run within Poll.
class Door {
 public:
  struct Options {
    std::string address;  ///< `host:port`
    int channels = 2;
    DurationMs attempt_ms = 10 * kSecondMs;   ///< deadline of one try
    DurationMs patience_ms = 30 * kSecondMs;  ///< of all tries
  };
  using Done = runtime::MoveFunction<void(const Heard&)>;
  using GotCase = runtime::MoveFunction<void(const Result<cases::v1::PublicCase>&)>;

  Door(Options options, const Clock& machine_clock);
  /// What is in flight is cut; its callbacks do not run.
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  /// `authorization`: `Bearer …`. It is read again for repeats: must outlive the call.
  void Submit(submission::v1::Submission submission, const std::string& authorization, Done done);
  /// One call; `done[i]` hears of `submissions[i]`.
  void SubmitMany(std::vector<submission::v1::Submission> submissions, const std::string& authorization,
                  std::vector<Done> done);
  void Execute(const CaseId& case_id, cases::v1::Command command, const std::string& authorization, Done done);
  /// Not repeated.
  void Get(const CaseId& case_id, uint64_t min_version, const std::string& authorization, GotCase done);

  /// Answers that are there, and repeats that are due; waits for the first of them for at most `wait_us`.
  void Poll(int64_t wait_us);
  /// Calls that are not answered, those waiting for their repeat included.
  size_t in_flight() const;
  uint64_t repeats() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace escalon::load

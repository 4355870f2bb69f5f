#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/core/ids.h"
#include "common/core/instant.h"
#include "common/domain/case.h"
#include "common/domain/event.h"
#include "common/domain/vocabulary.h"
#include "common/kpi/case_story.h"
#include "common/kpi/kpi_report.h"
#include "common/kpi/mark.h"

namespace escalon::kpi {

// The key figures as they happen: what one batch of a case adds to each, by the stories and the rules of `Compute`. A
// figure counts when it becomes true and is never taken back: a reopened case was resolved, and `kReopened` says that
// it did not hold. What needs a whole period to be known (medians, consistency) is the report's.

/// Of a case; each at most once a case, but for those that a reopened one does again.
enum class CaseFigure : uint8_t {
  kOpened,
  kEscalated,  ///< for the first time
  kHeldTooLong,
  kUnfitFix,
  kResolved,
  kFirstLevel,
  kMonitored,
  kReopened,
  kRecurred,
  kClosed,
  kCancelled,
};
std::string_view Name(CaseFigure figure);
inline constexpr size_t kCaseFigures = 11;

/// Of a move.
enum class MoveFigure : uint8_t {
  kFunctional,
  kHierarchical,
  kInformed,
  kReEscalation,
  kReturned,
  kDeEscalation,
  kConsultation
};
std::string_view Name(MoveFigure figure);
inline constexpr size_t kMoveFigures = 7;

/// How a promise went on. A broken one that was kept after all is both broken and annulled.
enum class PromiseFigure : uint8_t { kKept, kNearMiss, kBroken, kAnnulled };
std::string_view Name(PromiseFigure figure);

enum class HandoverFigure : uint8_t { kComplete, kAskedForMore, kDeclined, kExpired };
std::string_view Name(HandoverFigure figure);
inline constexpr size_t kHandoverFigures = 4;

/// What is measured in time.
enum class SpanFigure : uint8_t { kToAcknowledge, kToEscalate, kToResolve, kAtLevel, kWaiting, kForApproval };
std::string_view Name(SpanFigure figure);
inline constexpr size_t kSpanFigures = 6;

/// Whose figure it is.
struct Place {
  std::string level, team;
  Priority priority = Priority::kUnset;
};

/// Takes what a batch added. The meter calls it from inside `Take`.
class LiveFigures {
 public:
  virtual ~LiveFigures() = default;
  virtual void Count(CaseFigure figure, const Place& place) = 0;
  virtual void Count(MoveFigure figure, const Place& place) = 0;
  virtual void CountReason(EscalationReason reason) = 0;
  virtual void Count(PromiseFigure figure, const std::string& clock, const Place& place) = 0;
  /// Of a broken promise that has ended, on its calendar.
  virtual void Overdue(const std::string& clock, const Place& place, DurationMs overdue) = 0;
  /// What a contract asks for a promise that has just been broken. It is not taken back when that is annulled.
  virtual void Penalty(const std::string& clock, const Money& penalty) = 0;
  /// Of a closed case: written, or late.
  virtual void CountReview(bool in_time) = 0;
  virtual void Count(HandoverFigure figure) = 0;
  virtual void CountApproval(ApprovalOutcome outcome) = 0;
  virtual void CountUpdate(bool on_time) = 0;
  /// `score` = 0: somebody was asked.
  virtual void CountRating(const std::string& what, int score) = 0;
  virtual void Measure(SpanFigure figure, const Place& place, DurationMs span) = 0;
};

/// Fed with every batch that counts, once, in the order of versions. Keeps some 200 bytes of each case until it is
/// retired; of a case whose beginning it was not told it knows what the case knows. One thread.
class LiveMeter {
 public:
  /// `before`: the case without the batch; nullptr: it begins. `rules`: of the policy to which the case is pinned.
  void Take(const Case* before, const Case& after, const EventBatch& batch, const Rules& rules, LiveFigures* out);
  /// The case goes on elsewhere.
  void Forget(const CaseId& id) { marks_.erase(id); }

 private:
  Names names_;
  std::unordered_map<CaseId, std::string> marks_;  ///< packed
};

}  // namespace escalon::kpi

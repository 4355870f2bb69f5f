#include <algorithm>
#include <string>

#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/rights.h"

namespace escalon::decide {
namespace {

void Await(Draft& d, std::string_view clock, const Target& within) {
  const std::string why = "the review is owed";
  if (ArmWait(d, clock, d.policy().business_calendar, d.t(), within, why)) return;
  ArmUntil(d, clock, d.t() + std::max<DurationMs>(within.span, within.business_days * kDayMs), why);
}

}  // namespace

void OweReview(Draft& d) {
  const Case& c = d.c();
  if (!c.majors.empty() && d.policy().major.has_value()) {
    if (c.majors.front().reviewed_at == 0) Await(d, kMajorReviewClock, d.policy().major->review_within);
    return;
  }
  const std::optional<ReviewRule>& rule = d.policy().after.review;
  if (!rule) return;
  Saw saw;
  if (!Holds(rule->when, c, &saw)) return;
  d.Trace("after.review", "a review is owed", std::move(saw));
  Await(d, kReviewClock, rule->within);
  TellManager(d, "review");
}

void ReviewOverdue(Draft& d) {
  StopClock(d, kReviewClock, "not in time");
  d.Trace("after.review", "the review is overdue");
  TellManager(d, "review_overdue");
}

Status MayReview(const Draft& d) {
  if (IsOpen(d.c().state)) return WrongState("the case is still worked on; review it when it is closed");
  if (d.c().state != CaseState::kClosed) return WrongState("the case is not closed yet; review it when it is");
  return {};
}

}  // namespace escalon::decide

#include "common/kpi/live_meter.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <utility>

namespace escalon::kpi {
namespace {

using namespace std::string_view_literals;

constexpr auto kCaseNames =
    std::to_array({"opened"sv, "escalated"sv, "held_too_long"sv, "unfit_fix"sv, "resolved"sv, "first_level"sv,
                   "monitored"sv, "reopened"sv, "recurred"sv, "closed"sv, "cancelled"sv});
constexpr auto kMoveNames = std::to_array({"functional"sv, "hierarchical"sv, "informed"sv, "re_escalation"sv,
                                           "returned"sv, "de_escalation"sv, "consultation"sv});
constexpr auto kPromiseNames = std::to_array({"kept"sv, "near_miss"sv, "broken"sv, "annulled"sv});
constexpr auto kHandoverNames = std::to_array({"complete"sv, "asked_for_more"sv, "declined"sv, "expired"sv});
constexpr auto kSpanNames =
    std::to_array({"to_acknowledge"sv, "to_escalate"sv, "to_resolve"sv, "at_level"sv, "waiting"sv, "for_approval"sv});
static_assert(kCaseNames.size() == kCaseFigures && kMoveNames.size() == kMoveFigures);
static_assert(kHandoverNames.size() == kHandoverFigures && kSpanNames.size() == kSpanFigures);

constexpr std::string_view kUpdateClock = "update";

/// Compares a story before and after one batch.
class Difference {
 public:
  Difference(const CaseStory& before, const CaseStory& after, const Rules& rules, LiveFigures* out)
      : b_(before), a_(after), rules_(rules), out_(*out), place_{after.level(), after.team, after.priority} {}

  void Moves(bool was_escalated) {
    for (size_t i = 0; i < a_.moves.size(); ++i) {
      const Move& move = a_.moves[i];
      if (move.returned && (i >= b_.moves.size() || !b_.moves[i].returned)) Count(MoveFigure::kReturned);
      if (i < b_.moves.size()) continue;
      const Place to{move.to, a_.team, a_.priority};
      if (move.inform) out_.Count(MoveFigure::kInformed, to);
      if (!move.counted) continue;
      out_.Count(move.track == Track::kFunctional ? MoveFigure::kFunctional : MoveFigure::kHierarchical, to);
      out_.CountReason(move.reason);
      if (move.again) out_.Count(MoveFigure::kReEscalation, to);
      if (was_escalated) continue;
      was_escalated = true;
      out_.Count(CaseFigure::kEscalated, to);
      out_.Measure(SpanFigure::kToEscalate, to, move.at - a_.opened_at);
    }
    for (uint32_t i = b_.de_escalations; i < a_.de_escalations; ++i) Count(MoveFigure::kDeEscalation);
    for (uint32_t i = b_.consultations; i < a_.consultations; ++i) Count(MoveFigure::kConsultation);
  }

  /// Whether a promise broke that held the case.
  bool Promises() {
    bool holding_broke = false;
    for (size_t i = 0; i < a_.promises.size(); ++i) {
      const PromiseRun& now = a_.promises[i];
      const bool known = i < b_.promises.size();
      const bool was_broken = known && b_.promises[i].breached_at != 0;
      const bool has_ended = now.ended_at != 0 && (!known || b_.promises[i].ended_at == 0);
      if (now.breached_at != 0 && !was_broken) {
        Promise(PromiseFigure::kBroken, now.name);
        if (!now.penalty.empty()) out_.Penalty(now.name, now.penalty);
        holding_broke = holding_broke || IsHolding(now);
      }
      if (was_broken && now.breached_at == 0) {
        Promise(PromiseFigure::kAnnulled, now.name);
        if (now.kept() && !has_ended) Promise(PromiseFigure::kKept, now.name);
      }
      if (!has_ended) continue;
      if (now.kept()) {
        Promise(PromiseFigure::kKept, now.name);
        if (IsNearMiss(now, rules_)) Promise(PromiseFigure::kNearMiss, now.name);
      } else if (now.broken()) {
        out_.Overdue(now.name, place_, OverdueOf(now, rules_, now.ended_at));
      }
    }
    for (uint32_t i = b_.cadences; i < a_.cadences; ++i)
      out_.CountUpdate(i - b_.cadences < a_.cadences_on_time - b_.cadences_on_time);
    for (uint32_t i = b_.reviews_due; i < a_.reviews_due; ++i)
      out_.CountReview(i - b_.reviews_due < a_.reviews_in_time - b_.reviews_in_time);
    return holding_broke;
  }

  void Resolutions() {
    for (size_t i = 0; i < a_.resolutions.size(); ++i) {
      const Resolution& now = a_.resolutions[i];
      const bool known = i < b_.resolutions.size();
      const Place at{now.level, a_.team, a_.priority};
      if (!known) {
        out_.Count(CaseFigure::kResolved, at);
        out_.Measure(SpanFigure::kToResolve, at, now.at - a_.opened_at);
        if (now.level == rules_.first_level && a_.escalations() == 0) out_.Count(CaseFigure::kFirstLevel, at);
      }
      if (now.monitored && !(known && b_.resolutions[i].monitored)) out_.Count(CaseFigure::kMonitored, at);
      if (now.reopened_at == 0 || (known && b_.resolutions[i].reopened_at != 0)) continue;
      out_.Count(CaseFigure::kReopened, at);
      if (now.monitored && now.reopened_by == ReopenCause::kRecurrence) out_.Count(CaseFigure::kRecurred, at);
    }
  }

  void Spans() {
    for (size_t i = 0; i < a_.stays.size(); ++i) {
      const Stay& now = a_.stays[i];
      if (now.to == kNever || (i < b_.stays.size() && b_.stays[i].to != kNever)) continue;
      out_.Measure(SpanFigure::kAtLevel, {now.level, a_.team, a_.priority}, now.to - now.from);
    }
    for (size_t i = 0; i < a_.waitings.size(); ++i) {
      const Waiting& now = a_.waitings[i];
      if (now.to == kNever || (i < b_.waitings.size() && b_.waitings[i].to != kNever)) continue;
      out_.Measure(SpanFigure::kWaiting, {now.level, now.team, a_.priority}, now.to - now.from);
    }
    if (b_.acknowledged_at == 0 && a_.acknowledged_at != 0)
      out_.Measure(SpanFigure::kToAcknowledge, place_, a_.acknowledged_at - a_.opened_at);
  }

  void Transfers() {
    for (size_t i = 0; i < a_.handovers.size(); ++i) {
      const HandoverStory& now = a_.handovers[i];
      const auto ended = [](const HandoverStory& one) { return one.answered_at != 0 || one.expired; };
      if (!ended(now) || (i < b_.handovers.size() && ended(b_.handovers[i]))) continue;
      out_.Count(now.declined         ? HandoverFigure::kDeclined
                 : !now.accepted      ? HandoverFigure::kExpired
                 : now.asked_for_more ? HandoverFigure::kAskedForMore
                                      : HandoverFigure::kComplete);
    }
    for (size_t i = 0; i < a_.approvals.size(); ++i) {
      const ApprovalStory& now = a_.approvals[i];
      if (now.decided_at == 0 || (i < b_.approvals.size() && b_.approvals[i].decided_at != 0)) continue;
      out_.CountApproval(now.outcome);
      out_.Measure(SpanFigure::kForApproval, place_, now.decided_at - now.asked_at);
    }
  }

  void Ratings() {
    for (uint32_t i = b_.surveys; i < a_.surveys; ++i) out_.CountRating("resolution", 0);
    for (size_t i = b_.ratings.size(); i < a_.ratings.size(); ++i)
      out_.CountRating(a_.ratings[i].what, a_.ratings[i].score);
  }

  void Count(CaseFigure figure) { out_.Count(figure, place_); }
  void Promise(PromiseFigure figure, const std::string& clock) {
    out_.Count(figure, clock, place_);
    if (clock == kUpdateClock && (figure == PromiseFigure::kKept || figure == PromiseFigure::kBroken))
      out_.CountUpdate(figure == PromiseFigure::kKept);
  }

 private:
  void Count(MoveFigure figure) { out_.Count(figure, place_); }

  const CaseStory& b_;
  const CaseStory& a_;
  const Rules& rules_;
  LiveFigures& out_;
  const Place place_;
};

}  // namespace

std::string_view Name(CaseFigure figure) { return kCaseNames[static_cast<size_t>(figure)]; }
std::string_view Name(MoveFigure figure) { return kMoveNames[static_cast<size_t>(figure)]; }
std::string_view Name(PromiseFigure figure) { return kPromiseNames[static_cast<size_t>(figure)]; }
std::string_view Name(HandoverFigure figure) { return kHandoverNames[static_cast<size_t>(figure)]; }
std::string_view Name(SpanFigure figure) { return kSpanNames[static_cast<size_t>(figure)]; }

void LiveMeter::Take(const Case* before, const Case& after, const EventBatch& batch, const Rules& rules,
                     LiveFigures* out) {
  const bool was_escalated = before != nullptr && before->escalations > 0;
  CaseStory earlier = before == nullptr ? CaseStory() : CaseStory::Standing(*before);
  const auto found = marks_.find(after.id);
  Mark mark = found == marks_.end() ? Mark{} : Unpack(found->second, names_);
  if (found != marks_.end()) {
    earlier.stays = std::move(mark.stays);
    earlier.waitings = std::move(mark.waitings);
    earlier.resolutions = std::move(mark.resolutions);
    earlier.promises = std::move(mark.promises);
    earlier.set_came_back(mark.came_back);
  }
  // Stands for all earlier ones: a return marks the last.
  if (was_escalated) {
    Move& last = earlier.moves.emplace_back();
    last.counted = true;
    last.returned = mark.returned;
  }
  CaseStory now = earlier;
  now.Take(after, batch);

  Difference difference(earlier, now, rules, out);
  if (before == nullptr) difference.Count(CaseFigure::kOpened);
  difference.Moves(was_escalated);
  const bool holding_broke = difference.Promises();
  if (holding_broke && now.escalations() == 0 && !std::exchange(mark.held, true))
    difference.Count(CaseFigure::kHeldTooLong);
  difference.Resolutions();
  if (!mark.unfit && IsUnfitFix(now)) {
    mark.unfit = true;
    difference.Count(CaseFigure::kUnfitFix);
  }
  difference.Spans();
  difference.Transfers();
  difference.Ratings();
  const bool ended = now.state == CaseState::kClosed || now.state == CaseState::kCancelled;
  if (ended && earlier.state != now.state)
    difference.Count(now.state == CaseState::kClosed ? CaseFigure::kClosed : CaseFigure::kCancelled);

  if (after.retired) return Forget(after.id);
  mark.stays.clear();
  mark.waitings.clear();
  std::copy_if(now.stays.begin(), now.stays.end(), std::back_inserter(mark.stays),
               [](const Stay& stay) { return stay.to == kNever; });
  // That there was one before tells a return from the first arrival, which is at the opening.
  if (mark.stays.empty() && !now.stays.empty()) mark.stays.push_back(now.stays.back());
  std::copy_if(now.waitings.begin(), now.waitings.end(), std::back_inserter(mark.waitings),
               [](const Waiting& waiting) { return waiting.to == kNever; });
  mark.resolutions = std::move(now.resolutions);
  // Of each name the last: a source may still say that it was kept in time.
  mark.promises.clear();
  for (size_t i = 0; i < now.promises.size(); ++i) {
    const auto later = std::find_if(now.promises.begin() + static_cast<std::ptrdiff_t>(i) + 1, now.promises.end(),
                                    [&](const PromiseRun& run) { return run.name == now.promises[i].name; });
    if (later == now.promises.end()) mark.promises.push_back(std::move(now.promises[i]));
  }
  mark.came_back = now.came_back();
  const auto newest = std::find_if(now.moves.rbegin(), now.moves.rend(), [](const Move& move) { return move.counted; });
  mark.returned = newest != now.moves.rend() && newest->returned;
  marks_[after.id] = Pack(mark, &names_);
}

}  // namespace escalon::kpi

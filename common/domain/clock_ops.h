#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "common/domain/clock_arithmetic.h"
#include "common/domain/clock_run.h"
#include "common/domain/draft.h"

namespace escalon::decide {

// What every clock of a case has in common, promise or wait. Names are those of clock_run.h; open questions have a
// clock each, `approval.<id>`, `consultation.<id>` and `decision.<id>`, so that several may run side by side; so has
// each thing that a major escalation owes, `major.<what>`.

inline constexpr std::string_view kTriageClock = "triage";
inline constexpr std::string_view kLeaseClock = "lease";
inline constexpr std::string_view kHandoverClock = "handover";
inline constexpr std::string_view kHandoverDebtClock = "handover_debt";
inline constexpr std::string_view kFollowUpClock = "follow_up";
inline constexpr std::string_view kSnoozeClock = "snooze";
inline constexpr std::string_view kMonitoringClock = "monitoring";
inline constexpr std::string_view kConfirmationClock = "confirmation";
inline constexpr std::string_view kRetentionClock = "retention";
inline constexpr std::string_view kCadenceClock = "cadence";
inline constexpr std::string_view kEtaClock = "eta";
inline constexpr std::string_view kFlappingClock = "flapping";
inline constexpr std::string_view kSunClock = "sun";
inline constexpr std::string_view kApprovalPrefix = "approval.";
inline constexpr std::string_view kConsultationPrefix = "consultation.";
inline constexpr std::string_view kDecisionPrefix = "decision.";
inline constexpr std::string_view kMajorPrefix = "major.";  ///< of the record: manager, team, assessment, plan, …
inline constexpr std::string_view kMajorManagerClock = "major.manager";
inline constexpr std::string_view kMajorTeamClock = "major.team";
inline constexpr std::string_view kMajorAssessmentClock = "major.assessment";
inline constexpr std::string_view kMajorPlanClock = "major.plan";
inline constexpr std::string_view kMajorUpdateClock = "major.update";
inline constexpr std::string_view kMajorReviewClock = "major.review";
inline constexpr std::string_view kReviewClock = "review";
/// Of a case that is over: they outlast it until the live view forgets it.
inline constexpr std::array kReviewClocks = {kMajorReviewClock, kReviewClock};
std::string_view StepClock(Track track);  ///< step.functional, step.hierarchical

uint32_t NextGeneration(const Case& c, std::string_view name);

/// A wait: one alarm at the end of `target` on the calendar. `tag` goes into the alarm and tells waits of one name
/// apart. False when the calendar never reaches the end: nothing is armed.
bool ArmWait(Draft& d, std::string_view name, const std::string& calendar, InstantMs start, const Target& target,
             std::string why, std::string tag = "");
/// A wait until an instant, around the clock.
void ArmUntil(Draft& d, std::string_view name, InstantMs due_at, std::string why, std::string tag = "");
/// Without effect when it does not run. `met`: stopped at or before its deadline.
void StopClock(Draft& d, std::string_view name, std::string why, bool met = true);
void PauseClock(Draft& d, std::string_view name);
/// Goes on with the alarms that have not fired, moved by the business time that the pause took.
void ResumeClock(Draft& d, std::string_view name);

/// What a run is measured by.
class RunMeasure {
 public:
  /// By the calendars of the policy; both must outlive it.
  RunMeasure(const Policy& policy, const ClockRun& run);
  RunMeasure(const RunMeasure&) = delete;
  RunMeasure& operator=(const RunMeasure&) = delete;
  const Measure& operator*() const { return measure_; }

 private:
  std::vector<MeasuredLeg> legs_;
  Measure measure_;
};

/// Alarms of a run whose target, calendar and pauses are set, at their instants. What cannot be known yet waits at
/// kNever while the run is paused, else it is left out.
std::vector<Alarm> Placed(const Draft& d, const ClockRun& run, std::vector<Alarm> alarms);

}  // namespace escalon::decide

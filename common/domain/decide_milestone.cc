#include <algorithm>

#include "absl/strings/str_join.h"
#include "common/domain/clock_ops.h"
#include "common/domain/decide_parts.h"
#include "common/domain/ending.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/rights.h"
#include "common/domain/triggers.h"

namespace escalon::decide {
namespace {

constexpr size_t kLongestText = 4000;

}  // namespace

Decision On(Draft& d, const RecordMilestone& command) {
  if (Status s = CheckText(command.text, kLongestText, "text"); !s) return s.error();
  const std::vector<std::string> known = d.policy().milestones();
  if (std::find(known.begin(), known.end(), command.name) == known.end()) {
    return InvalidField("name", "'" + command.name + "' starts or stops no clock of the policy; " +
                                    (known.empty() ? "it has no milestones" : "use one of: ") +
                                    absl::StrJoin(known, ", "));
  }
  const bool keeps = command.name == Policy::kKeepWord && d.policy().sun.keep_limit > 0;
  if (keeps) {
    if (Status s = MayKeep(d); !s) return s.error();
  }
  const bool reviews = command.name == Policy::kReviewedWord && d.policy().after.review.has_value();
  if (reviews) {
    if (Status s = MayReview(d); !s) return s.error();
  } else if (IsEnded(d.c().state) && !ConcernsWhatOutlasts(d, command.name)) {
    return WrongState("the case is " + std::string(Name(d.c().state)) + "; reopen it first");
  }
  d.Emit(MilestoneReached{command.name, d.person(), command.text});
  StopPromises(d, command.name);
  StartPromises(d, command.name);
  if (keeps) KeepPastShift(d);
  if (reviews) StopClock(d, kReviewClock, "reviewed");
  if (IsOpen(d.c().state)) FireFactTriggers(d);
  if (IsEnded(d.c().state)) KeepWhatIsOwed(d);
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide

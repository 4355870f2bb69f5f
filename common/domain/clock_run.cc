#include "common/domain/clock_run.h"

namespace escalon {

std::string SpokenPlace(const WarningRule& rule) {
  const auto days = [&rule] {
    return std::to_string(rule.value) + (rule.value == 1 ? " working day" : " working days");
  };
  switch (rule.kind) {
    case WarningRule::Kind::kShare:
      return std::to_string(rule.percent()) + " %";
    case WarningRule::Kind::kBefore:
      return FormatDuration(rule.value) + " before the deadline";
    case WarningRule::Kind::kAfter:
      return FormatDuration(rule.value) + " after the deadline";
    case WarningRule::Kind::kBeforeDays:
      return days() + " before the deadline";
    case WarningRule::Kind::kAfterDays:
      return days() + " after the deadline";
  }
  return {};
}

}  // namespace escalon

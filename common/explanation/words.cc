#include "common/explanation/words.h"

#include <algorithm>
#include <utility>

#include "common/domain/civil.h"

namespace escalon::explanation {
namespace {

std::string Counted(int64_t count, const char* unit) {
  return std::to_string(count) + " " + unit + (count == 1 ? "" : "s");
}

std::string Joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string Comparison(const Condition& c) {
  const std::string values = Listed(c.values, "or");
  switch (c.op) {
    case Condition::Op::kIs:
    case Condition::Op::kIn:
      return c.field + " is " + values;
    case Condition::Op::kHasAny:
      return c.field + (c.values.size() == 1 ? " has " : " has any of ") + values;
    case Condition::Op::kHasAll:
      return c.field + " has " + Listed(c.values);
    case Condition::Op::kGe:
      return c.field + " is at least " + values;
    case Condition::Op::kLe:
      return c.field + " is at most " + values;
    case Condition::Op::kExists:
      return c.field + (c.values.empty() || c.values.front() != "false" ? " is said" : " is not said");
  }
  return c.field;
}

std::string Weighed(const WeighedFactor& factor) {
  std::vector<std::string> words;
  for (const auto& [value, points] : factor.points) words.push_back(value + " " + SignedPoints(points));
  if (factor.each != 0) {
    words.push_back(SignedPoints(factor.each) + " for each" +
                    (factor.per > 1 ? " " + std::to_string(factor.per) : std::string()) + ", at most " +
                    std::to_string(factor.most));
  }
  if (!IsAlwaysSaid(factor.field)) words.push_back("not said " + SignedPoints(factor.missing));
  return factor.field + " (" + Joined(words, ", ") + ")";
}

std::string Weighing(const Condition& when) {
  std::vector<std::string> words;
  for (const WeighedFactor& factor : when.factors) words.push_back(Weighed(factor));
  return "a weight of " + std::to_string(when.at_least) + " or more out of " + Joined(words, ", ");
}

std::string InBrackets(const Condition& part) {
  const bool group = part.kind == Condition::Kind::kAll || part.kind == Condition::Kind::kAny;
  return group && part.parts.size() > 1 ? "(" + Spoken(part) + ")" : Spoken(part);
}

std::string ClockTime(int minute) {
  const auto two_digits = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two_digits(minute / 60) + ":" + two_digits(minute % 60);
}

std::string DayWindows(const std::vector<DayWindow>& windows) {
  std::vector<std::string> words;
  for (const DayWindow& window : windows) words.push_back(ClockTime(window.start) + "–" + ClockTime(window.end));
  return Joined(words, ", ");
}

}  // namespace

std::string Spoken(DurationMs span) {
  if (span == 0) return "no time";
  std::vector<std::string> parts;
  const std::array<std::pair<DurationMs, const char*>, 5> units{
      {{kDayMs, "day"}, {kHourMs, "hour"}, {kMinuteMs, "minute"}, {kSecondMs, "second"}, {1, "millisecond"}}};
  for (const auto& [length, unit] : units) {
    // 24, 48 and 72 hours are said as people promise them.
    if (length == kDayMs && (span < 4 * kDayMs || span % kDayMs != 0)) continue;
    if (span / length > 0) parts.push_back(Counted(span / length, unit));
    span %= length;
  }
  return Joined(parts, " ");
}

std::string Spoken(const Target& target) {
  if (target.business_days == 0) return Spoken(target.span);
  return Counted(target.business_days, "business day") + (target.snap_to_close ? ", until closing" : "");
}

std::string Spoken(const Condition& when) {
  switch (when.kind) {
    case Condition::Kind::kAlways:
      return "every case";
    case Condition::Kind::kCompare:
      return Comparison(when);
    case Condition::Kind::kWeighs:
      return Weighing(when);
    case Condition::Kind::kNot:
      if (when.parts.size() == 1 && when.parts[0].kind == Condition::Kind::kAlways) return "no case";
      return "not (" + (when.parts.empty() ? std::string() : Spoken(when.parts[0])) + ")";
    case Condition::Kind::kAll:
    case Condition::Kind::kAny:
      break;
  }
  std::vector<std::string> parts;
  for (const Condition& part : when.parts) parts.push_back(InBrackets(part));
  return Joined(parts, when.kind == Condition::Kind::kAll ? " and " : " or ");
}

std::string Spoken(const StepTarget& to) {
  std::vector<std::string> words;
  if (!to.person.empty()) words.push_back("person " + to.person);
  if (!to.schedule.empty()) words.push_back("whoever is on call in " + to.schedule);
  if (!to.role.empty()) words.push_back("role " + to.role);
  if (!to.team.empty()) words.push_back("team " + to.team);
  if (to.case_skills) words.emplace_back("with the skills that the case needs");
  if (!to.skills.empty()) words.push_back("with skill " + Listed(to.skills));
  if (!to.vendor.empty()) words.push_back("and tells vendor " + to.vendor);
  return words.empty() ? "nobody" : Joined(words, ", ");
}

std::string Spoken(const Grant& grant) {
  if (!grant.allowed) return "no " + Plain(grant.decision);
  return Plain(grant.decision) + (grant.most.empty() ? "" : " up to " + FormatMoney(grant.most));
}

std::string SpokenGrants(const std::vector<Grant>& grants) {
  std::vector<std::string> words;
  for (const Grant& grant : grants) words.push_back(Spoken(grant));
  return Joined(words, ", ");
}

std::string Spoken(const WeeklyWindows& weekly) {
  std::vector<std::string> parts;
  for (size_t day = 0; day < weekly.size();) {
    size_t last = day;
    while (last + 1 < weekly.size() && weekly[last + 1] == weekly[day]) ++last;
    if (!weekly[day].empty()) {
      const std::string days =
          std::string(kWeekdayNames[day]) + (last > day ? "–" + std::string(kWeekdayNames[last]) : std::string());
      parts.push_back(days + " " + DayWindows(weekly[day]));
    }
    day = last + 1;
  }
  return Joined(parts, "; ");
}

std::string SpokenCalendar(const std::string& id) { return id.empty() ? "around the clock" : "on " + id; }

std::string SpokenRegionCalendars(const ClockRule& rule) {
  std::vector<std::string> words;
  for (const auto& [region, calendar] : rule.region_calendars) words.push_back(region + " " + SpokenCalendar(calendar));
  return Listed(words);
}

std::string SpokenWarnings(const ClockRule& rule) {
  std::vector<std::string> words;
  for (const WarningRule& warning : rule.warnings) words.push_back(SpokenPlace(warning));
  return Listed(words);
}

std::string SpokenPenalties(const ClockRule& rule) {
  std::vector<std::string> words;
  for (const PenaltyRule& penalty : rule.penalties) {
    const bool always = penalty.when.kind == Condition::Kind::kAlways;
    words.push_back((words.empty() ? "" : "else ") + FormatMoney(penalty.amount) +
                    (always ? "" : " where " + Spoken(penalty.when)));
  }
  return Joined(words, ", ");
}

std::string Listed(const std::vector<std::string>& words, const char* last) {
  if (words.size() < 2) return Joined(words, "");
  const std::vector<std::string> first(words.begin(), words.end() - 1);
  return Joined(first, ", ") + " " + last + " " + words.back();
}

std::string Plain(std::string_view word) {
  std::string text(word);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string ByPriority(const std::function<std::string(Priority)>& words) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const Priority priority : kPriorities) {
    const std::string said = words(priority);
    if (said.empty()) continue;
    const auto same =
        std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.first == said; });
    const auto group = same != groups.end() ? same : groups.insert(groups.end(), {said, {}});
    group->second.emplace_back(Name(priority));
  }
  if (groups.size() == 1 && groups[0].second.size() == kPriorities.size()) return groups[0].first;
  std::vector<std::string> parts;
  for (const auto& [said, priorities] : groups) parts.push_back(Joined(priorities, ", ") + ": " + said);
  return Joined(parts, "; ");
}

}  // namespace escalon::explanation

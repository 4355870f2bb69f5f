#include <string>
#include <utility>

#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

std::string Words(const std::vector<std::string>& words, const char* last) {
  std::vector<std::string> plain;
  for (const std::string& word : words) plain.push_back(Plain(word));
  return Listed(plain, last);
}

std::string TargetAt(const ClockRule& rule, Priority priority) {
  if (rule.level_target) return "as long as the level may take";
  const auto& target = rule.target.of(priority);
  return target ? Spoken(*target) + ", " + SpokenCalendar(rule.calendar.of(priority)) : "–";
}

std::string KindOf(const ClockRule& rule) {
  switch (rule.kind) {
    case ClockRule::Kind::kSla:
      return "";
    case ClockRule::Kind::kOla:
      return ", an agreement within the house,";
    case ClockRule::Kind::kVendor:
      return ", an agreement with a vendor,";
    case ClockRule::Kind::kRegulatory:
      break;
  }
  return ", an authority's deadline,";
}

std::string Notes(const ClockRule& rule) {
  std::string text = Plain(rule.name) + KindOf(rule) + " begins with " + Words(rule.start_on, "or") +
                     (rule.start_at_reported ? ", counted from when it was reported" : "") + ", ends with " +
                     Words(rule.stop_on, "or");
  if (!rule.pausing_reasons.empty()) text += "; stands still while waiting for " + Listed(rule.pausing_reasons, "or");
  if (!rule.pausable) text += "; nothing makes it stand still";
  if (rule.per_visit) text += "; one for each visit to a team";
  if (!rule.region_calendars.empty()) text += "; goes by its owner's hours: " + SpokenRegionCalendars(rule);
  if (!rule.warnings.empty()) text += "; warns at " + SpokenWarnings(rule);
  if (!rule.penalties.empty()) text += "; costs when broken " + SpokenPenalties(rule);
  return text + ".";
}

}  // namespace

Chapter PromiseChapter(const Policy& policy) {
  Chapter chapter{"Promises", 2, {}};
  PageTable table{{"Promise", "P1", "P2", "P3", "P4"}, {}};
  Bullets notes;
  for (const ClockRule& rule : policy.clocks) {
    std::vector<std::string> row{Plain(rule.name)};
    for (const Priority priority : kPriorities) row.push_back(TargetAt(rule, priority));
    table.rows.push_back(std::move(row));
    notes.items.push_back(Notes(rule));
  }
  if (!table.rows.empty()) {
    chapter.Say(
        "At the deadline is in time; a promise is broken strictly after it. Only what a person does satisfies it.");
  }
  chapter.Say(std::move(table));
  chapter.Say(std::move(notes));
  return chapter;
}

}  // namespace escalon::explanation

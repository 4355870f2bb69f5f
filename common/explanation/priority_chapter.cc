#include <string>
#include <utility>

#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

std::string Grades(int steps, const char* of) {
  if (steps == 0) return "";
  const int count = steps < 0 ? -steps : steps;
  return std::string(of) + " counts " + std::to_string(count) + (count == 1 ? " grade " : " grades ") +
         (steps > 0 ? "higher" : "lower");
}

}  // namespace

Chapter PriorityChapter(const Policy& policy) {
  Chapter chapter{"How urgent a case is", 2, {}};
  chapter.Say(
      "Impact and urgency give the priority; P1 is the gravest. A priority that a person set stays until it is "
      "released. The same facts always give the same priority.");
  PageTable matrix{{"Impact", "Urgency high", "Urgency medium", "Urgency low"}, {}};
  for (const Grade impact : {Grade::kHigh, Grade::kMedium, Grade::kLow}) {
    const auto& row = policy.matrix[static_cast<size_t>(impact) - 1];
    matrix.rows.push_back(
        {std::string(Name(impact)), std::string(Name(row[0])), std::string(Name(row[1])), std::string(Name(row[2]))});
  }
  chapter.Say(std::move(matrix));
  Bullets rules;
  for (const PriorityModifier& modifier : policy.modifiers) {
    std::vector<std::string> changes;
    if (modifier.impact_steps != 0) changes.push_back(Grades(modifier.impact_steps, "impact"));
    if (modifier.urgency_steps != 0) changes.push_back(Grades(modifier.urgency_steps, "urgency"));
    rules.items.push_back("If " + Spoken(modifier.when) + ": " + Listed(changes) + ".");
  }
  for (const PriorityFloor& floor : policy.floors) {
    rules.items.push_back("If " + Spoken(floor.when) + ": never below " + std::string(Name(floor.at_least)) + ".");
  }
  rules.items.push_back("When nobody said: impact " + std::string(Name(policy.default_impact)) + ", urgency " +
                        std::string(Name(policy.default_urgency)) + ".");
  chapter.Say(std::move(rules));
  return chapter;
}

}  // namespace escalon::explanation

#include "services/triage/application/adviser.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace escalon::triage {
namespace {

/// The first category one of whose keywords stands in the title or among the tags; the longest keyword wins, so that
/// `database backup` beats `backup`.
std::string CategoryOf(const Policy& policy, const Facts& facts, std::vector<TraceLine>* trace) {
  if (!facts.category.empty()) {
    trace->push_back({"category.given", facts.category, {{"category", facts.category}}});
    return facts.category;
  }
  const std::string title = absl::AsciiStrToLower(facts.title);
  std::string best, best_word;
  for (const auto& [category, words] : policy.category_keywords) {
    for (const std::string& word : words) {
      const std::string lower = absl::AsciiStrToLower(word);
      const bool found =
          absl::StrContains(title, lower) || std::find(facts.tags.begin(), facts.tags.end(), word) != facts.tags.end();
      if (found && word.size() > best_word.size()) {
        best = category;
        best_word = word;
      }
    }
  }
  if (!best.empty()) trace->push_back({"triage.categories." + best, best, {{"keyword", best_word}}});
  return best;
}

std::vector<std::string> SkillsOf(const Policy& policy, const Facts& facts, const std::string& category,
                                  std::vector<TraceLine>* trace) {
  std::vector<std::string> skills = facts.skills;
  const auto found = policy.skills_by_category.find(category);
  if (found != policy.skills_by_category.end()) {
    for (const std::string& skill : found->second) {
      if (std::find(skills.begin(), skills.end(), skill) == skills.end()) skills.push_back(skill);
    }
  }
  if (!skills.empty()) {
    std::string all;
    for (const std::string& skill : skills) all += (all.empty() ? "" : ", ") + skill;
    trace->push_back({"triage.skills", all, {{"category", category}}});
  }
  return skills;
}

/// Many skills at once or a high risk make a case complex; a single known skill and a low risk do not.
Grade ComplexityOf(const Facts& facts, const std::vector<std::string>& skills, std::vector<TraceLine>* trace) {
  Grade grade = Grade::kLow;
  if (skills.size() >= 3 || facts.risk == Grade::kHigh) {
    grade = Grade::kHigh;
  } else if (skills.size() == 2 || facts.risk == Grade::kMedium) {
    grade = Grade::kMedium;
  }
  trace->push_back({"triage.complexity",
                    std::string(Name(grade)),
                    {{"skills", std::to_string(skills.size())}, {"risk", std::string(Name(facts.risk))}}});
  return grade;
}

}  // namespace

RecordTriage Advise(const Policy& policy, const Case& c) {
  RecordTriage advice;
  advice.judged_version = c.version;
  advice.priority = PriorityOf(policy, c, &advice.trace);
  advice.category = CategoryOf(policy, *c.facts, &advice.trace);
  advice.skills = SkillsOf(policy, *c.facts, advice.category, &advice.trace);
  advice.complexity = ComplexityOf(*c.facts, advice.skills, &advice.trace);
  return advice;
}

}  // namespace escalon::triage

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

std::string Spoken(const std::optional<Target>& target) { return target ? explanation::Spoken(*target) : "–"; }

std::string OrDash(const std::string& text) { return text.empty() ? "–" : text; }

Bullets AuthorityRulesOf(const Policy& policy) {
  Bullets rules;
  if (std::all_of(policy.levels.begin(), policy.levels.end(), [](const Level& level) { return level.may.empty(); })) {
    return rules;
  }
  rules.items.emplace_back(
      "A level may what a lower one may, unless it says otherwise. Amounts of one kind count together on a case; who "
      "lacks the authority asks the lowest level that has it, and keeps the case.");
  for (const FourEyesRule& rule : policy.authority.four_eyes) {
    rules.items.push_back("Two different people decide together: " + Plain(rule.decision) +
                          (rule.from.empty() ? "" : " from " + FormatMoney(rule.from)) + ".");
  }
  return rules;
}

}  // namespace

Chapter LevelChapter(const Policy& policy) {
  Chapter chapter{"Levels", 2, {}};
  chapter.Say("From the lowest to the highest. Response is how soon a level must react after a case reaches it.");
  PageTable targets{{"Level", "Response", "Resolution", "Must hold", "Who"}, {}};
  PageTable rights{{"Level", "Authority", "Typical issues", "Resources", "Decides", "May"}, {}};
  for (const Level& level : policy.levels) {
    const auto people = policy.level_people.find(level.id);
    targets.rows.push_back({level.id, Spoken(level.response), Spoken(level.resolution),
                            level.quality > 0 ? std::to_string(std::lround(level.quality * 100)) + " %" : "–",
                            people != policy.level_people.end() ? explanation::Spoken(people->second) : "–"});
    rights.rows.push_back({level.id, OrDash(level.authority), OrDash(level.issues), OrDash(level.resources),
                           OrDash(level.decision_rights), OrDash(SpokenGrants(level.may))});
  }
  chapter.Say(std::move(targets));
  chapter.Say(std::move(rights));
  chapter.Say(AuthorityRulesOf(policy));
  return chapter;
}

}  // namespace escalon::explanation

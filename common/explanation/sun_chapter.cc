#include <string>
#include <utility>

#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {

Chapter SunChapter(const Policy& policy) {
  const FollowTheSun& sun = policy.sun;
  Chapter chapter{"Following the sun", 2, {}};
  Bullets rules;
  std::vector<std::string> regions;
  for (const SunRegion& region : sun.order) {
    regions.push_back(region.id + " (team " + region.team + ", " + SpokenCalendar(region.calendar) + ")");
  }
  rules.items.push_back("The work goes round by " + Listed(regions) + ".");
  rules.items.push_back("When the day of a region ends, its team's open cases go to the next region whose day it is: " +
                        Spoken(sun.scope) + ".");
  if (sun.except) rules.items.push_back("Of them there stay: " + Spoken(*sun.except) + ".");
  rules.items.emplace_back(
      "A case stays with its owner, and the reason is said, when nobody who may see it is there to take it, or while "
      "it "
      "waits for somebody. Clocks run on.");
  chapter.Say(std::move(rules));
  return chapter;
}

}  // namespace escalon::explanation

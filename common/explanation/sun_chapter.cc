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
    regions.push_back(region.team.empty()
                          ? region.id + " (the roster's teams of that region, while somebody of them is on call)"
                          : region.id + " (team " + region.team + ", " + SpokenCalendar(region.calendar) + ")");
  }
  rules.items.push_back("The work goes round by " + Listed(regions) + ".");
  rules.items.push_back("When the day of a region ends, its team's open cases go to the next region whose day it is: " +
                        Spoken(sun.scope) + ".");
  if (sun.except) rules.items.push_back("Of them there stay: " + Spoken(*sun.except) + ".");
  if (sun.ask_before > 0) {
    rules.items.push_back(
        "Its owner is asked " + Spoken(sun.ask_before) + " before the day ends to hand it over with its package" +
        (sun.keep_limit > 0 ? ", or to keep it for at most " + Spoken(sun.keep_limit) + " past the end. Then it moves."
                            : "."));
  }
  if (sun.spread > 0) {
    rules.items.push_back("The cases of a region move one after another over " + Spoken(sun.spread) +
                          " from the end of its day, so that the next region is not flooded.");
  }
  rules.items.emplace_back(
      "A case stays with its owner, and the reason is said, when nobody who may see it is there to take it, or while "
      "it "
      "waits for somebody. Clocks run on.");
  chapter.Say(std::move(rules));
  return chapter;
}

}  // namespace escalon::explanation

#include <string>
#include <utility>

#include "common/domain/storms.h"
#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {

Chapter StormChapter(const Policy& policy) {
  const StormRules& storms = *policy.storms;
  Chapter chapter{"Storms", 2, {}};
  Bullets rules;
  std::vector<std::string> links;
  for (const StormLink link : storms.link_on) links.push_back(Plain(Name(link)));
  rules.items.push_back("When " + std::to_string(storms.least) + " cases of the " + Listed(links, "or") +
                        " come within " + Spoken(storms.within) +
                        ", each that comes then is a child of the first of them that is still open, if that is as "
                        "grave.");
  if (storms.rests) {
    rules.items.push_back(std::string("A child rests: nobody is paged for it and it does not climb") +
                          (storms.silent ? ", and nobody inside is told of it" : "") +
                          ". Its clocks run on. Whoever takes it up ends the rest.");
    rules.items.push_back(
        std::string("When the parent is resolved, its children ") +
        (storms.resolved_with_parent ? "that still rest are resolved with it" : "climb from their first step") +
        "; when it ends otherwise, they climb. A child rests for " + Spoken(storms.longest) + " at most.");
  }
  rules.items.emplace_back("The parent's owner hears how many children there are, again each time they have doubled.");
  chapter.Say(std::move(rules));
  return chapter;
}

}  // namespace escalon::explanation

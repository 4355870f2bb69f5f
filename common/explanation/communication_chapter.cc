#include <string>
#include <utility>

#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {

Chapter CommunicationChapter(const Policy& policy) {
  Chapter chapter{"Who is told", 2, {}};
  PageTable table{{"When", "Which cases", "Who", "How"}, {}};
  for (const CommunicationRule& rule : policy.communication) {
    std::vector<std::string> events, audiences;
    for (const std::string& event : rule.on) events.push_back(Plain(event));
    for (const Audience audience : rule.to) audiences.push_back(Plain(Name(audience)));
    std::string when = Listed(events, "or");
    if (rule.cadence > 0) when += (when.empty() ? "every " : "; every ") + Spoken(rule.cadence) + " while it is open";
    std::string how = rule.channels.empty() ? "as each person wishes" : "by " + Listed(rule.channels, "or");
    if (rule.urgency == MessageUrgency::kHigh) how += ", in quiet hours too";
    if (rule.urgency == MessageUrgency::kLow) how += ", never in quiet hours";
    table.rows.push_back({when, Spoken(rule.when), Listed(audiences), how});
  }
  chapter.Say(std::move(table));
  return chapter;
}

}  // namespace escalon::explanation

#include "common/explanation/explain.h"

#include <string>

#include "common/explanation/chapters.h"

namespace escalon::explanation {

Page Explain(const Policy& policy, const Roster* roster) {
  Page page;
  page.title = "How cases are escalated: policy " + policy.id;
  Chapter& purpose = page.chapters.emplace_back();
  purpose.title = "What this is";
  purpose.Say(
      "Who must act on a case, by when, and what happens otherwise. It says what the machine does: it was written from "
      "the policy itself. A case keeps the version of the policy under which it was opened.");
  page.chapters.push_back(PriorityChapter(policy));
  page.chapters.push_back(LevelChapter(policy));
  page.chapters.push_back(PromiseChapter(policy));
  AddPathChapters(policy, &page);
  page.chapters.push_back(ConsentChapter(policy));
  page.chapters.push_back(HandoverChapter(policy));
  if (!policy.sun.order.empty()) page.chapters.push_back(SunChapter(policy));
  if (policy.storms) page.chapters.push_back(StormChapter(policy));
  if (policy.major) page.chapters.push_back(MajorChapter(policy));
  page.chapters.push_back(PendingChapter(policy));
  page.chapters.push_back(LimitChapter(policy));
  page.chapters.push_back(AfterChapter(policy));
  page.chapters.push_back(CommunicationChapter(policy));
  page.chapters.push_back(CalendarChapter(policy));
  if (roster != nullptr) page.chapters.push_back(ContactChapter(policy, *roster));
  return page;
}

}  // namespace escalon::explanation

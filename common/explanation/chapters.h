#pragma once

#include "common/domain/policy.h"
#include "common/domain/roster.h"
#include "common/explanation/page.h"

namespace escalon::explanation {

// The chapters of the criteria page, each in a file of its name. Private to the room.

Chapter PriorityChapter(const Policy& policy);           ///< priority_chapter.cc
Chapter LevelChapter(const Policy& policy);              ///< level_chapter.cc
Chapter PromiseChapter(const Policy& policy);            ///< promise_chapter.cc
void AddPathChapters(const Policy& policy, Page* page);  ///< path_chapter.cc
Chapter ConsentChapter(const Policy& policy);            ///< order_chapter.cc: approvals
Chapter HandoverChapter(const Policy& policy);
Chapter SunChapter(const Policy& policy);    ///< sun_chapter.cc
Chapter StormChapter(const Policy& policy);  ///< storm_chapter.cc
Chapter MajorChapter(const Policy& policy);  ///< major_chapter.cc: of a policy that has them
Chapter PendingChapter(const Policy& policy);
Chapter LimitChapter(const Policy& policy);
Chapter AfterChapter(const Policy& policy);
Chapter CommunicationChapter(const Policy& policy);                  ///< communication_chapter.cc
Chapter CalendarChapter(const Policy& policy);                       ///< calendar_chapter.cc
Chapter ContactChapter(const Policy& policy, const Roster& roster);  ///< contact_chapter.cc

}  // namespace escalon::explanation

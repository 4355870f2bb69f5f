#include "common/access/visible_cases.h"

#include <utility>

namespace escalon {

void AskVisible(const Principal& principal, std::set<CaseId> ids, const ReadCases& read, RosterOf roster_of,
                std::function<void(Result<std::set<CaseId>>)> done) {
  if (ids.empty() || Permits(principal, Action::kOperate)) return done(std::move(ids));
  read({ids.begin(), ids.end()},
       [principal, roster_of = std::move(roster_of), done = std::move(done)](const std::vector<Result<Case>>& cases) {
         std::set<CaseId> seen;
         for (const Result<Case>& c : cases) {
           if (!c.ok()) {
             if (c.error().code == ErrorCode::kNotFound) continue;
             return done(c.error());
           }
           const Result<Sight> sight = SightOf(principal, *c, *roster_of(c->tenant));
           if (sight.ok() && !sight->requester) seen.insert(c->id);
         }
         done(std::move(seen));
       });
}

}  // namespace escalon

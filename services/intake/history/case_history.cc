#include "services/intake/history/case_history.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "common/domain/hash_chain.h"
#include "common/wire/events_codec.h"
#include "services/intake/history/event_words.h"

namespace escalon::intake {
namespace {

constexpr uint32_t kSchemaLevel = 1;
constexpr DurationMs kAround = 30 * kMinuteMs;

Digest NextHash(const Digest& before, const Case& c, const Chapter& chapter, const std::string& body) {
  std::vector<uint32_t> kinds;
  kinds.reserve(chapter.batch.events.size());
  for (const Event& event : chapter.batch.events) kinds.push_back(KindOf(event));
  return NextChainHash(
      before, {c.id, chapter.version, c.tenant, kinds, chapter.policy, chapter.batch.command_id, kSchemaLevel}, body);
}

/// Back from the present one: each migration says from which version it came.
void NamePolicies(const std::string& present, std::vector<Chapter>* chapters) {
  std::string policy = present;
  for (auto chapter = chapters->rbegin(); chapter != chapters->rend(); ++chapter) {
    chapter->policy = policy;
    for (const Event& event : chapter->batch.events) {
      if (const auto* migrated = std::get_if<PolicyMigrated>(&event)) policy = migrated->from;
    }
  }
}

/// What moved the case in this version, as the reason of what was told.
std::string Cause(const EventBatch& batch) {
  std::string out;
  for (const Event& event : batch.events) {
    const bool telling = std::holds_alternative<NotifyIntended>(event) || std::holds_alternative<ClockArmed>(event) ||
                         std::holds_alternative<ClockStopped>(event) || std::holds_alternative<ClockPaused>(event) ||
                         std::holds_alternative<ClockResumed>(event);
    if (telling) continue;
    out += (out.empty() ? "" : "; ") + WordsOf(event);
  }
  return out;
}

bool Names(const std::vector<std::string>& people, const std::string& person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

class Explainer {
 public:
  Explainer(const std::string& person, std::vector<Finding>* out) : person_(person), out_(out) {}

  void Read(const Chapter& chapter) {
    for (const Event& event : chapter.batch.events) {
      if (const auto* intent = std::get_if<NotifyIntended>(&event)) Told(chapter, *intent);
      if (const auto* empty = std::get_if<StepEmpty>(&event)) Put(chapter, "", "nobody was told: " + WordsOf(*empty));
      if (const auto* nobody = std::get_if<NobodyReached>(&event)) NotReached(chapter, *nobody);
    }
  }

 private:
  void Told(const Chapter& chapter, const NotifyIntended& intent) {
    const char* verb = intent.purpose == IntentPurpose::kPage ? " was to be paged with " : " was to be told with ";
    const std::string how =
        "\"" + intent.message + "\" as " + std::string(Name(intent.audience)) + ", because: " + Cause(chapter.batch);
    if (intent.people.empty()) {
      if (person_.empty()) {
        Put(chapter, "",
            (intent.team.empty() ? std::string(Name(intent.audience)) : "team " + intent.team) + verb + how);
      }
      return;
    }
    for (const std::string& person : intent.people) {
      if (person_.empty() || person == person_) Put(chapter, person, person + verb + how);
    }
  }

  void NotReached(const Chapter& chapter, const NobodyReached& nobody) {
    Put(chapter, "",
        "no channel reached anybody of the message decided in version " + std::to_string(nobody.intent_version) +
            (nobody.why.empty() ? "" : ": " + nobody.why));
  }

  void Put(const Chapter& chapter, std::string person, std::string words) {
    out_->push_back({chapter.batch.at, chapter.version, std::move(person), std::move(words), chapter.batch.trace});
  }

  const std::string& person_;
  std::vector<Finding>* out_;
};

/// Where the case stands, when nothing was told to a person.
std::string WhyNot(const Case& c, const std::string& person) {
  if (c.snoozed_until != 0) return "the case is snoozed until " + FormatInstant(c.snoozed_until) + ": pages rest";
  if (!c.pending.reason.empty()) return "the case waits for " + c.pending.reason + ": its steps rest";
  if (!c.parent.empty()) return "its parent case " + c.parent.ToString() + " tells people once for all";
  if (!IsOpen(c.state)) return "the case is " + std::string(Name(c.state)) + ": nobody needs to act";
  if (!c.acknowledged_by.empty() && c.acknowledged_by != person)
    return c.acknowledged_by + " has acknowledged it: the steps stopped before " + person;
  const TrackState& on = c.functional;
  if (Names(on.people, person))
    return person + " is on the present step, but no message to them is kept here; see the delivery log";
  if (on.level.empty()) return "the case was not judged by triage yet: nobody is told before";
  return "the case stands at " + on.level + " with " + (on.people.empty() ? "team " + on.team : ListOf(on.people)) +
         ": " + person + " is on none of the steps reached";
}

}  // namespace

std::vector<Chapter> ChaptersOf(const FoundHistory& found) {
  std::vector<Chapter> out;
  out.reserve(found.batches.size());
  for (size_t i = 0; i < found.batches.size(); ++i) {
    Result<EventBatch> batch = wire::DecodeBatch(found.batches[i]);
    if (batch.ok()) out.push_back({found.first_version + i, std::move(*batch), std::nullopt, {}});
  }
  NamePolicies(found.c->policy, &out);
  const bool whole = found.first_version == 1 && out.size() == found.batches.size();
  Digest chain = kChainStart;
  for (size_t i = 0; whole && i < out.size(); ++i) {
    chain = NextHash(chain, *found.c, out[i], found.batches[i]);
    out[i].chain = chain;
  }
  if (!whole || out.empty() || chain != found.c->chain) {
    for (Chapter& chapter : out) chapter.chain.reset();
    if (!out.empty() && out.back().version == found.c->version) out.back().chain = found.c->chain;
  }
  return out;
}

std::vector<Finding> ExplainTelling(const Case& c, const std::vector<Chapter>& chapters, const std::string& person,
                                    InstantMs around) {
  std::vector<Finding> out;
  Explainer explainer(person, &out);
  for (const Chapter& chapter : chapters) {
    if (around == 0 || std::abs(chapter.batch.at - around) <= kAround) explainer.Read(chapter);
  }
  const bool heard =
      std::any_of(out.begin(), out.end(), [&](const Finding& f) { return person.empty() || f.person == person; });
  if (!heard)
    out.push_back({c.last_at, c.version, {}, person.empty() ? "nobody was told in this time" : WhyNot(c, person), {}});
  return out;
}

}  // namespace escalon::intake

#include "common/domain/who.h"

#include <algorithm>
#include <utility>

#include "common/domain/climb.h"

namespace escalon::decide {
namespace {

using People = std::vector<const Person*>;

bool Has(const std::vector<std::string>& values, std::string_view wanted) {
  return std::find(values.begin(), values.end(), wanted) != values.end();
}

bool HasAll(const std::vector<std::string>& values, const std::vector<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& one) { return Has(values, one); });
}

/// `en` speaks to `en-GB`, and the other way round.
bool Speaks(const Person& person, std::string_view language) {
  const auto primary = [](std::string_view tag) { return tag.substr(0, tag.find('-')); };
  return std::any_of(person.languages.begin(), person.languages.end(),
                     [&](const std::string& spoken) { return primary(spoken) == primary(language); });
}

bool IsFull(const Draft& d, const Person& person) {
  return person.capacity > 0 && d.c().owner.person != person.id && d.load().WorkOf(person.id) >= person.capacity;
}

/// On call in one of their teams; without a team, present.
People OnCallNow(const Draft& d, const People& people) {
  const Roster& roster = d.roster();
  std::vector<std::pair<const Team*, People>> asked;
  People found;
  for (const Person* person : people) {
    const auto& teams = roster.TeamsOf(person->id);
    bool there = teams.empty() && roster.IsPresent(person->id, d.t());
    for (const Team* team : teams) {
      if (there) break;
      auto it = std::find_if(asked.begin(), asked.end(), [team](const auto& entry) { return entry.first == team; });
      if (it == asked.end()) it = asked.insert(asked.end(), {team, roster.OnCallOf(team->id, d.t())});
      there = std::find(it->second.begin(), it->second.end(), person) != it->second.end();
    }
    if (there) found.push_back(person);
  }
  return found;
}

/// Skills without which the step makes no sense.
std::vector<std::string> RequiredSkills(const Draft& d, const StepTarget& to) {
  std::vector<std::string> skills = to.skills;
  if (to.case_skills) skills.insert(skills.end(), d.c().skills.begin(), d.c().skills.end());
  return skills;
}

People PeopleOf(const Draft& d, const StepTarget& to, const std::vector<std::string>& required) {
  const Roster& roster = d.roster();
  if (!to.person.empty()) {
    const Person* person = roster.person(to.person);
    return person != nullptr && roster.IsPresent(to.person, d.t()) ? People{person} : People{};
  }
  if (!to.schedule.empty()) return roster.OnCallOfSchedule(to.schedule, d.t());
  if (!to.role.empty()) return roster.PeopleInRole(to.role, d.t());
  if (!to.team.empty()) return roster.OnCallOf(to.team, d.t());
  return required.empty() ? People{} : OnCallNow(d, roster.PeopleWithSkills(required));
}

std::string Words(const StepTarget& to) {
  if (!to.person.empty()) return "person " + to.person;
  if (!to.schedule.empty()) return "schedule " + to.schedule;
  if (!to.role.empty()) return "role " + to.role;
  if (!to.team.empty()) return "team " + to.team;
  return to.case_skills ? "the case's skills" : "skills";
}

std::string WhyNobody(const Draft& d, const StepTarget& to) {
  const bool by_skills_alone = to.person.empty() && to.schedule.empty() && to.role.empty() && to.team.empty();
  if (to.case_skills && by_skills_alone && to.skills.empty() && d.c().skills.empty())
    return "the case names no skills, and the step asks for nothing else";
  return Words(to) + " has nobody on call and present";
}

std::string Names(const People& people) {
  constexpr size_t kMost = 5;
  std::string names;
  for (size_t i = 0; i < people.size() && i < kMost; ++i) names += (i == 0 ? "" : ",") + people[i]->id;
  return people.size() > kMost ? names + ",…" : names;
}

/// Fewer if that leaves somebody; true when it was heeded.
template <typename Fits>
bool Prefer(People* people, const Fits& fits) {
  People better;
  std::copy_if(people->begin(), people->end(), std::back_inserter(better), fits);
  if (better.empty()) return false;
  *people = std::move(better);
  return true;
}

struct Drawn {
  const Person* person;
  double work;
  InstantMs idle_since;
};

Drawn Look(const Draft& d, const Person* person) {
  return {person, d.load().WorkOf(person->id), d.load().IdleSince(person->id)};
}

bool Better(const Drawn& a, const Drawn& b) {
  if (a.work != b.work) return a.work < b.work;
  return a.idle_since != b.idle_since ? a.idle_since < b.idle_since : a.person->id < b.person->id;
}

/// Power of two choices: near the least loaded, without everybody choosing the same one on a stale picture.
const Person* LeastLoaded(Draft& d, const People& people, Saw* saw) {
  if (people.size() == 1) return people.front();
  const uint64_t bits = d.Draw();
  const size_t first = static_cast<size_t>(bits % people.size());
  const size_t step = 1 + static_cast<size_t>((bits >> 32) % (people.size() - 1));
  const Drawn a = Look(d, people[first]);
  const Drawn b = Look(d, people[(first + step) % people.size()]);
  const auto text = [](const Drawn& one) {
    return one.person->id + "=" + std::to_string(static_cast<int64_t>(one.work));
  };
  saw->emplace_back("drawn", text(a) + "," + text(b));
  return Better(a, b) ? a.person : b.person;
}

Reached Nobody(Draft& d, const std::string& rule, std::string why, bool overloaded, Saw saw) {
  d.Trace(rule, "nobody: " + why, std::move(saw));
  Reached reached;
  reached.why = std::move(why);
  reached.overloaded = overloaded;
  return reached;
}

Reached VendorOf(Draft& d, const std::string& id, const std::string& rule) {
  const Vendor* vendor = d.roster().vendor(id);
  if (vendor == nullptr || vendor->contacts.empty())
    return Nobody(d, rule, "vendor " + id + " has no contact in the roster", false, {});
  Reached reached;
  reached.vendor = id;
  d.Trace(rule, "vendor " + id + " is told; the case stays with its owner");
  return reached;
}

}  // namespace

const StepTarget* TargetOfLevel(const Draft& d, const std::string& level) {
  const auto it = d.policy().level_people.find(level);
  if (it != d.policy().level_people.end()) return &it->second;
  for (const Track track : {Track::kHierarchical, Track::kFunctional}) {
    const int step = StepOfLevel(d.track(track), level);
    if (step >= 0) return &d.track(track)->steps[static_cast<size_t>(step)].to;
  }
  return nullptr;
}

bool IsCleared(const Person& person, const Facts& facts) {
  if (!facts.residency.empty() && !Has(person.clearance, facts.residency)) return false;
  return !facts.restricted || Has(person.clearance, "restricted") ||
         (!facts.kind.empty() && Has(person.clearance, facts.kind));
}

bool Belongs(const Roster& roster, const StepTarget& to, std::string_view person, InstantMs at) {
  if (person.empty()) return false;
  if (to.person == person) return true;
  if (!to.team.empty() && roster.IsMember(to.team, person)) return true;
  const auto is_there = [person](const People& people) {
    return std::any_of(people.begin(), people.end(), [person](const Person* one) { return one->id == person; });
  };
  if (!to.role.empty() && is_there(roster.PeopleInRole(to.role, at))) return true;
  return !to.schedule.empty() && is_there(roster.OnCallOfSchedule(to.schedule, at));
}

std::string TeamOf(const Roster& roster, std::string_view person, std::string_view preferred) {
  if (!preferred.empty() && roster.IsMember(preferred, person)) return std::string(preferred);
  const auto& teams = roster.TeamsOf(person);
  return teams.empty() ? std::string() : teams.front()->id;
}

Reached WhoIsThere(Draft& d, const StepTarget& to, const Choice& choice, const std::string& rule) {
  const Case& c = d.c();
  if (!to.vendor.empty()) return VendorOf(d, to.vendor, rule);
  const std::vector<std::string> required = RequiredSkills(d, to);
  People people = PeopleOf(d, to, required);
  Saw saw{{"asked", Words(to)}, {"there", std::to_string(people.size())}};
  if (people.empty()) return Nobody(d, rule, WhyNobody(d, to), false, std::move(saw));

  std::erase_if(people, [&](const Person* person) { return !IsCleared(*person, *c.facts); });
  if (people.empty()) return Nobody(d, rule, "nobody there is cleared for the case", false, std::move(saw));
  std::erase_if(people, [&](const Person* person) {
    return person->id == choice.not_back_to || !HasAll(person->skills, required);
  });
  const auto fresh = [&](const Person* person) { return !Has(c.gave_up, person->id); };
  if (choice.pass == 0 && !choice.even_if_full) {
    std::erase_if(people, [&](const Person* person) { return !fresh(person); });
  } else {
    (void)Prefer(&people, fresh);
  }
  if (people.empty())
    return Nobody(d, rule, "nobody there has the skills and has not given it up", false, std::move(saw));
  if (choice.mode == AssignMode::kPush && !choice.even_if_full) {
    const People fitting = people;
    std::erase_if(people, [&](const Person* person) { return IsFull(d, *person); });
    if (people.empty()) {
      saw.emplace_back("full", Names(fitting));
      return Nobody(d, rule, "everybody there is at capacity", true, std::move(saw));
    }
  }
  Reached reached;
  reached.team = to.team;
  if (choice.mode == AssignMode::kPush || !to.person.empty()) {
    // Widening: the language is given up before the skills.
    if (!c.skills.empty() && !Prefer(&people, [&](const Person* person) { return HasAll(person->skills, c.skills); })) {
      saw.emplace_back("widened", "without the case's skills");
    }
    const std::string& language = c.facts->requester.language;
    if (!language.empty() && !Prefer(&people, [&](const Person* person) { return Speaks(*person, language); })) {
      saw.emplace_back("widened", "without the language " + language);
    }
    saw.emplace_back("fit", Names(people));
    const Person* chosen = LeastLoaded(d, people, &saw);
    reached.person = chosen->id;
    reached.people = {chosen->id};
    if (reached.team.empty()) reached.team = TeamOf(d.roster(), chosen->id);
    d.Trace(rule,
            people.size() == 1 ? chosen->id + ": the only one who fits" : chosen->id + ": least loaded of two drawn",
            std::move(saw));
    return reached;
  }
  for (const Person* person : people) reached.people.push_back(person->id);
  if (reached.team.empty()) reached.team = TeamOf(d.roster(), reached.people.front());
  d.Trace(rule, Names(people) + ": told together", std::move(saw));
  return reached;
}

}  // namespace escalon::decide

#include "common/domain/communication.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "common/domain/clock_ops.h"
#include "common/domain/hold.h"

namespace escalon::decide {
namespace {

constexpr uint32_t kMostIntents = 48;  ///< of one record

/// The word of `CommunicationRule::on` for an event; empty: nobody is told of it.
std::string_view WordOf(const Event& event) {
  if (const auto* fired = std::get_if<ClockFired>(&event)) {
    if (fired->superseded) return {};
    if (fired->name == kEtaClock) return "eta_passed";
    return fired->alarm.kind == AlarmKind::kWarning ? "warned" : std::string_view();
  }
  if (const auto* escalated = std::get_if<Escalated>(&event)) {
    return escalated->counted || (escalated->inform_only && escalated->step == -2) ? "escalated" : std::string_view();
  }
  if (const auto* note = std::get_if<NoteAdded>(&event)) {
    return note->visibility == Visibility::kPublic ? "note_added" : std::string_view();
  }
  if (std::holds_alternative<NotifyIntended>(event) || std::holds_alternative<ClockArmed>(event) ||
      std::holds_alternative<ClockStopped>(event) || std::holds_alternative<ClockPaused>(event) ||
      std::holds_alternative<ClockResumed>(event) || std::holds_alternative<Opened>(event)) {
    return {};
  }
  return KindName(KindOf(event));
}

struct People {
  std::vector<std::string> people;
  std::string team;
};

People OwnerOf(const Draft& d) {
  const Owner& owner = d.c().owner;
  if (!owner.person.empty()) return {{owner.person}, ""};
  return {{}, owner.team};
}

People ManagerOf(const Draft& d) {
  const Owner& owner = d.c().owner;
  if (!owner.person.empty()) {
    if (const Person* manager = d.roster().ManagerOf(owner.person)) return {{manager->id}, ""};
  }
  const Team* team = d.roster().team(owner.team);
  if (team != nullptr && !team->lead.empty() && team->lead != owner.person) return {{team->lead}, ""};
  return {};
}

/// Those of the roster are named; who is outside it, notification finds by the audience.
People PeopleOf(const Draft& d, Audience audience) {
  switch (audience) {
    case Audience::kOwner:
      return OwnerOf(d);
    case Audience::kTeam:
      return {{}, d.c().owner.team};
    case Audience::kManager:
      return ManagerOf(d);
    case Audience::kStep:
      return {d.c().functional.people, d.c().functional.team};
    default:
      return {};
  }
}

bool NeedsRosterPeople(Audience audience) {
  return audience == Audience::kOwner || audience == Audience::kTeam || audience == Audience::kManager ||
         audience == Audience::kStep;
}

/// The requester's side and the provider are nobody whom a parent would tell.
bool IsInside(Audience audience) {
  return NeedsRosterPeople(audience) || audience == Audience::kStakeholders || audience == Audience::kExecutives;
}

/// The record pages these people already, or tells that audience the same thing.
bool IsToldAlready(const Draft& d, const NotifyIntended& wanted) {
  return std::any_of(d.events().begin(), d.events().end(), [&](const Event& event) {
    const auto* told = std::get_if<NotifyIntended>(&event);
    if (told == nullptr) return false;
    if (told->audience == wanted.audience && told->message == wanted.message && told->people == wanted.people &&
        told->channels == wanted.channels) {
      return true;
    }
    if (wanted.people.empty() || told->purpose != IntentPurpose::kPage) return false;
    return std::all_of(wanted.people.begin(), wanted.people.end(), [told](const std::string& person) {
      return std::find(told->people.begin(), told->people.end(), person) != told->people.end();
    });
  });
}

void Send(Draft& d, const CommunicationRule& rule, Audience audience, std::string message) {
  if (d.intents() >= kMostIntents) return;
  if (IsInside(audience) && IsSilent(d)) return;
  People to = PeopleOf(d, audience);
  if (NeedsRosterPeople(audience) && to.people.empty() && to.team.empty()) return;
  const TrackState& state = d.c().functional;
  NotifyIntended intent;
  intent.purpose = rule.purpose;
  intent.audience = audience;
  intent.people = std::move(to.people);
  intent.team = std::move(to.team);
  intent.message = std::move(message);
  intent.channels = rule.channels;
  intent.urgency = rule.urgency;
  intent.step = state.step;
  intent.pass = state.pass;
  intent.attempt = state.attempt;
  if (!IsToldAlready(d, intent)) d.Notify(std::move(intent));
}

bool Speaks(const CommunicationRule& rule, std::string_view word) {
  const auto listed = [&rule](std::string_view one) {
    return std::find(rule.on.begin(), rule.on.end(), one) != rule.on.end();
  };
  // A time that has passed without a new one concerns whoever hears of a new one.
  return listed(word) || (word == "eta_passed" && listed("eta_changed"));
}

void AddOnce(std::vector<std::string_view>* words, std::string_view word) {
  if (!word.empty() && std::find(words->begin(), words->end(), word) == words->end()) words->push_back(word);
}

bool JustTriaged(const Draft& d) {
  return std::any_of(d.events().begin(), d.events().end(), [](const Event& event) {
    const auto* stopped = std::get_if<ClockStopped>(&event);
    return stopped != nullptr && stopped->name == kTriageClock;
  });
}

}  // namespace

void Communicate(Draft& d) {
  if (d.policy().communication.empty() || d.events().empty()) return;
  // Whatever an imported case brings along was told elsewhere.
  if (const auto* opened = std::get_if<Opened>(&d.events().front()); opened != nullptr && opened->imported) return;
  std::vector<std::string_view> words;
  words.reserve(8);
  // The opening is told when it is known whom it concerns: with triage, or when the case ends before.
  const bool opening = JustTriaged(d) && !d.c().imported;
  if (opening) words.push_back("opened");
  for (const Event& event : d.events()) AddOnce(&words, WordOf(event));
  for (const std::string_view word : words) {
    for (const CommunicationRule& rule : d.policy().communication) {
      if (!Speaks(rule, word) || !Holds(rule.when, d.c())) continue;
      for (const Audience audience : rule.to)
        Send(d, rule, audience, rule.message.empty() ? std::string(word) : rule.message);
    }
  }
}

void Tell(Draft& d, IntentPurpose purpose, Audience audience, std::vector<std::string> people, std::string team,
          std::string message) {
  const TrackState& state = d.c().functional;
  NotifyIntended intent;
  intent.purpose = purpose;
  intent.audience = audience;
  intent.people = std::move(people);
  intent.team = std::move(team);
  intent.message = std::move(message);
  intent.step = state.step;
  intent.pass = state.pass;
  intent.attempt = state.attempt;
  d.Notify(std::move(intent));
}

void TellOwner(Draft& d, std::string message) {
  People owner = OwnerOf(d);
  if (owner.people.empty() && owner.team.empty()) return;
  Tell(d, IntentPurpose::kInform, Audience::kOwner, std::move(owner.people), std::move(owner.team), std::move(message));
}

void TellManager(Draft& d, std::string message) {
  People manager = ManagerOf(d);
  Tell(d, IntentPurpose::kInform, Audience::kManager, std::move(manager.people), std::move(manager.team),
       std::move(message));
}

void RestartCadence(Draft& d, const std::string& why) {
  DurationMs shortest = 0;
  for (const CommunicationRule& rule : d.policy().communication) {
    if (rule.cadence <= 0 || (shortest != 0 && rule.cadence >= shortest) || !Holds(rule.when, d.c())) continue;
    shortest = rule.cadence;
  }
  if (shortest == 0 || !IsOpen(d.c().state)) {
    StopClock(d, kCadenceClock, "no cadence any more");
  } else {
    ArmUntil(d, kCadenceClock, d.t() + shortest, why);
  }
}

void StartCadence(Draft& d) {
  for (const CommunicationRule& rule : d.policy().communication) {
    if (rule.cadence <= 0 || !rule.on.empty() || !Holds(rule.when, d.c())) continue;
    for (const Audience audience : rule.to) Send(d, rule, audience, "update");
  }
  RestartCadence(d, "the first update");
}

void SendCadence(Draft& d) {
  for (const CommunicationRule& rule : d.policy().communication) {
    if (rule.cadence <= 0 || !Holds(rule.when, d.c())) continue;
    d.Trace("communication." + rule.id + ".cadence", "the next update is due");
    for (const Audience audience : rule.to) Send(d, rule, audience, "update");
  }
  if (!IsSilent(d)) TellOwner(d, "update_due");
  RestartCadence(d, "the next update");
}

}  // namespace escalon::decide

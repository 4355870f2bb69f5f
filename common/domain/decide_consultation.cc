#include <algorithm>
#include <utility>

#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/rights.h"
#include "common/domain/step_page.h"
#include "common/domain/who.h"

namespace escalon::decide {
namespace {

constexpr size_t kMostOpen = 16;
constexpr size_t kLongestSealed = 16 * 1024;
constexpr DurationMs kUrgentAnswer = 30 * kMinuteMs;
constexpr DurationMs kUsualAnswer = 4 * kHourMs;

std::string ClockOf(const std::string& id) { return std::string(kConsultationPrefix) + id; }

const OpenConsultation* Find(const Case& c, const std::string& id) {
  if (id.empty()) return c.consultations.size() == 1 ? &c.consultations.front() : nullptr;
  const auto it = std::find_if(c.consultations.begin(), c.consultations.end(),
                               [&id](const OpenConsultation& open) { return open.asked.id == id; });
  return it != c.consultations.end() ? &*it : nullptr;
}

/// Whoever asked; the owner when nobody is named.
void TellAsker(Draft& d, const std::string& asker, std::string message) {
  if (asker.empty()) return TellOwner(d, std::move(message));
  Tell(d, IntentPurpose::kInform, Audience::kOwner, {asker}, "", std::move(message));
}

}  // namespace

Decision On(Draft& d, const Consult& command) {
  if (command.to_team.empty() && command.to_person.empty())
    return InvalidField("to_team", "name the team or the person to ask");
  if (!command.to_team.empty() && d.roster().team(command.to_team) == nullptr)
    return InvalidField("to_team", "no such team in the roster");
  if (!command.to_person.empty()) {
    if (Status s = CanTake(d, command.to_person, "to_person"); !s) return s.error();
  }
  if (command.sealed_question.empty()) return InvalidField("sealed_question", "ask something");
  if (Status s = CheckText(command.sealed_question, kLongestSealed, "sealed_question"); !s) return s.error();
  if (d.c().consultations.size() >= kMostOpen) {
    return Error{ErrorCode::kResourceExhausted, "16 consultations are open on this case; wait for an answer"};
  }
  const std::string id = d.NewId('q');
  d.Emit(ConsultationAsked{id, d.person(), command.to_team, command.to_person, command.sealed_question});
  const bool urgent = DefaultWaitCalendar(d).empty();
  (void)ArmWait(d, ClockOf(id), DefaultWaitCalendar(d), d.t(), Target{urgent ? kUrgentAnswer : kUsualAnswer},
                "an answer is awaited");
  std::vector<std::string> people;
  if (!command.to_person.empty()) people.push_back(command.to_person);
  Tell(d, IntentPurpose::kPage, Audience::kTeam, std::move(people), command.to_team, "consultation_asked");
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const AnswerConsultation& command) {
  const OpenConsultation* open = Find(d.c(), command.id);
  if (open == nullptr)
    return Error{ErrorCode::kNotFound, "no such open consultation on this case; it may be answered already"};
  if (command.sealed_answer.empty()) return InvalidField("sealed_answer", "answer something");
  if (Status s = CheckText(command.sealed_answer, kLongestSealed, "sealed_answer"); !s) return s.error();
  const ConsultationAsked asked = open->asked;
  const std::string& person = d.actor().subject;
  const bool asked_of_them =
      asked.to_person == person || (!asked.to_team.empty() && d.roster().IsMember(asked.to_team, person));
  if (d.by_person() && !asked_of_them && !IsManager(d.actor())) {
    return Denied("the question was put to " + (asked.to_person.empty() ? "team " + asked.to_team : asked.to_person));
  }
  StopClock(d, ClockOf(asked.id), "answered");
  d.Emit(ConsultationAnswered{asked.id, d.person(), command.sealed_answer});
  TellAsker(d, asked.from_person, "consultation_answered");
  return OutcomeKind::kDone;
}

void ConsultationOverdue(Draft& d, const std::string& id) {
  StopClock(d, ClockOf(id), "no answer in time");
  const OpenConsultation* open = Find(d.c(), id);
  d.Trace("consultation", "no answer in time: whoever asked is told", {{"id", id}});
  TellAsker(d, open != nullptr ? open->asked.from_person : std::string(), "consultation_overdue");
}

}  // namespace escalon::decide

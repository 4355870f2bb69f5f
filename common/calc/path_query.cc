#include <array>
#include <utility>

#include "common/calc/path_walk.h"
#include "common/calc/queries.h"
#include "common/calc/values.h"

namespace escalon::calc {
namespace {

constexpr int kMostRepeats = 100;
constexpr std::array<std::string_view, 3> kOnEmpty{"skip", "hold", "fall_back"};
constexpr std::array<std::string_view, 2> kOutsideHours{"hold", "skip"};
constexpr std::array<std::string_view, 4> kActs{"acknowledged", "escalated", "path_changed", "resolved"};
constexpr std::array<std::string_view, 4> kStates{"running", "acknowledged", "resolved", "exhausted"};

WalkStep ReadStep(const Place& place) {
  const Fields fields(place, {"name", "targets", "wait", "on_empty", "calendar", "outside_hours"});
  WalkStep step;
  if (const auto name = fields.Optional("name")) ReadName(*name);
  if (const auto targets = fields.Required("targets")) step.targets = ReadNames(*targets);
  if (const auto wait = fields.Required("wait")) step.wait = ReadDuration(*wait);
  if (const auto on_empty = fields.Optional("on_empty"))
    step.on_empty = static_cast<OnEmpty>(ReadChoice(*on_empty, kOnEmpty));
  step.calendar = OptionalCalendar(fields);
  const std::optional<Place> outside = fields.Optional("outside_hours");
  step.skip_outside_hours = outside && ReadChoice(*outside, kOutsideHours) == 1;
  return step;
}

int ReadRepeat(const Place& place) {
  if (place.is(Json::Kind::kString) && place.json().text == "forever") return WalkPath::kForever;
  if (place.is(Json::Kind::kInteger) && place.json().integer >= 0 && place.json().integer <= kMostRepeats)
    return static_cast<int>(place.json().integer);
  place.Refuse("must be a whole number from 0 to 100, or \"forever\"");
  return 0;
}

/// What the fields mean together.
void CheckPath(const WalkPath& path, const Place& place) {
  bool waits = false, falls_back = false;
  for (const WalkStep& step : path.steps) {
    waits = waits || step.wait > 0;
    falls_back = falls_back || (step.targets.empty() && step.on_empty == OnEmpty::kFallBack);
  }
  if (path.steps.empty()) place.fault()->Add(place.PathOf("steps"), "must have at least one step");
  if (path.repeat == WalkPath::kForever && !waits)
    place.fault()->Add(place.PathOf("repeat"), "\"forever\" needs a step with a wait");
  if (falls_back && path.fallback.empty())
    place.fault()->Add(place.PathOf("fallback"), "is required: an empty step falls back to it");
}

std::shared_ptr<const WalkPath> ReadPath(const Place& place) {
  const Fields fields(place, {"steps", "repeat", "acknowledgement_lease", "catch_all", "fallback"});
  auto path = std::make_shared<WalkPath>();
  if (const auto steps = fields.Required("steps")) {
    for (const Place& step : steps->Items()) path->steps.push_back(ReadStep(step));
  }
  if (const auto repeat = fields.Optional("repeat")) path->repeat = ReadRepeat(*repeat);
  if (const auto lease = fields.Optional("acknowledgement_lease")) {
    path->lease = ReadDuration(*lease);
    if (*path->lease == 0) lease->Refuse("must be longer than 0; leave it out for an acknowledgement that holds");
  }
  if (const auto catch_all = fields.Optional("catch_all")) path->catch_all = ReadNames(*catch_all);
  if (const auto fallback = fields.Optional("fallback")) path->fallback = ReadNames(*fallback);
  if (!*place.fault()) CheckPath(*path, place);
  return path;
}

/// `steps`: how many the path has that is walked when the event comes.
WalkEvent ReadEvent(const Place& place, size_t steps) {
  WalkEvent event;
  const Fields of_any(place, {"at", "kind", "to_step", "path"});
  event.at = RequiredInstant(of_any, "at");
  if (const auto act = of_any.Required("kind")) event.act = static_cast<WalkAct>(ReadChoice(*act, kActs));
  if (*place.fault()) return event;
  const Fields fields = event.act == WalkAct::kEscalated     ? Fields(place, {"at", "kind", "to_step"})
                        : event.act == WalkAct::kPathChanged ? Fields(place, {"at", "kind", "path"})
                                                             : Fields(place, {"at", "kind"});
  if (event.act == WalkAct::kEscalated) {
    if (const auto to = fields.Optional("to_step"))
      event.to_step = static_cast<int>(ReadWhole(*to, 1, static_cast<int64_t>(steps)));
  } else if (event.act == WalkAct::kPathChanged) {
    if (const auto path = fields.Required("path")) event.path = ReadPath(*path);
  }
  return event;
}

void ReadEvents(const Place& place, WalkQuestion* question) {
  size_t steps = question->path->steps.size();
  InstantMs earliest = question->start;
  for (const Place& item : place.Items()) {
    const WalkEvent event = ReadEvent(item, steps);
    if (*item.fault()) return;
    if (event.at < earliest)
      item.fault()->Add(item.PathOf("at"), question->events.empty() ? "must not be before start"
                                                                    : "must not be before the event in front of it");
    earliest = event.at;
    if (event.path != nullptr) steps = event.path->steps.size();
    question->events.push_back(event);
  }
}

bool RepeatsForever(const WalkQuestion& question) {
  bool forever = question.path->repeat == WalkPath::kForever;
  for (const WalkEvent& event : question.events)
    forever = forever || (event.path != nullptr && event.path->repeat == WalkPath::kForever);
  return forever;
}

/// The field of the path that the walk ended on.
std::string FieldOf(const WalkQuestion& question, const WalkPath* path) {
  for (size_t i = 0; i < question.events.size(); ++i) {
    if (question.events[i].path.get() == path) return "events[" + std::to_string(i) + "].path";
  }
  return "path";
}

Json Names(const std::vector<std::string>& names) {
  Json out = Json::Array();
  for (const std::string& name : names) out.items.emplace_back(name);
  return out;
}

Json AnswerOf(const WalkAnswer& answer, const AnswerForm& form) {
  Json told = Json::Array();
  for (const WalkNotification& notification : answer.notifications) {
    Json out = Json::Object();
    out.Set("at", form.Instant(notification.at))
        .Set("step", notification.step ? Json(*notification.step) : Json())
        .Set("pass", notification.pass)
        .Set("attempt", notification.attempt)
        .Set("targets", Names(*notification.targets));
    told.items.push_back(std::move(out));
  }
  Json result = Json::Object();
  result.Set("notifications", std::move(told))
      .Set("state", kStates[static_cast<size_t>(answer.state)])
      .Set("step", answer.step)
      .Set("pass", answer.pass)
      .Set("next_at", form.Instant(answer.next_at))
      .Set("exhausted_at", form.Instant(answer.exhausted_at));
  return result;
}

}  // namespace

Json AskPath(const Place& query, const AnswerForm& form) {
  const Fields fields(query, {"query", "id", "path", "start", "events", "until"});
  WalkQuestion question;
  if (const auto path = fields.Required("path")) question.path = ReadPath(*path);
  question.start = RequiredInstant(fields, "start");
  if (*query.fault()) return {};
  if (const auto events = fields.Optional("events")) ReadEvents(*events, &question);
  if (const auto until = fields.Optional("until")) {
    question.until = ReadInstant(*until);
    if (question.until < question.start) until->Refuse("must not be before start");
  } else if (RepeatsForever(question)) {
    query.fault()->Add("until", "is required: the path repeats forever");
  }
  if (*query.fault()) return {};

  const WalkAnswer answer = WalkThePath(question);
  switch (answer.fault) {
    case WalkFault::kNone:
      break;
    case WalkFault::kTooMuch:
      query.fault()->Add("until", "is too far: more than 10,000 notifications; look less far");
      return {};
    case WalkFault::kOutOfReach:
      query.fault()->Add(FieldOf(question, answer.path) + ".steps[" + std::to_string(answer.step - 1) + "].calendar",
                         "does not open often enough for the step's wait");
      return {};
  }
  return AnswerOf(answer, form);
}

}  // namespace escalon::calc

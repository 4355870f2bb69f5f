#include <array>
#include <set>
#include <utility>

#include "common/calc/case_history.h"
#include "common/calc/clock_values.h"
#include "common/calc/queries.h"
#include "common/calc/values.h"

namespace escalon::calc {
namespace {

constexpr size_t kMostSegments = 1000;
constexpr std::array<std::string_view, 5> kStates{"none", "idle", "running", "paused", "stopped"};
constexpr std::array<std::string_view, 3> kActors{"customer", "agent", "system"};
constexpr std::array<std::string_view, 13> kActs{
    "opened",  "acknowledged", "agent_reply", "automatic_reply", "internal_note",   "customer_message", "paused",
    "resumed", "resolved",     "closed",      "reopened",        "targets_changed", "calendar_changed"};

/// Which kinds a pause stops, by its reason.
class PauseTable {
 public:
  explicit PauseTable(const std::optional<Place>& place) {
    if (!place) {
      by_reason_ = {{"customer", SetOf(ClockKind::kResolution) | SetOf(ClockKind::kUpdate)},
                    {"vendor", SetOf(ClockKind::kOwner)},
                    {"change", SetOf(ClockKind::kOwner)}};
    } else if (place->is(Json::Kind::kArray)) {
      for_all_ = ReadKinds(*place);
    } else {
      for (const auto& [reason, kinds] : place->Members()) by_reason_[std::string(reason)] = ReadKinds(kinds);
    }
  }

  ClockKinds StoppedBy(const std::string& reason) const {
    if (for_all_) return *for_all_;
    const auto found = by_reason_.find(reason);
    return found == by_reason_.end() ? ClockKinds{0} : found->second;
  }

 private:
  static ClockKinds ReadKinds(const Place& place) {
    ClockKinds kinds = 0;
    for (const Place& kind : place.Items()) kinds |= SetOf(ReadClockKind(kind));
    return kinds;
  }

  std::optional<ClockKinds> for_all_;
  std::map<std::string, ClockKinds> by_reason_;
};

void ReadTargets(const Fields& fields, const std::vector<HistoryClock>& clocks, HistoryEvent* event) {
  const std::optional<Place> place = fields.Required("targets");
  if (!place) return;
  for (const auto& [name, target] : place->Members(Place::Nulls::kKept)) {
    size_t clock = 0;
    while (clock < clocks.size() && clocks[clock].name != name) ++clock;
    if (clock == clocks.size()) {
      target.Refuse("is the name of no clock");
    } else {
      event->targets.emplace_back(clock, ReadTarget(target));
    }
  }
}

/// The fields that an event of its kind may have.
Fields FieldsOf(const Place& place, HistoryAct act) {
  switch (act) {
    case HistoryAct::kOpened:
      return Fields(place, {"at", "kind", "actor"});
    case HistoryAct::kPaused:
      return Fields(place, {"at", "kind", "reason"});
    case HistoryAct::kTargetsChanged:
      return Fields(place, {"at", "kind", "targets"});
    case HistoryAct::kCalendarChanged:
      return Fields(place, {"at", "kind", "calendar"});
    default:
      return Fields(place, {"at", "kind"});
  }
}

HistoryEvent ReadEvent(const Place& place, const PauseTable& table, const std::vector<HistoryClock>& clocks) {
  HistoryEvent event;
  const Fields of_any(place, {"at", "kind", "actor", "reason", "targets", "calendar"});
  event.at = RequiredInstant(of_any, "at");
  if (const auto act = of_any.Required("kind")) event.act = static_cast<HistoryAct>(ReadChoice(*act, kActs));
  if (*place.fault()) return event;
  const Fields fields = FieldsOf(place, event.act);
  switch (event.act) {
    case HistoryAct::kOpened: {
      const std::optional<Place> actor = fields.Optional("actor");
      event.by_customer = !actor || ReadChoice(*actor, kActors) == 0;
      break;
    }
    case HistoryAct::kPaused: {
      const std::optional<Place> reason = fields.Optional("reason");
      event.stops = table.StoppedBy(reason ? ReadName(*reason) : "customer");
      break;
    }
    case HistoryAct::kTargetsChanged:
      ReadTargets(fields, clocks, &event);
      break;
    case HistoryAct::kCalendarChanged:
      if (const auto calendar = fields.Required("calendar")) event.calendar = ReadCalendar(*calendar);
      break;
    default:
      break;
  }
  return event;
}

void ReadEvents(const Place& place, const PauseTable& table, History* history) {
  const std::vector<Place> items = place.Items();
  if (items.empty()) place.Refuse("must begin with an opened event");
  for (const Place& item : items) {
    const HistoryEvent event = ReadEvent(item, table, history->clocks);
    if (*item.fault()) return;
    const bool first = history->events.empty();
    if (first != (event.act == HistoryAct::kOpened))
      item.fault()->Add(item.PathOf("kind"),
                        first ? "the first event must be opened" : "only the first event is opened");
    if (!first && event.at < history->events.back().at)
      item.fault()->Add(item.PathOf("at"), "must not be before the event in front of it");
    history->events.push_back(event);
  }
}

void ReadClocks(const Place& place, std::vector<HistoryClock>* clocks) {
  const std::vector<Place> items = place.Items();
  if (items.empty()) place.Refuse("must have at least one clock");
  std::set<std::string> names;
  for (const Place& item : items) {
    clocks->push_back(ReadHistoryClock(item));
    if (*item.fault()) return;
    if (!names.insert(clocks->back().name).second)
      item.fault()->Add(item.PathOf("name"), "is the name of another clock; give each its own");
  }
}

/// The field of the calendar that a clock counts on at the end.
std::string CalendarField(const History& history, size_t clock) {
  if (history.clocks[clock].calendar != nullptr) return "clocks[" + std::to_string(clock) + "].calendar";
  for (size_t i = history.events.size(); i-- > 0;) {
    if (history.events[i].act == HistoryAct::kCalendarChanged && history.events[i].at <= history.as_of)
      return "events[" + std::to_string(i) + "].calendar";
  }
  return "calendar";
}

Json StopperOf(StoppedBy by) {
  constexpr std::array<std::string_view, 4> kStoppers{"", "acknowledged", "agent_reply", "resolved"};
  return by == StoppedBy::kNothing ? Json() : Json(kStoppers[static_cast<size_t>(by)]);
}

Json RunOf(const RunReading& run, const AnswerForm& form) {
  Json out = Json::Object();
  out.Set("started_at", form.Instant(run.started_at))
      .Set("stopped_at", form.Instant(run.stopped_at))
      .Set("deadline", form.Instant(run.clock.deadline))
      .Set("elapsed_ms", run.clock.elapsed)
      .Set("breached", run.breached_at != kNever);
  return out;
}

Json ClockOf(const HistoryClock& asked, const Json& query, const HistoryClockReading& reading, bool explain,
             const AnswerForm& form) {
  const RunReading& now = reading.now;
  const bool measures = now.started_at != kNever;
  Json out = Json::Object();
  out.Set("name", asked.name)
      .Set("kind", kClockKinds[static_cast<size_t>(asked.kind)])
      .Set("state", kStates[static_cast<size_t>(reading.state)])
      .Set("started_at", form.Instant(now.started_at))
      .Set("counting_from", measures ? form.Instant(now.clock.counting_from) : Json())
      .Set("deadline", measures ? form.Instant(now.clock.deadline) : Json())
      .Set("stopped_at", form.Instant(now.stopped_at))
      .Set("stopped_by", StopperOf(now.stopped_by))
      .Set("elapsed_ms", now.clock.elapsed)
      .Set("paused_ms", now.clock.paused)
      .Set("remaining_ms", measures ? Json(now.clock.remaining) : Json())
      .Set("breached", now.breached_at != kNever)
      .Set("breached_at", form.Instant(now.breached_at))
      .Set("overdue_ms", now.clock.overdue);
  Json warnings = Json::Array();
  for (size_t i = 0; i < asked.warnings.size(); ++i) {
    Json warning = WarningForm(query.Find("warnings")->items[i], asked.warnings[i]);
    warning.Set("at", form.Instant(reading.warnings[i]));
    warnings.items.push_back(std::move(warning));
  }
  out.Set("warnings", std::move(warnings));
  if (HasRuns(asked.kind)) {
    Json runs = Json::Array();
    for (const RunReading& run : reading.runs) runs.items.push_back(RunOf(run, form));
    out.Set("runs", std::move(runs));
  }
  if (explain) out.Set("segments", form.Spans(reading.segments));
  return out;
}

}  // namespace

Json AskClocks(const Place& query, const AnswerForm& form) {
  const Fields fields(query, {"query", "id", "clocks", "events", "calendar", "pause_stops", "as_of", "explain"});
  History history;
  const std::optional<Place> clocks = fields.Required("clocks");
  if (clocks) ReadClocks(*clocks, &history.clocks);
  history.calendar = OptionalCalendar(fields);
  const PauseTable table(fields.Optional("pause_stops"));
  if (const auto events = fields.Required("events")) ReadEvents(*events, table, &history);
  const std::optional<InstantMs> as_of = OptionalInstant(fields, "as_of");
  const bool explain = OptionalFlag(fields, "explain");
  if (*query.fault()) return {};
  history.as_of = as_of.value_or(history.events.back().at);
  history.most_segments = explain ? kMostSegments : 0;

  const HistoryReading reading = ReadHistory(history);
  if (reading.out_of_reach) {
    query.fault()->Add(CalendarField(history, *reading.out_of_reach),
                       "does not open often enough for the clock " + history.clocks[*reading.out_of_reach].name);
    return {};
  }
  Json states = Json::Array();
  for (size_t i = 0; i < history.clocks.size(); ++i)
    states.items.push_back(ClockOf(history.clocks[i], clocks->json().items[i], reading.clocks[i], explain, form));
  Json next;
  if (reading.next) {
    next = Json::Object();
    next.Set("at", form.Instant(reading.clocks[*reading.next].now.clock.deadline))
        .Set("clock", history.clocks[*reading.next].name);
  }
  Json result = Json::Object();
  result.Set("as_of", form.Instant(history.as_of))
      .Set("next_deadline", std::move(next))
      .Set("clocks", std::move(states));
  return result;
}

}  // namespace escalon::calc

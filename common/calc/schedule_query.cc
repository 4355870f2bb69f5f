#include <utility>

#include "common/calc/queries.h"
#include "common/calc/rotation_value.h"
#include "common/calc/values.h"
#include "common/domain/schedule.h"

namespace escalon::calc {
namespace {

constexpr DurationMs kLongestSpan = 366 * kDayMs;
constexpr int64_t kMostPriority = 1000;

ScheduleSpec::Layer ReadLayer(const Place& place) {
  const Fields fields(place, {"name", "priority", "users", "rotation", "windows", "from", "until"});
  ScheduleSpec::Layer layer;
  if (const auto name = fields.Optional("name")) layer.name = ReadName(*name);
  if (const auto priority = fields.Optional("priority"))
    layer.priority = static_cast<int>(ReadWhole(*priority, 0, kMostPriority));
  if (const auto users = fields.Optional("users")) layer.users = ReadNames(*users);
  if (const auto rotation = fields.Optional("rotation")) layer.rotation = ReadRotation(*rotation);
  if (const auto windows = fields.Optional("windows")) layer.windows = ReadWeekly(*windows);
  layer.from = OptionalInstant(fields, "from");
  layer.until = OptionalInstant(fields, "until");
  return layer;
}

ScheduleSpec::Override ReadOverride(const Place& place) {
  const Fields fields(place, {"start", "end", "remove", "add"});
  ScheduleSpec::Override out;
  out.start = RequiredInstant(fields, "start");
  out.end = RequiredInstant(fields, "end");
  if (const auto remove = fields.Optional("remove")) out.remove = ReadName(*remove);
  if (const auto add = fields.Optional("add")) out.add = ReadName(*add);
  return out;
}

ScheduleSpec::TemporaryShift ReadShift(const Place& place) {
  const Fields fields(place, {"start", "end", "user"});
  ScheduleSpec::TemporaryShift out;
  out.start = RequiredInstant(fields, "start");
  out.end = RequiredInstant(fields, "end");
  out.user = RequiredName(fields, "user");
  return out;
}

ScheduleSpec::Temporary ReadTemporary(const Place& place) {
  const Fields fields(place, {"start", "end", "shifts"});
  ScheduleSpec::Temporary out;
  out.start = RequiredInstant(fields, "start");
  out.end = RequiredInstant(fields, "end");
  if (const auto shifts = fields.Required("shifts")) {
    for (const Place& shift : shifts->Items()) out.shifts.push_back(ReadShift(shift));
  }
  return out;
}

ScheduleSpec::Absence ReadAbsence(const Place& place) {
  const Fields fields(place, {"user", "start", "end"});
  ScheduleSpec::Absence out;
  out.user = RequiredName(fields, "user");
  out.start = OptionalInstant(fields, "start");
  out.end = OptionalInstant(fields, "end");
  return out;
}

template <typename Item, typename Read>
void ReadList(const Fields& fields, std::string_view name, std::vector<Item>* out, const Read& read) {
  const std::optional<Place> list = fields.Optional(name);
  if (!list) return;
  for (const Place& item : list->Items()) out->push_back(read(item));
}

ScheduleSpec ReadSchedule(const Place& place) {
  const Fields fields(place, {"timezone", "layers", "overrides", "temporary", "absences"});
  ScheduleSpec spec;
  spec.timezone = RequiredName(fields, "timezone");
  ReadList(fields, "layers", &spec.layers, ReadLayer);
  ReadList(fields, "overrides", &spec.overrides, ReadOverride);
  ReadList(fields, "temporary", &spec.temporary, ReadTemporary);
  ReadList(fields, "absences", &spec.absences, ReadAbsence);
  return spec;
}

struct Question {
  std::optional<std::vector<InstantMs>> at;
  std::optional<Stretch> span;
};

Question ReadQuestion(const Fields& fields) {
  FirstFault* fault = fields.place().fault();
  Question out;
  if (const auto at = fields.Optional("at")) {
    out.at.emplace();
    if (at->is(Json::Kind::kArray)) {
      for (const Place& item : at->Items()) out.at->push_back(ReadInstant(item));
    } else {
      out.at->push_back(ReadInstant(*at));
    }
  }
  if (fields.Has("from") || fields.Has("to")) {
    out.span = {RequiredInstant(fields, "from"), RequiredInstant(fields, "to")};
    if (out.span->to < out.span->from) fault->Add("to", "must not be before from");
    if (out.span->to - out.span->from > kLongestSpan) fault->Add("to", "must be at most 366 days after from");
  }
  if (!out.at && !out.span) fault->Add("at", "is required, or from and to");
  return out;
}

template <typename Name>
Json People(const std::vector<Name>& people) {
  Json out = Json::Array();
  for (const Name& name : people) out.items.emplace_back(name);
  return out;
}

}  // namespace

Json AskSchedule(const Place& query, const AnswerForm& form) {
  const Fields fields(query, {"query", "id", "schedule", "at", "from", "to"});
  ScheduleSpec spec;
  const std::optional<Place> place = fields.Required("schedule");
  if (place) spec = ReadSchedule(*place);
  const Question question = ReadQuestion(fields);
  if (*query.fault()) return {};
  const Result<Schedule> schedule = Schedule::Build(std::move(spec), place->path());
  if (!schedule) {
    AddFault(schedule.error(), query.fault());
    return {};
  }
  Json result = Json::Object();
  if (question.at) {
    Json samples = Json::Array();
    for (const InstantMs at : *question.at) {
      Json sample = Json::Object();
      sample.Set("at", form.Instant(at)).Set("on_call", People(schedule.value().OnCall(at)));
      samples.items.push_back(std::move(sample));
    }
    result.Set("samples", std::move(samples));
  }
  if (question.span) {
    const FinalSchedule final = schedule.value().Final(question.span->from, question.span->to);
    Json segments = Json::Array();
    for (const FinalSchedule::Segment& segment : final.segments) {
      Json out = form.Span(segment.start, segment.end);
      out.Set("on_call", People(segment.on_call));
      segments.items.push_back(std::move(out));
    }
    result.Set("segments", std::move(segments))
        .Set("gaps", form.Spans(final.gaps))
        .Set("unstaffed", form.Spans(final.unstaffed));
  }
  return result;
}

}  // namespace escalon::calc

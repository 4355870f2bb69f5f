#include <array>
#include <string_view>

#include "common/calc/queries.h"
#include "common/calc/values.h"

namespace escalon::calc {
namespace {

constexpr size_t kMostSegments = 1000;
/// Steps of working days that stay inside the years of instants.
constexpr int64_t kMostDays = 110'000;
constexpr std::array<std::string_view, 2> kSnaps{"none", "closing"};

std::shared_ptr<const Calendar> RequiredCalendar(const Fields& fields) {
  const std::optional<Place> place = fields.Required("calendar");
  return place ? ReadCalendar(*place) : nullptr;
}

Json At(Json at) {
  Json out = Json::Object();
  out.Set("at", std::move(at));
  return out;
}

/// An instant that arithmetic reached, or the fault that it did not.
Json Reached(const Fields& fields, InstantMs at, const AnswerForm& form) {
  if (at == kNever)
    fields.place().fault()->Add("calendar",
                                "does not open often enough: nothing within 3,660 days of the last opening");
  return At(form.Instant(at));
}

void Explain(const Calendar& calendar, InstantMs from, InstantMs to, const AnswerForm& form, Json* result) {
  result->Set("segments", form.Spans(calendar.Segments(from, to, kMostSegments)));
}

enum class Way { kForward, kBack };

Json Walk(const Place& query, const AnswerForm& form, Way way) {
  const Fields fields(query, {"query", "id", "calendar", "at", "duration", "explain"});
  const InstantMs from = RequiredInstant(fields, "at");
  const std::optional<Place> place = fields.Required("duration");
  const DurationMs span = place ? ReadDuration(*place) : 0;
  const bool explain = OptionalFlag(fields, "explain");
  const std::shared_ptr<const Calendar> calendar = RequiredCalendar(fields);
  if (*query.fault()) return {};
  const InstantMs to = way == Way::kForward ? calendar->Add(from, span) : calendar->Subtract(from, span);
  Json result = Reached(fields, to, form);
  if (explain && to != kNever) Explain(*calendar, std::min(from, to), std::max(from, to), form, &result);
  return result;
}

/// A question about one instant.
template <typename Ask>
Json AskAt(const Place& query, const Ask& ask) {
  const Fields fields(query, {"query", "id", "calendar", "at"});
  const InstantMs at = RequiredInstant(fields, "at");
  const std::shared_ptr<const Calendar> calendar = RequiredCalendar(fields);
  if (*query.fault()) return {};
  return ask(*calendar, at);
}

}  // namespace

Json AddBusinessTime(const Place& query, const AnswerForm& form) { return Walk(query, form, Way::kForward); }

Json SubtractBusinessTime(const Place& query, const AnswerForm& form) { return Walk(query, form, Way::kBack); }

Json BusinessTimeBetween(const Place& query, const AnswerForm& form) {
  const Fields fields(query, {"query", "id", "calendar", "start", "end", "explain"});
  const InstantMs start = RequiredInstant(fields, "start"), end = RequiredInstant(fields, "end");
  const bool explain = OptionalFlag(fields, "explain");
  const std::shared_ptr<const Calendar> calendar = RequiredCalendar(fields);
  if (*query.fault()) return {};
  Json result = Json::Object();
  result.Set("elapsed_ms", calendar->Elapsed(start, end));
  if (explain) Explain(*calendar, start, end, form, &result);
  return result;
}

Json IsOpenAt(const Place& query, const AnswerForm&) {
  return AskAt(query, [](const Calendar& calendar, InstantMs at) {
    Json result = Json::Object();
    result.Set("open", calendar.IsOpen(at));
    return result;
  });
}

Json NextOpeningAt(const Place& query, const AnswerForm& form) {
  return AskAt(query, [&form](const Calendar& c, InstantMs at) { return At(form.Instant(c.NextOpening(at))); });
}

Json NextClosingAt(const Place& query, const AnswerForm& form) {
  return AskAt(query, [&form](const Calendar& c, InstantMs at) { return At(form.Instant(c.NextClosing(at))); });
}

Json PreviousClosingAt(const Place& query, const AnswerForm& form) {
  return AskAt(query, [&form](const Calendar& c, InstantMs at) { return At(form.Instant(c.PreviousClosing(at))); });
}

Json AddWorkingDays(const Place& query, const AnswerForm& form) {
  const Fields fields(query, {"query", "id", "calendar", "at", "days", "snap"});
  const InstantMs at = RequiredInstant(fields, "at");
  const std::optional<Place> place = fields.Required("days");
  const int64_t days = place ? ReadWhole(*place, -kMostDays, kMostDays) : 0;
  const std::optional<Place> snap = fields.Optional("snap");
  const bool to_closing = snap && ReadChoice(*snap, kSnaps) == 1;
  const std::shared_ptr<const Calendar> calendar = RequiredCalendar(fields);
  if (*query.fault()) return {};
  return Reached(fields, calendar->AddDays(at, days, to_closing ? DaySnap::kClosing : DaySnap::kNone), form);
}

}  // namespace escalon::calc

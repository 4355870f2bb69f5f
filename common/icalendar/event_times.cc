#include "common/icalendar/event_times.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace escalon::icalendar {
namespace {

constexpr size_t kMostRules = 4;
constexpr size_t kMostDates = 1'000;
constexpr int64_t kDay = 24 * 60 * 60;
constexpr int64_t kLongest = 400 * kDay;

Error Because(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

bool IsInRange(const icaltimetype& time) {
  return icaltime_is_null_time(time) == 0 && time.year >= kFirstYear && time.year <= kLastYear && time.month >= 1 &&
         time.month <= 12 && time.day >= 1 && time.day <= icaltime_days_in_month(time.month, time.year) &&
         time.hour >= 0 && time.hour <= 24 && time.minute >= 0 && time.minute < 60 && time.second >= 0 &&
         time.second <= 60;
}

/// The zone of a time: its TZID, UTC, or that of times without one.
Result<Zone> ZoneOf(icalproperty* property, const icaltimetype& time, const std::optional<Zone>& local) {
  if (time.is_date != 0) return local.value_or(Zone());
  if (icaltime_is_utc(time) != 0) return Zone();
  icalparameter* parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
  const char* name = parameter != nullptr ? icalparameter_get_tzid(parameter) : nullptr;
  if (name == nullptr) {
    if (local) return *local;
    return Because("has a time without a zone; write TZID with an IANA name, or say in which zone to read it");
  }
  Result<Zone> zone = Zone::Load(name, "TZID");
  if (!zone) return Because("names the zone '" + std::string(name) + "'; use an IANA name such as Europe/Berlin");
  return zone;
}

/// A time of the property on the wall clock of the event's zone.
Result<Wall> WallIn(const Zone& zone, icalproperty* property, const icaltimetype& time) {
  if (!IsInRange(time)) return Because("has a date that does not exist, or not between 1900 and 2199");
  const Wall written = WallOf(time);
  if (time.is_date != 0) return written;
  const Result<Zone> own = ZoneOf(property, time, zone);
  if (!own) return own.error();
  return own->name() == zone.name() ? written : WallOf(zone.LocalAt(own->StartAt(LocalOf(written))));
}

Status ReadDates(icalcomponent* event, icalproperty_kind kind, const Zone& zone, std::vector<Wall>* out) {
  for (icalproperty* p = icalcomponent_get_first_property(event, kind); p != nullptr;
       p = icalcomponent_get_next_property(event, kind)) {
    if (out->size() >= kMostDates) return Because("lists more than 1000 dates");
    icaltimetype time = icaltime_null_time();
    if (kind == ICAL_EXDATE_PROPERTY) {
      time = icalproperty_get_exdate(p);
    } else {
      const icaldatetimeperiodtype period = icalproperty_get_rdate(p);
      if (icaltime_is_null_time(period.time) != 0) return Because("adds a period (RDATE); write its start alone");
      time = period.time;
    }
    const Result<Wall> local = WallIn(zone, p, time);
    if (!local) return local.error();
    out->push_back(*local);
  }
  return {};
}

bool IsDailyOrRarer(const icalrecurrencetype& rule) {
  const bool within_a_day = rule.by_hour[0] != ICAL_RECURRENCE_ARRAY_MAX ||
                            rule.by_minute[0] != ICAL_RECURRENCE_ARRAY_MAX ||
                            rule.by_second[0] != ICAL_RECURRENCE_ARRAY_MAX;
  const bool rare = rule.freq == ICAL_DAILY_RECURRENCE || rule.freq == ICAL_WEEKLY_RECURRENCE ||
                    rule.freq == ICAL_MONTHLY_RECURRENCE || rule.freq == ICAL_YEARLY_RECURRENCE;
  return rare && !within_a_day && rule.rscale == nullptr;
}

Status ReadRules(icalcomponent* event, EventTimes* out) {
  if (icalcomponent_get_first_property(event, ICAL_EXRULE_PROPERTY) != nullptr) {
    return Because("excludes by a rule (EXRULE), which RFC 5545 has dropped; list the dates as EXDATE");
  }
  for (icalproperty* p = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY); p != nullptr;
       p = icalcomponent_get_next_property(event, ICAL_RRULE_PROPERTY)) {
    if (out->rules.size() >= kMostRules) return Because("has more than 4 rules; make events of them");
    icalrecurrencetype rule = icalproperty_get_rrule(p);
    if (!IsDailyOrRarer(rule)) {
      return Because(
          "repeats within a day, or by another calendar; only FREQ=DAILY, WEEKLY, MONTHLY and YEARLY are read");
    }
    if (icaltime_is_null_time(rule.until) == 0) {
      if (!IsInRange(rule.until)) return Because("has an UNTIL that does not exist, or not between 1900 and 2199");
      if (icaltime_is_utc(rule.until) != 0) {
        rule.until = IcalOf(WallOf(out->zone.LocalAt(Zone().StartAt(LocalOf(WallOf(rule.until))))), false);
      }
    }
    out->rules.push_back(rule);
  }
  return {};
}

Result<int64_t> LengthOf(icalcomponent* event, const EventTimes& times) {
  int64_t length = times.all_day ? kDay : 0;
  if (icalproperty* end = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY)) {
    const icaltimetype time = icalproperty_get_dtend(end);
    if ((time.is_date != 0) != times.all_day) return Because("begins with a date and ends with a time, or the reverse");
    const Result<Wall> to = WallIn(times.zone, end, time);
    if (!to) return to.error();
    length = *to - times.start;
  } else if (icalproperty* duration = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY)) {
    const icaldurationtype d = icalproperty_get_duration(duration);
    if (icaldurationtype_is_bad_duration(d) != 0) return Because("has a DURATION that cannot be read");
    if (d.is_neg != 0) return Because("has a negative DURATION");
    length = (int64_t{d.weeks} * 7 + d.days) * kDay + int64_t{d.hours} * 3600 + int64_t{d.minutes} * 60 + d.seconds;
  }
  if (length <= 0) return Because("takes no time: it ends when it begins, or before");
  if (length > kLongest) return Because("lasts longer than 400 days");
  return length;
}

}  // namespace

Result<EventTimes> TimesOf(icalcomponent* event, const std::optional<Zone>& local) {
  icalproperty* begin = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
  if (begin == nullptr) return Because("has no DTSTART that can be read");
  const icaltimetype start = icalproperty_get_dtstart(begin);
  EventTimes times;
  times.all_day = start.is_date != 0;
  Result<Zone> zone = ZoneOf(begin, start, local);
  if (!zone) return zone.error();
  times.zone = *zone;
  const Result<Wall> at = WallIn(times.zone, begin, start);
  if (!at) return at.error();
  times.start = *at;
  const Result<int64_t> length = LengthOf(event, times);
  if (!length) return length.error();
  times.length = *length;
  if (Status s = ReadRules(event, &times); !s) return s.error();
  if (Status s = ReadDates(event, ICAL_RDATE_PROPERTY, times.zone, &times.added); !s) return s.error();
  if (Status s = ReadDates(event, ICAL_EXDATE_PROPERTY, times.zone, &times.left_out); !s) return s.error();
  if (icalproperty* p = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY)) {
    const Result<Wall> replaced = WallIn(times.zone, p, icalproperty_get_recurrenceid(p));
    if (!replaced) return replaced.error();
    times.replaces = *replaced;
  }
  return times;
}

}  // namespace escalon::icalendar

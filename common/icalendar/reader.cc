#include "common/icalendar/reader.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/icalendar/content_lines.h"
#include "common/icalendar/event_times.h"
#include "common/icalendar/ical_handles.h"

namespace escalon::icalendar {
namespace {

constexpr size_t kMostFindings = 200;
constexpr int kMostSteps = 200'000;
/// Looking for the first date of a rule that has none costs up to a quarter of a second.
constexpr int kMostFruitless = 3;
constexpr size_t kLongestText = 500;

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

std::string Short(const char* text) {
  return text == nullptr ? std::string() : std::string(text).substr(0, kLongestText);
}

void AddMail(const char* address, std::vector<std::string>* out) {
  constexpr std::string_view kScheme = "mailto:";
  constexpr size_t kMostMails = 100;
  const std::string mail = Lower(Short(address));
  if (mail.starts_with(kScheme) && out->size() < kMostMails) out->push_back(mail.substr(kScheme.size()));
}

Event DescriptionOf(icalcomponent* component, int line) {
  Event event;
  event.line = line;
  event.uid = Short(icalcomponent_get_uid(component));
  event.summary = Short(icalcomponent_get_summary(component));
  for (icalproperty* p = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY); p != nullptr;
       p = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY)) {
    switch (icalproperty_isa(p)) {
      case ICAL_X_PROPERTY:
        if (Short(icalproperty_get_x_name(p)) == "X-ESCALON-PERSON") event.person = Short(icalproperty_get_x(p));
        break;
      case ICAL_ATTENDEE_PROPERTY:
        AddMail(icalproperty_get_attendee(p), &event.mails);
        break;
      case ICAL_ORGANIZER_PROPERTY:
        AddMail(icalproperty_get_organizer(p), &event.mails);
        break;
      default:
        break;
    }
  }
  return event;
}

struct Described {
  Event event;
  EventTimes times;
};

/// One reading: what was found so far, and what it has cost.
class Reading {
 public:
  Reading(const Span& span, const std::optional<Zone>& local) : span_(span), local_(local) {}

  void Take(const EventText& text) {
    const Component component(icalcomponent_new_from_string(text.text.c_str()));
    if (component == nullptr || icalcomponent_isa(component.get()) != ICAL_VEVENT_COMPONENT) {
      return Find(text.line, "cannot be read as an event");
    }
    if (icalcomponent_get_status(component.get()) == ICAL_STATUS_CANCELLED &&
        icalcomponent_get_first_property(component.get(), ICAL_RECURRENCEID_PROPERTY) == nullptr) {
      return;
    }
    Result<EventTimes> times = TimesOf(component.get(), local_);
    if (!times) return Find(text.line, times.error().message);
    Described described{DescriptionOf(component.get(), text.line), *std::move(times)};
    if (described.times.replaces) {
      replaced_[described.event.uid].insert(*described.times.replaces);
      if (icalcomponent_get_status(component.get()) == ICAL_STATUS_CANCELLED) return;
    }
    described_.push_back(std::move(described));
  }

  Result<Contents> End() {
    for (const Described& one : described_) {
      if (Status s = Expand(one); !s) return s.error();
    }
    std::stable_sort(out_.events.begin(), out_.events.end(),
                     [](const Event& a, const Event& b) { return a.from < b.from; });
    return std::move(out_);
  }

 private:
  void Find(int line, std::string message) {
    if (out_.findings.size() < kMostFindings) {
      out_.findings.push_back({"line " + std::to_string(line), "the event " + std::move(message)});
    }
  }

  Status Expand(const Described& one) {
    const EventTimes& times = one.times;
    std::set<Wall> starts;
    if (times.rules.empty() || times.replaces) starts.insert(times.start);
    if (!times.replaces) {
      for (const icalrecurrencetype& rule : times.rules) {
        if (Status s = Repeat(one, rule, &starts); !s) return s;
      }
      starts.insert(times.added.begin(), times.added.end());
      for (const Wall& out : times.left_out) starts.erase(out);
      if (const auto moved = replaced_.find(one.event.uid); moved != replaced_.end()) {
        for (const Wall& out : moved->second) starts.erase(out);
      }
    }
    for (const Wall& start : starts) {
      if (Status s = Put(one, start); !s) return s;
    }
    return {};
  }

  Status Repeat(const Described& one, icalrecurrencetype rule, std::set<Wall>* starts) {
    const EventTimes& times = one.times;
    const Wall last(span_.to);
    if (times.start >= last) return {};
    const bool bounded = icaltime_is_null_time(rule.until) == 0 && WallOf(rule.until) < last;
    if (!bounded && rule.count == 0) rule.until = IcalOf(last, times.all_day);
    const Iterator iterator(icalrecur_iterator_new(rule, IcalOf(times.start, times.all_day)));
    bool fruitless = true;
    while (iterator != nullptr) {
      const icaltimetype next = icalrecur_iterator_next(iterator.get());
      if (icaltime_is_null_time(next) != 0) break;
      fruitless = false;
      const Wall start = WallOf(next);
      if (start >= last) break;
      if (++steps_ > kMostSteps) return TooMuch(one, "its rules are followed for more than 200000 steps");
      if (start + times.length > Wall(span_.from)) starts->insert(start);
      if (starts->size() > kMostOccurrences) return TooMuch(one, "there are more than 20000 occurrences");
    }
    if (!fruitless) return {};
    Find(one.event.line, "has a rule that never comes true");
    return ++fruitless_ > kMostFruitless ? TooMuch(one, "more than 3 rules never come true") : Status();
  }

  static Status TooMuch(const Described& one, const std::string& what) {
    return InvalidField("line " + std::to_string(one.event.line), what + "; read a shorter span, or split the file");
  }

  Status Put(const Described& one, const Wall& start) {
    const Wall end = start + one.times.length;
    if (start >= Wall(span_.to) || end <= Wall(span_.from)) return {};
    if (out_.events.size() >= kMostOccurrences) return TooMuch(one, "there are more than 20000 occurrences");
    Event event = one.event;
    event.all_day = one.times.all_day;
    event.first = LocalDate(start);
    event.after_last = LocalDate(end - 1) + 1;
    event.from = one.times.zone.StartAt(LocalOf(start));
    event.to = one.times.zone.EndAt(LocalOf(end));
    if (event.to > event.from) out_.events.push_back(std::move(event));  // else wholly inside a gap of the clock
    return {};
  }

  const Span span_;
  const std::optional<Zone> local_;
  std::vector<Described> described_;
  std::map<std::string, std::set<Wall>> replaced_;
  Contents out_;
  int steps_ = 0;
  int fruitless_ = 0;
};

}  // namespace

Result<Contents> ReadCalendar(std::string_view text, const Span& span, const std::optional<Zone>& local) {
  Result<std::vector<EventText>> events = SplitEvents(text);
  if (!events) return events.error();
  Reading reading(span, local);
  for (const EventText& event : *events) reading.Take(event);
  return reading.End();
}

}  // namespace escalon::icalendar

#include "common/domain/schedule.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <utility>

#include "common/domain/schedule_check.h"

namespace escalon {
namespace {

using PersonIndex = uint32_t;

/// How far ahead a change of the people on call is looked for, in growing steps so that the usual answer is cheap.
constexpr std::array<DurationMs, 3> kLookAhead{8 * kDayMs, 60 * kDayMs, 366 * kDayMs};

void Append(std::vector<Stretch>* stretches, InstantMs from, InstantMs to) {
  if (!stretches->empty() && stretches->back().to == from) {
    stretches->back().to = to;
  } else {
    stretches->push_back({from, to});
  }
}

std::vector<std::string> PeopleIn(const ScheduleSpec& spec) {
  std::vector<std::string> people;
  const auto add = [&people](const std::string& name) {
    if (!name.empty()) people.push_back(name);
  };
  for (const auto& layer : spec.layers) {
    for (const auto& user : layer.users) add(user);
    if (!layer.rotation) continue;
    for (const auto& group : layer.rotation->participants) {
      for (const auto& user : group) add(user);
    }
  }
  for (const auto& o : spec.overrides) add(o.add);
  for (const auto& t : spec.temporary) {
    for (const auto& shift : t.shifts) add(shift.user);
  }
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  return people;
}

}  // namespace

struct Schedule::State {
  static constexpr PersonIndex kNobody = std::numeric_limits<PersonIndex>::max();
  static constexpr int kWhateverTheLayersSay = -1;  ///< the group of those an override adds

  struct LayerState {
    int priority = 0;
    std::vector<PersonIndex> users;
    std::optional<Rotation> rotation;
    std::vector<std::vector<PersonIndex>> participants;
    std::shared_ptr<const Calendar> windows;
    InstantMs from = std::numeric_limits<InstantMs>::min();
    InstantMs until = kNever;
  };
  struct OverrideState {
    Stretch span;
    PersonIndex remove = kNobody, add = kNobody;
    bool removes = false;  ///< also when nobody of that name can be on call
  };
  struct PersonSpan {
    PersonIndex person = kNobody;
    Stretch span;
  };
  struct TemporaryState {
    Stretch span;
    std::vector<PersonSpan> shifts;
  };
  /// A person offered, by the priority of the layer that offers.
  struct Offer {
    int group = 0;
    PersonIndex person = kNobody;
  };
  struct Answer {
    std::vector<PersonIndex> people;
    bool assigned = false;
    bool operator==(const Answer&) const = default;
  };

  ScheduleSpec spec;
  std::vector<std::string> people;
  std::vector<LayerState> layers;
  std::vector<OverrideState> overrides;
  std::vector<TemporaryState> temporary;
  std::vector<PersonSpan> absences;

  PersonIndex IndexOf(const std::string& name) const {
    const auto it = std::lower_bound(people.begin(), people.end(), name);
    return it == people.end() || *it != name ? kNobody : static_cast<PersonIndex>(it - people.begin());
  }
  std::vector<PersonIndex> IndexesOf(const std::vector<std::string>& names) const {
    std::vector<PersonIndex> out;
    for (const std::string& name : names) out.push_back(IndexOf(name));
    return out;
  }

  Answer At(InstantMs at) const;
  std::vector<InstantMs> Boundaries(InstantMs from, InstantMs to) const;
  /// Calls `visit(start, end, answer)` for stretches that cover [from, to) and in which nothing changes.
  void Sweep(InstantMs from, InstantMs to, const std::function<bool(InstantMs, InstantMs, const Answer&)>& visit) const;
};

namespace {

bool Covers(const Stretch& span, InstantMs at) { return span.from <= at && at < span.to; }

}  // namespace

Schedule::State::Answer Schedule::State::At(InstantMs at) const {
  std::vector<Offer> offers;
  bool temporary_rules = false;
  for (const TemporaryState& t : temporary) {
    if (!Covers(t.span, at)) continue;
    temporary_rules = true;
    for (const PersonSpan& shift : t.shifts) {
      if (Covers(shift.span, at)) offers.push_back({0, shift.person});
    }
  }
  if (!temporary_rules) {
    for (const LayerState& layer : layers) {
      if (at < layer.from || at >= layer.until || (layer.windows != nullptr && !layer.windows->IsOpen(at))) continue;
      const std::vector<PersonIndex>* users = &layer.users;
      if (layer.rotation) {
        const std::optional<Shift> shift = layer.rotation->ShiftAt(at);
        if (!shift || shift->index < 0) continue;
        users = &layer.participants[static_cast<size_t>(shift->index)];
      }
      for (const PersonIndex user : *users) offers.push_back({layer.priority, user});
    }
    for (const OverrideState& o : overrides) {
      if (!Covers(o.span, at)) continue;
      if (!o.removes) {
        offers.push_back({kWhateverTheLayersSay, o.add});
      } else if (o.remove != kNobody && o.add != kNobody) {
        for (Offer& offer : offers) {
          if (offer.person == o.remove) offer.person = o.add;
        }
      } else if (o.remove != kNobody) {
        std::erase_if(offers, [&o](const Offer& offer) { return offer.person == o.remove; });
      }
    }
  }
  Answer answer;
  answer.assigned = !offers.empty();
  for (const PersonSpan& absence : absences) {
    if (Covers(absence.span, at))
      std::erase_if(offers, [&absence](const Offer& offer) { return offer.person == absence.person; });
  }
  int highest = kWhateverTheLayersSay;
  for (const Offer& offer : offers) highest = std::max(highest, offer.group);
  for (const Offer& offer : offers) {
    if (offer.group == highest || offer.group == kWhateverTheLayersSay) answer.people.push_back(offer.person);
  }
  std::sort(answer.people.begin(), answer.people.end());
  answer.people.erase(std::unique(answer.people.begin(), answer.people.end()), answer.people.end());
  return answer;
}

std::vector<InstantMs> Schedule::State::Boundaries(InstantMs from, InstantMs to) const {
  std::vector<InstantMs> out{from};
  const auto add = [&out, from, to](InstantMs at) {
    if (at > from && at < to) out.push_back(at);
  };
  const auto add_span = [&add](const Stretch& span) {
    add(span.from);
    add(span.to);
  };
  for (const LayerState& layer : layers) {
    add_span({layer.from, layer.until});
    if (layer.windows != nullptr) {
      for (const Stretch& open : layer.windows->Segments(from, to, std::numeric_limits<size_t>::max())) add_span(open);
    }
    if (!layer.rotation) continue;
    if (const std::optional<Shift> shift = layer.rotation->ShiftAt(from)) add(shift->end);
    for (std::optional<Shift> shift = layer.rotation->NextShift(from); shift && shift->start < to;
         shift = layer.rotation->NextShift(shift->start))
      add_span({shift->start, shift->end});
  }
  for (const OverrideState& o : overrides) add_span(o.span);
  for (const TemporaryState& t : temporary) {
    add_span(t.span);
    for (const PersonSpan& shift : t.shifts) add_span(shift.span);
  }
  for (const PersonSpan& absence : absences) add_span(absence.span);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void Schedule::State::Sweep(InstantMs from, InstantMs to,
                            const std::function<bool(InstantMs, InstantMs, const Answer&)>& visit) const {
  if (from >= to) return;
  const std::vector<InstantMs> boundaries = Boundaries(from, to);
  for (size_t i = 0; i < boundaries.size(); ++i) {
    const InstantMs end = i + 1 < boundaries.size() ? boundaries[i + 1] : to;
    if (!visit(boundaries[i], end, At(boundaries[i]))) return;
  }
}

Result<Schedule> Schedule::Build(ScheduleSpec spec, std::string_view field) {
  const std::string prefix = field.empty() ? std::string() : std::string(field) + ".";
  std::vector<FieldViolation> findings = CheckSchedule(spec, field);
  const Result<Zone> zone = Zone::Load(spec.timezone, prefix + "timezone");
  if (!zone) findings.insert(findings.begin(), zone.error().fields.begin(), zone.error().fields.end());

  auto state = std::make_unique<State>();
  state->people = PeopleIn(spec);
  for (size_t i = 0; i < spec.layers.size(); ++i) {
    const ScheduleSpec::Layer& layer = spec.layers[i];
    State::LayerState made;
    made.priority = layer.priority;
    made.users = state->IndexesOf(layer.users);
    if (layer.from) made.from = *layer.from;
    if (layer.until) made.until = *layer.until;
    if (layer.rotation) {
      Result<Rotation> rotation =
          Rotation::Build(*layer.rotation, prefix + "layers[" + std::to_string(i) + "].rotation");
      if (!rotation) {
        findings.insert(findings.end(), rotation.error().fields.begin(), rotation.error().fields.end());
        continue;
      }
      made.rotation = std::move(rotation).value();
      for (const auto& group : layer.rotation->participants) made.participants.push_back(state->IndexesOf(group));
    }
    if (layer.windows && findings.empty()) {
      Result<std::shared_ptr<const Calendar>> windows =
          Calendar::Build({spec.timezone, *layer.windows, {}, {}}, prefix + "layers[" + std::to_string(i) + "]");
      if (!windows) return windows.error();
      made.windows = std::move(windows).value();
    }
    state->layers.push_back(std::move(made));
  }
  if (!findings.empty()) {
    Error error = InvalidField(findings.front().field, findings.front().message);
    error.fields = std::move(findings);
    return error;
  }
  for (const auto& o : spec.overrides)
    state->overrides.push_back({{o.start, o.end}, state->IndexOf(o.remove), state->IndexOf(o.add), !o.remove.empty()});
  for (const auto& t : spec.temporary) {
    State::TemporaryState made{{t.start, t.end}, {}};
    for (const auto& shift : t.shifts) made.shifts.push_back({state->IndexOf(shift.user), {shift.start, shift.end}});
    state->temporary.push_back(std::move(made));
  }
  for (const auto& a : spec.absences) {
    const PersonIndex person = state->IndexOf(a.user);
    if (person == State::kNobody) continue;
    state->absences.push_back(
        {person, {a.start.value_or(std::numeric_limits<InstantMs>::min()), a.end.value_or(kNever)}});
  }
  state->spec = std::move(spec);
  return Schedule(std::move(state));
}

Schedule::Schedule(std::unique_ptr<const State> state) : state_(std::move(state)) {}
Schedule::Schedule(Schedule&&) noexcept = default;
Schedule& Schedule::operator=(Schedule&&) noexcept = default;
Schedule::~Schedule() = default;

std::vector<std::string_view> Schedule::OnCall(InstantMs at) const {
  const State::Answer answer = state_->At(at);
  std::vector<std::string_view> out;
  out.reserve(answer.people.size());
  for (const PersonIndex person : answer.people) out.push_back(state_->people[person]);
  return out;
}

Schedule::Staffing Schedule::StaffingAt(InstantMs at) const {
  const State::Answer answer = state_->At(at);
  if (!answer.people.empty()) return Staffing::kStaffed;
  return answer.assigned ? Staffing::kUnstaffed : Staffing::kGap;
}

InstantMs Schedule::NextHandoff(InstantMs at) const {
  const std::vector<PersonIndex> now = state_->At(at).people;
  InstantMs from = at, found = kNever;
  for (const DurationMs ahead : kLookAhead) {
    state_->Sweep(from, at + ahead, [&](InstantMs start, InstantMs, const State::Answer& answer) {
      if (answer.people == now) return true;
      found = start;
      return false;
    });
    if (found != kNever) return found;
    from = at + ahead;
  }
  return kNever;
}

FinalSchedule Schedule::Final(InstantMs from, InstantMs to) const {
  FinalSchedule out;
  std::vector<PersonIndex> last;
  state_->Sweep(from, to, [&](InstantMs start, InstantMs end, const State::Answer& answer) {
    if (answer.people.empty()) {
      Append(answer.assigned ? &out.unstaffed : &out.gaps, start, end);
      last.clear();
      return true;
    }
    if (answer.people == last) {
      out.segments.back().end = end;
      return true;
    }
    FinalSchedule::Segment segment{start, end, {}};
    for (const PersonIndex person : answer.people) segment.on_call.push_back(state_->people[person]);
    out.segments.push_back(std::move(segment));
    last = answer.people;
    return true;
  });
  return out;
}

std::vector<Stretch> Schedule::Gaps(InstantMs from, InstantMs to) const {
  std::vector<Stretch> out;
  state_->Sweep(from, to, [&out](InstantMs start, InstantMs end, const State::Answer& answer) {
    if (answer.people.empty()) Append(&out, start, end);
    return true;
  });
  return out;
}

const std::vector<std::string>& Schedule::people() const { return state_->people; }
const ScheduleSpec& Schedule::spec() const { return state_->spec; }

}  // namespace escalon

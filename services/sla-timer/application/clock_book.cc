#include "services/sla-timer/application/clock_book.h"

#include <algorithm>
#include <tuple>
#include <type_traits>

namespace escalon::slatimer {
namespace {

/// Set back by less, owners that say "not yet" are cheaper than a new wheel.
constexpr DurationMs kSmallStep = kSecondMs;

std::vector<InstantMs> InstantsOf(const std::vector<Alarm>& alarms) {
  std::vector<InstantMs> out;
  out.reserve(alarms.size());
  for (const Alarm& alarm : alarms) out.push_back(alarm.at);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

uint16_t ClockBook::Intern(std::vector<std::string>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<uint16_t>(found - names.begin());
  names.emplace_back(name);
  return static_cast<uint16_t>(names.size() - 1);
}

ClockBook::Armed* ClockBook::Find(int shard, const CaseId& id, std::string_view clock, uint32_t* index) {
  const auto of_shard = cases_.find(shard);
  if (of_shard == cases_.end()) return nullptr;
  const auto found = of_shard->second.find(id);
  if (found == of_shard->second.end()) return nullptr;
  for (const uint32_t candidate : found->second) {
    if (clock_names_[armed_[candidate].name] != clock) continue;
    *index = candidate;
    return &armed_[candidate];
  }
  return nullptr;
}

void ClockBook::Schedule(uint32_t index) {
  Armed& armed = armed_[index];
  if (armed.timer != Wheel::kNone) wheel_.Cancel(armed.timer);
  armed.timer = armed.alarms.empty() ? Wheel::kNone : wheel_.Insert(armed.alarms.front(), index);
}

void ClockBook::Arm(int shard, const CaseId& id, std::string_view tenant, const ClockRun& clock) {
  uint32_t index = 0;
  Armed* armed = Find(shard, id, clock.name, &index);
  if (armed == nullptr) {
    if (free_.empty()) {
      index = static_cast<uint32_t>(armed_.size());
      armed_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    armed = &armed_[index];
    *armed = Armed{};
    armed->case_id = id;
    armed->name = Intern(clock_names_, clock.name);
    armed->tenant = Intern(tenants_, tenant);
    armed->shard = static_cast<int16_t>(shard);
    armed->live = true;
    cases_[shard][id].push_back(index);
    ++size_;
  }
  armed->generation = clock.generation;
  armed->alarms = clock.paused() ? std::vector<InstantMs>{} : InstantsOf(clock.alarms);
  Schedule(index);
}

void ClockBook::Disarm(int shard, const CaseId& id, uint32_t index) {
  Armed& armed = armed_[index];
  if (armed.timer != Wheel::kNone) wheel_.Cancel(armed.timer);
  armed = Armed{};
  free_.push_back(index);
  --size_;
  auto& of_shard = cases_[shard];
  const auto found = of_shard.find(id);
  if (found == of_shard.end()) return;
  std::erase(found->second, index);
  if (found->second.empty()) of_shard.erase(found);
}

void ClockBook::Apply(int shard, const CaseId& id, std::string_view tenant, const Event& event) {
  uint32_t index = 0;
  const auto find = [&](const std::string& name, uint32_t generation) -> Armed* {
    Armed* armed = Find(shard, id, name, &index);
    return armed != nullptr && armed->generation == generation ? armed : nullptr;
  };
  std::visit(
      [&](const auto& e) {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, ClockArmed>) {
          Armed* armed = Find(shard, id, e.clock.name, &index);
          if (armed == nullptr || armed->generation <= e.clock.generation) Arm(shard, id, tenant, e.clock);
        } else if constexpr (std::is_same_v<E, ClockStopped>) {
          if (find(e.name, e.generation) != nullptr) Disarm(shard, id, index);
        } else if constexpr (std::is_same_v<E, ClockPaused>) {
          if (Armed* armed = find(e.name, e.generation)) {
            armed->alarms.clear();
            Schedule(index);
          }
        } else if constexpr (std::is_same_v<E, ClockResumed>) {
          if (Armed* armed = find(e.name, e.generation)) {
            armed->alarms = InstantsOf(e.alarms);
            Schedule(index);
          }
        } else if constexpr (std::is_same_v<E, ClockFired>) {
          if (Armed* armed = find(e.name, e.generation)) {
            const auto at = std::find(armed->alarms.begin(), armed->alarms.end(), e.alarm.at);
            if (at != armed->alarms.end()) armed->alarms.erase(at);
            Schedule(index);
          }
        } else if constexpr (std::is_same_v<E, Breached>) {
          // The breach alarm lies one millisecond behind the deadline (AlarmKind::kBreach).
          if (Armed* armed = find(e.name, e.generation)) {
            std::erase_if(armed->alarms, [&](InstantMs at) { return at == e.due_at + 1; });
            Schedule(index);
          }
        } else if constexpr (std::is_same_v<E, Retired>) {
          const auto of_shard = cases_.find(shard);
          if (of_shard == cases_.end() || !of_shard->second.contains(id)) return;
          for (const uint32_t each : OfCase(of_shard->second.at(id))) Disarm(shard, id, each);
        }
      },
      event);
}

void ClockBook::Put(int shard, const Case& c) {
  for (const ClockRun& clock : c.clocks) {
    uint32_t index = 0;
    const Armed* armed = Find(shard, c.id, clock.name, &index);
    if (armed == nullptr || armed->generation < clock.generation) Arm(shard, c.id, c.tenant, clock);
  }
}

void ClockBook::Drop(int shard) {
  const auto found = cases_.find(shard);
  if (found == cases_.end()) return;
  for (const auto& [id, indexes] : found->second) {
    for (const uint32_t index : indexes) {
      if (armed_[index].timer != Wheel::kNone) wheel_.Cancel(armed_[index].timer);
      armed_[index] = Armed{};
      free_.push_back(index);
      --size_;
    }
  }
  cases_.erase(found);
}

void ClockBook::StartAgain(InstantMs now) {
  wheel_ = Wheel(now);
  for (uint32_t index = 0; index < armed_.size(); ++index) {
    Armed& armed = armed_[index];
    if (armed.timer != Wheel::kNone) armed.timer = wheel_.Insert(armed.alarms.front(), index);
  }
}

void ClockBook::TakeDue(InstantMs now, std::vector<DueClock>* due) {
  if (now + kSmallStep < wheel_.now()) StartAgain(now);
  std::vector<uint32_t> indexes;
  wheel_.Advance(now, &indexes);
  for (const uint32_t index : indexes) {
    Armed& armed = armed_[index];
    armed.timer = Wheel::kNone;
    if (!armed.live || armed.alarms.empty()) continue;
    due->push_back(
        {armed.case_id, tenants_[armed.tenant], clock_names_[armed.name], armed.generation, armed.alarms.front()});
  }
}

void ClockBook::Again(const DueClock& clock, InstantMs at) {
  for (auto& [shard, of_shard] : cases_) {
    uint32_t index = 0;
    Armed* armed = Find(shard, clock.case_id, clock.clock, &index);
    if (armed == nullptr) continue;
    const bool same = armed->generation == clock.generation && armed->timer == Wheel::kNone && !armed->alarms.empty() &&
                      armed->alarms.front() == clock.at;
    if (same) armed->timer = wheel_.Insert(at, index);
    return;
  }
}

void ClockBook::Settled(const DueClock& clock) {
  for (auto& [shard, of_shard] : cases_) {
    uint32_t index = 0;
    Armed* armed = Find(shard, clock.case_id, clock.clock, &index);
    if (armed == nullptr) continue;
    if (armed->generation != clock.generation || armed->alarms.empty() || armed->alarms.front() != clock.at) return;
    armed->alarms.erase(armed->alarms.begin());
    Schedule(index);
    return;
  }
}

std::vector<DueClock> ClockBook::List(const Filter& filter, size_t limit) const {
  std::vector<DueClock> out;
  const auto place = [](InstantMs at, const CaseId& id, const std::string& clock) { return std::tuple(at, id, clock); };
  const auto after = place(filter.after, filter.after_id, filter.after_clock);
  for (const Armed& armed : armed_) {
    if (!armed.live || armed.alarms.empty() || armed.alarms.front() >= filter.before) continue;
    const std::string& clock = clock_names_[armed.name];
    if (!filter.case_id.empty() && armed.case_id != filter.case_id) continue;
    if (!filter.tenant.empty() && tenants_[armed.tenant] != filter.tenant) continue;
    if (!filter.clock.empty() && clock != filter.clock) continue;
    if (place(armed.alarms.front(), armed.case_id, clock) <= after) continue;
    out.push_back({armed.case_id, tenants_[armed.tenant], clock, armed.generation, armed.alarms.front()});
  }
  const auto sooner = [&place](const DueClock& a, const DueClock& b) {
    return place(a.at, a.case_id, a.clock) < place(b.at, b.case_id, b.clock);
  };
  if (out.size() > limit) {
    std::partial_sort(out.begin(), out.begin() + static_cast<long>(limit), out.end(), sooner);
    out.resize(limit);
  } else {
    std::sort(out.begin(), out.end(), sooner);
  }
  return out;
}

}  // namespace escalon::slatimer

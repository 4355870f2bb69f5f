#include "tests/load/log_facts.h"

#include <algorithm>
#include <variant>

#include "common/wire/events_codec.h"

namespace escalon::load {
std::string SourceAndKey(const std::string& source, const std::string& idempotency_key) {
  return source + '\t' + idempotency_key;
}

void LogCollector::Take(const log::LogEntry& entry) {
  if (!entry.record.ok()) {
    facts_.unreadable.push_back("offset " + std::to_string(entry.offset) + ": " + entry.record.error().message);
    reader_.JudgeUndecodable(entry.offset);
    return;
  }
  const log::Verdict verdict = reader_.Judge(entry.offset, entry.record->head);
  if (verdict == log::Verdict::kCounts) {
    TakeCounted(*entry.record);
  } else if (!log::Counts(verdict)) {
    ++facts_.not_counted;
  }
}

void LogCollector::TakeCounted(const log::Record& record) {
  if (record.head.type != log::RecordType::kEvents) return;
  ++facts_.records;
  const Result<EventBatch> batch = wire::DecodeBatch(record.body);
  if (!batch.ok()) {
    facts_.unreadable.push_back("case " + record.head.case_id.ToString() + ", version " +
                                std::to_string(record.head.version) + ": " + batch.error().message);
    return;
  }
  TakeBatch(record.head, *batch);
}

void LogCollector::TakeBatch(const log::RecordHead& head, const EventBatch& batch) {
  if (!head.command_id.empty()) facts_.by_command[head.command_id].push_back({head.case_id, head.version});
  Open& open = cases_[head.case_id];
  open.c.id = head.case_id;
  open.c.tenant = head.tenant;
  if (head.version != open.c.version + 1) ++facts_.version_gaps;
  for (const Event& event : batch.events) TakeEvent(&open, event, head, batch);
  Evolve(open.c, batch);
}

void LogCollector::TakeEvent(Open* open, const Event& event, const log::RecordHead& head, const EventBatch& batch) {
  ++facts_.events;
  const auto arm = [&](const std::string& name, uint32_t generation) {
    std::erase_if(open->armed, [&](const auto& entry) { return entry.first.first == name; });
    open->armed.push_back({{name, generation}, batch.at});
  };
  if (const auto* e = std::get_if<Opened>(&event)) {
    facts_.opened[SourceAndKey(e->facts.source, e->idempotency_key)].push_back(head.case_id);
  } else if (const auto* armed = std::get_if<ClockArmed>(&event)) {
    arm(armed->clock.name, armed->clock.generation);
  } else if (const auto* resumed = std::get_if<ClockResumed>(&event)) {
    arm(resumed->name, resumed->generation);
  } else if (const auto* fired = std::get_if<ClockFired>(&event)) {
    ++facts_.fired;
    if (!fired->superseded) AddLateness(*open, fired->name, fired->generation, fired->alarm.at, head, batch);
  } else if (const auto* broken = std::get_if<Breached>(&event)) {
    ++facts_.breached;
    // A breach acts one millisecond after the deadline.
    AddLateness(*open, broken->name, broken->generation, broken->due_at + 1, head, batch);
  } else if (const auto* told = std::get_if<NotifyIntended>(&event)) {
    facts_.intents.push_back({head.case_id, head.version, told->index, told->purpose, told->people, batch.at});
  }
}

void LogCollector::AddLateness(const Open& open, const std::string& clock, uint32_t generation, InstantMs due_at,
                               const log::RecordHead& head, const EventBatch& batch) {
  InstantMs from = std::max(due_at, since_);
  for (const auto& [key, armed_at] : open.armed) {
    if (key.first == clock && key.second == generation) from = std::max(from, armed_at);
  }
  const auto late_us = static_cast<int64_t>(static_cast<double>(batch.at - from) * 1000 / factor_);
  facts_.lateness.Add(late_us);
  auto& latest = facts_.latest;
  if (latest.size() == LogFacts::kLatest && latest.back().late_us >= late_us) return;
  latest.push_back({late_us, head.case_id, head.version, clock, batch.actor.subject});
  std::sort(latest.begin(), latest.end(),
            [](const LateClock& one, const LateClock& other) { return one.late_us > other.late_us; });
  if (latest.size() > LogFacts::kLatest) latest.pop_back();
}

void LogCollector::EndShard() {
  for (const auto& [id, open] : cases_) {
    const Case& c = open.c;
    CaseEnd end{id,        c.facts->external_ref, c.state, c.priority, c.version, c.escalations,
                c.reports, c.reassignments,       {},      kNever,     {}};
    for (const auto& [clock, at] : c.breaches) end.broken.push_back(clock);
    for (const ClockRun& clock : c.clocks) {
      // What came due while nothing ran is due since it runs again.
      const InstantMs at = clock.next_alarm_at() == kNever ? kNever : std::max(clock.next_alarm_at(), since_);
      if (at >= end.next_alarm_at) continue;
      end.next_alarm_at = at;
      end.next_alarm = clock.name;
    }
    facts_.cases.push_back(std::move(end));
    facts_.versions[id] = c.version;
  }
  cases_.clear();
  reader_ = log::Reader();
}

}  // namespace escalon::load

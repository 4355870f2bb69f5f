#include "services/escalonctl/verify/verify_report.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace escalon::escalonctl {

void VerifyReport::AddFault(Fault fault) {
  ++faults[static_cast<size_t>(fault.kind)];
  if (first_faults.size() < kFaultsKept) first_faults.push_back(std::move(fault));
}

void VerifyReport::AddOpen(OpenAlarm alarm) {
  const auto sooner = [](const OpenAlarm& one, const OpenAlarm& other) { return one.at < other.at; };
  if (open_alarms.size() == kOpenKept) {
    if (!sooner(alarm, open_alarms.front())) return;
    std::pop_heap(open_alarms.begin(), open_alarms.end(), sooner);
    open_alarms.pop_back();
  }
  open_alarms.push_back(std::move(alarm));
  std::push_heap(open_alarms.begin(), open_alarms.end(), sooner);
}

void VerifyReport::Add(const VerifyReport& other) {
  shards += other.shards;
  records += other.records;
  AddVerdicts(other.verdicts);
  versions += other.versions;
  events += other.events;
  recovered += other.recovered;
  bases += other.bases;
  cases += other.cases;
  for (size_t i = 0; i < state.size(); ++i) state[i] += other.state[i];
  retired += other.retired;
  aside += other.aside;
  ownerless += other.ownerless;
  escalations += other.escalations;
  breaches += other.breaches;
  last_at = std::max(last_at, other.last_at);
  lateness_ms.insert(lateness_ms.end(), other.lateness_ms.begin(), other.lateness_ms.end());
  open_alarms.insert(open_alarms.end(), other.open_alarms.begin(), other.open_alarms.end());
  view_cases += other.view_cases;
  view_shards += other.view_shards;
  for (size_t i = 0; i < faults.size(); ++i) faults[i] += other.faults[i];
  first_faults.insert(first_faults.end(), other.first_faults.begin(), other.first_faults.end());
}

void VerifyReport::JudgeMissed(DurationMs after) {
  for (const OpenAlarm& alarm : open_alarms) {
    if (alarm.at > last_at - after) continue;
    AddFault({FaultKind::kMissed, alarm.shard, -1, alarm.case_id, alarm.version,
              alarm.clock + " was due at " + FormatInstant(alarm.at) + ", and at " + FormatInstant(last_at) +
                  " nobody had acted"});
  }
}

void VerifyReport::AddVerdicts(const log::ReaderStats& stats) {
  verdicts.counted += stats.counted;
  verdicts.fences += stats.fences;
  verdicts.fences_lost += stats.fences_lost;
  verdicts.foreign += stats.foreign;
  verdicts.lower += stats.lower;
  verdicts.voided += stats.voided;
  verdicts.undecodable += stats.undecodable;
  verdicts.repeated += stats.repeated;
  verdicts.missing += stats.missing;
}

uint64_t VerifyReport::fault_count() const { return std::accumulate(faults.begin(), faults.end(), uint64_t{0}); }

int64_t VerifyReport::LatenessAt(double share) const {
  if (lateness_ms.empty()) return 0;
  std::vector<int64_t> sorted = lateness_ms;
  std::sort(sorted.begin(), sorted.end());
  const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::clamp<size_t>(rank, 1, sorted.size()) - 1];
}

}  // namespace escalon::escalonctl

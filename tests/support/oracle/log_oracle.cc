#include "tests/support/oracle/log_oracle.h"

#include <algorithm>
#include <variant>

#include "common/domain/hash_chain.h"
#include "common/wire/events_codec.h"

namespace escalon::test {
namespace {

std::string KeyName(const std::string& tenant, const std::string& source, const std::string& key) {
  return tenant + '\0' + source + '\0' + key;
}

}  // namespace

void LogOracle::Read(int64_t offset, const Result<log::Record>& record) {
  const log::Verdict verdict = record.ok() ? reader_.Judge(offset, record->head) : reader_.JudgeUndecodable(offset);
  if (verdict == log::Verdict::kMissing) faults_.push_back("a hole in the log before offset " + std::to_string(offset));
  if (log::Counts(verdict)) positions_[reader_.position().offset] = reader_.position();
  if (verdict == log::Verdict::kCounts && record->head.type == log::RecordType::kEvents) Fold(offset, *record);
}

void LogOracle::Fold(int64_t offset, const log::Record& record) {
  const CaseId& id = record.head.case_id;
  std::vector<Step>& steps = cases_[id];
  const std::shared_ptr<const Case> before = steps.empty() ? nullptr : steps.back().after;
  const std::string where = "offset " + std::to_string(offset) + ", case " + id.ToString() + ": ";
  const uint64_t expected = before != nullptr ? before->version + 1 : 1;
  if (record.head.version != expected) {
    faults_.push_back(where + "version " + std::to_string(record.head.version) + " follows " +
                      std::to_string(expected - 1));
    return;
  }
  if (before != nullptr && before->retired) faults_.push_back(where + "changed after it was retired");
  const Result<EventBatch> batch = wire::DecodeBatch(record.body);
  if (!batch.ok()) {
    faults_.push_back(where + batch.error().message);
    return;
  }
  const ChainLink link{id,
                       record.head.version,
                       record.head.tenant,
                       record.head.kinds,
                       record.head.policy_version,
                       record.head.command_id,
                       record.head.schema_level};
  if (NextChainHash(before != nullptr ? before->chain : kChainStart, link, record.body) != record.head.chain_hash) {
    faults_.push_back(where + "the hash chain does not verify");
  }
  auto after = before != nullptr ? std::make_shared<Case>(*before) : std::make_shared<Case>();
  after->id = id;
  after->tenant = record.head.tenant;
  Evolve(*after, *batch);
  after->chain = record.head.chain_hash;
  if (before != nullptr && after->last_at < before->last_at) faults_.push_back(where + "time runs back");
  if (!record.head.command_id.empty() && !commands_[id].emplace(record.head.command_id, steps.size()).second) {
    faults_.push_back(where + "command " + record.head.command_id + " has a second effect");
  }
  if (const auto* opened = batch->events.empty() ? nullptr : std::get_if<Opened>(&batch->events.front());
      opened != nullptr && !opened->idempotency_key.empty()) {
    auto& ids = keys_[KeyName(after->tenant, opened->facts.source, opened->idempotency_key)];
    ids.push_back(id);
    if (ids.size() > 1) faults_.push_back(where + "a second case under the idempotency key " + opened->idempotency_key);
  }
  JudgeClocks(id, *batch, where);
  ++batches_;
  if (record.head.recovered_from_view) ++recovered_;
  steps.push_back({offset, record.head.version, record.head.command_id, batch->command_hash, CommandHash(record.body),
                   record.head.recovered_from_view, std::move(after)});
}

/// Each alarm once a generation, never early (DESIGN §5.4). One that a graver one overtook is recorded before its time.
void LogOracle::JudgeClocks(const CaseId& id, const EventBatch& batch, const std::string& where) {
  for (const Event& event : batch.events) {
    if (const auto* fired = std::get_if<ClockFired>(&event)) {
      const Alarm& alarm = fired->alarm;
      const std::string name = fired->name + "#" + std::to_string(fired->generation);
      const std::string what = name + " " + std::to_string(static_cast<int>(alarm.kind)) + " " +
                               SpokenPlace(alarm.place) + " " + alarm.trigger + " " + std::to_string(alarm.at);
      if (!fired_[id].insert(what).second) faults_.push_back(where + "clock " + name + " fired twice");
      if (fired->superseded) continue;
      if (batch.at < alarm.at) faults_.push_back(where + "clock " + name + " fired early");
      ++alarms_;
      worst_late_ms_ = std::max(worst_late_ms_, batch.at - alarm.at);
    } else if (const auto* breached = std::get_if<Breached>(&event)) {
      const std::string name = breached->name + "#" + std::to_string(breached->generation);
      if (!fired_[id].insert("breach " + name).second)
        faults_.push_back(where + "clock " + name + " was breached twice");
      if (batch.at < breached->due_at) faults_.push_back(where + "clock " + name + " was breached early");
    }
  }
}

const LogOracle::Step* LogOracle::Find(const CaseId& id, std::string_view command_id) const {
  const auto of_case = commands_.find(id);
  if (of_case == commands_.end()) return nullptr;
  const auto found = of_case->second.find(command_id);
  return found == of_case->second.end() ? nullptr : &cases_.at(id)[found->second];
}

std::shared_ptr<const Case> LogOracle::At(const CaseId& id, int64_t offset) const {
  const auto found = cases_.find(id);
  if (found == cases_.end()) return nullptr;
  const auto next = std::partition_point(found->second.begin(), found->second.end(),
                                         [&](const Step& s) { return s.offset < offset; });
  if (next == found->second.begin()) return nullptr;
  const auto& after = std::prev(next)->after;
  return after->retired ? nullptr : after;
}

std::map<CaseId, std::shared_ptr<const Case>> LogOracle::LiveAt(int64_t offset) const {
  std::map<CaseId, std::shared_ptr<const Case>> out;
  for (const auto& [id, steps] : cases_) {
    if (auto c = At(id, offset)) out.emplace(id, std::move(c));
  }
  return out;
}

std::vector<CaseId> LogOracle::OpenedUnder(const std::string& tenant, const std::string& source,
                                           const std::string& key) const {
  const auto found = keys_.find(KeyName(tenant, source, key));
  return found == keys_.end() ? std::vector<CaseId>{} : found->second;
}

bool LogOracle::WasCounted(const Position& at) const {
  if (at == Position{}) return true;
  const auto found = positions_.find(at.offset);
  return found != positions_.end() && found->second == at;
}

}  // namespace escalon::test

#include "tests/contract/keeper/storm.h"

#include <algorithm>

#include "common/wire/snapshot_codec.h"

namespace escalon::routing::testing {
namespace {

constexpr size_t kMostPast = 60;
constexpr size_t kMostStory = 120;

/// The caller was told for certain, one way or the other.
bool IsFinal(ErrorCode code) {
  return code == ErrorCode::kNotFound || code == ErrorCode::kInvalidArgument || code == ErrorCode::kWrongState ||
         code == ErrorCode::kPermissionDenied || code == ErrorCode::kNotYet;
}

std::string Said(const Result<ports::Answered>& answer) {
  if (!answer.ok()) return answer.error().message;
  return std::string("version ") + std::to_string(answer->version) +
         (answer->outcome == OutcomeKind::kUnchanged ? " (unchanged) of " : " of ") +
         answer->case_id.ToString().substr(24);
}

}  // namespace

Storm::Storm(uint64_t seed) : random_(seed) {
  for (size_t s = 0; s < slots_.size(); ++s) Start(s);
  slots_[0].instance->shard->Want();
}

Storm::~Storm() {
  over_ = true;
  for (Slot& slot : slots_) {
    slot.base.reset();
    slot.instance.reset();
  }
}

void Storm::Note(std::string what) {
  story_.push_back(std::move(what));
  if (story_.size() > kMostStory) story_.pop_front();
}

void Storm::Fault(std::string what) {
  Note("FAULT " + what);
  faults_.push_back(std::move(what));
}

std::string Storm::Story() const {
  std::string out;
  for (const std::string& line : story_) out += line + "\n";
  return out;
}

Storm::Counts Storm::counts() const {
  Counts out = counts_;
  out.batches = static_cast<int>(oracle_.counted_batches());
  return out;
}

void Storm::Start(size_t s) {
  Slot& slot = slots_[s];
  ShardOptions options;
  options.retake_most_ms = 0;
  options.rescue_after_ms = 100;
  slot.instance = std::make_unique<Instance>(log_, view_, clock_, "i" + std::to_string(s), options);
  Instance& instance = *slot.instance;
  instance.rules.policy.after.reopen_within = 2 * kSecondMs;
  instance.rules.policy.triage_wait = 500;
  instance.log.hold = instance.log.hold_reads = instance.view.hold = true;
  slot.paused = false;
}

void Storm::Crash(size_t s) {
  Slot& slot = slots_[s];
  Note("i" + std::to_string(s) + " is killed");
  ++counts_.crashes;
  adrift_.push_back(slot.instance->log.TakeHanded());
  scripts_adrift_.push_back(slot.instance->view.TakeScripts());
  slot.base.reset();
  slot.instance.reset();
  Start(s);
}

void Storm::Rage(int steps) {
  for (int i = 0; i < steps && faults_.empty(); ++i) {
    Act();
    for (Slot& slot : slots_) {
      if (slot.base_done) {
        slot.base.reset();
        slot.base_done = false;
      }
    }
    if (view_.past.size() > kMostPast) view_.past.erase(view_.past.begin(), view_.past.begin() + kMostPast / 2);
    if (Chance(check_every_)) CheckView(false);
    if (Chance(5)) CheckShard(slots_[Below(slots_.size())]);
  }
}

void Storm::Act() {
  const size_t s = Below(slots_.size());
  Slot& slot = slots_[s];
  const uint64_t what = Below(1000);
  if (what < 120) return Ask();
  if (what < 170) return AskAgain();
  if (what < 750) return Network(slot);
  if (what < 800) {
    if (!slot.paused) slot.instance->Turn();
    return;
  }
  if (what < 850) return Redis();
  if (what < 880) return Suggest(s);
  if (what < 885) return Crash(s);
  if (what < 890) {
    slot.paused = !slot.paused;
    return Note("i" + std::to_string(s) + (slot.paused ? " sleeps" : " wakes"));
  }
  if (what < 893) {
    if (slot.paused) return;
    Note("the producer of i" + std::to_string(s) + " dies");
    adrift_.push_back(slot.instance->log.TakeHanded());
    slot.instance->shard->OnProducerGone(Error{ErrorCode::kUnavailable, "fatal"});
    return;
  }
  if (what < 910) return Base(slot);
  if (what < 914) {
    if (log_.base && log_.base->offset > log_.low) {
      log_.low = log_.base->offset;
      Note("retention deletes what is before " + std::to_string(log_.low));
    }
    return;
  }
  if (what < 917) {
    clock_.wall -= static_cast<InstantMs>(Below(kMinuteMs));
    return;
  }
  if (what < 950 && !slot.paused) {
    slot.instance->shard->Sweep();
    return;
  }
  if (what < 965 && !adrift_.empty()) {
    auto& records = adrift_[Below(adrift_.size())];
    if (records.empty()) return;
    if (Chance(80)) {
      Note("a record of the dead lands at " + std::to_string(log_.end()));
      log_.records.push_back(std::move(records.front()));
    }
    records.pop_front();
    return;
  }
  if (what < 975 && !scripts_adrift_.empty() && !view_.away) {
    auto& scripts = scripts_adrift_[Below(scripts_adrift_.size())];
    if (scripts.empty()) return;
    scripts.front()(view_);
    scripts.pop_front();
    return;
  }
  clock_.Advance(static_cast<DurationMs>(Chance(10) ? Below(6000) : Below(120)));
}

void Storm::Network(Slot& slot) {
  FakeLog& log = slot.instance->log;
  FakeView& view = slot.instance->view;
  const std::string name = "i" + std::to_string(&slot - slots_.data());
  if (log.handed() > 0 && Chance(30)) {
    if (Chance(1)) {
      Note(name + ": a record is lost");
      return log.Drop();
    }
    Note(name + ": a record lands at " + std::to_string(log_.end()));
    return log.Land();
  }
  if (slot.paused) return;
  // What waits comes, in any order between its sources.
  for (int tries = 0; tries < 4; ++tries) {
    switch (Below(6)) {
      case 0:
        if (log.reports() == 0) break;
        if (!Chance(1)) return log.Report();
        Note(name + ": a report without an offset");
        return log.ReportWithoutOffset();
      case 1:
        if (log.Fetch(1 + Below(20))) return;
        break;
      case 2:
        if (log.Deliver()) return;
        break;
      case 3:
        if (log.AnswerQuestion()) return;
        break;
      case 4:
        if (view.Answer()) return;
        break;
      default:
        if (!view_.away && view.scripts() > 0) return view.Land();
    }
  }
}

void Storm::Redis() {
  const uint64_t what = Below(100);
  if (what < 70) {
    Slot& slot = slots_[Below(slots_.size())];
    while (!view_.away && !slot.paused && slot.instance->view.scripts() > 0) slot.instance->view.Land();
    return;
  }
  if (what < 80) {
    view_.away = !view_.away;
    return Note(view_.away ? "redis is away" : "redis is back");
  }
  if (what < 95) {
    if (view_.past.empty()) return;
    ++counts_.rollbacks;
    view_.now = view_.past[Below(view_.past.size())];
    return Note("redis falls back to " +
                (view_.now.at ? std::to_string(view_.now.at->offset) : std::string("nothing")));
  }
  if (what < 97) {
    view_.now = SharedView::State{};
    Note("redis is emptied");
  }
}

void Storm::Suggest(size_t s) {
  Shard& shard = *slots_[s].instance->shard;
  if (slots_[s].paused) return;
  const uint64_t what = Below(10);
  const std::string name = "i" + std::to_string(s);
  if (what < 6) {
    Note("the group suggests " + name);
    shard.Want();
  } else if (what < 8) {
    Note(name + " has lost it");
    shard.Lose("lost");
  } else {
    Note(name + " gives it back");
    shard.Release([] {});
  }
}

void Storm::Ask() {
  Asked asked;
  const std::string name = std::to_string(++names_);
  if (known_.empty() || Chance(30)) {
    asked.opens = true;
    asked.key = Chance(90) ? "k" + name : std::string();
    asked.command = Open(asked.key, Chance(30) ? "d" + std::to_string(Below(4)) : std::string());
    asked.command.command_id = "open/" + name;
    asked.command.case_id = CaseId::Make(clock_.wall, 0, 0, random_());
  } else {
    const CaseId& id = known_[Below(known_.size())];
    const uint64_t what = Below(100);
    CommandBody body = LogAttempt{"tried " + name, false};
    if (what < 10) body = Cancel{CancelCause::kWithdrawn, {}, "mistake"};
    if (what >= 10 && what < 25) body = Acknowledge{};
    if (what >= 25 && what < 35) body = Resolve{};
    if (what >= 35 && what < 40) body = Reopen{"again"};
    if (what >= 40 && what < 50) body = Assign{"desk", "ann", "hers"};
    asked.command = On(id, std::move(body), "c" + name);
    if (Chance(2)) asked.command.case_id = CaseId::Make(clock_.wall, 0, 0, random_());
  }
  asked.command.deadline = clock_.wall + 60 * kMinuteMs;
  asked_.push_back(std::move(asked));
  Send(Below(slots_.size()), asked_.size() - 1);
}

void Storm::AskAgain() {
  if (asked_.empty()) return;
  // Mostly something recent, sometimes anything.
  const size_t n = Chance(80) ? asked_.size() - 1 - Below(std::min<size_t>(asked_.size(), 20)) : Below(asked_.size());
  if (asked_[n].rejected) return;
  ++counts_.repeats;
  Send(Below(slots_.size()), n);
}

void Storm::Send(size_t s, size_t n) {
  if (slots_[s].paused) return;
  Asked& asked = asked_[n];
  Command command = asked.command;
  // The door makes a new id for each try of a submission with a key.
  if (asked.opens && !asked.key.empty() && Chance(50)) command.case_id = CaseId::Make(clock_.wall, 0, 0, random_());
  command.deadline = clock_.wall + 60 * kMinuteMs;
  ++asked.waiting;
  auto answered = std::make_shared<bool>(false);
  const int64_t end = log_.end();
  slots_[s].instance->shard->Execute(std::move(command), [this, n, end, answered](Result<ports::Answered> answer) {
    if (*answered) return Fault("a call was answered twice");
    *answered = true;
    Heard(n, end, std::move(answer));
  });
}

void Storm::Heard(size_t n, int64_t log_end_then, Result<ports::Answered> answer) {
  Asked& asked = asked_[n];
  --asked.waiting;
  if (over_) return;
  CatchUp();
  if (answer.ok()) {
    Note(asked.command.command_id + ": " + Said(answer));
    ++counts_.answered;
    Judge(asked, *answer);
    asked.maybe = true;
    return;
  }
  const ErrorCode code = answer.error().code;
  if (code == ErrorCode::kOutcomeUnknown) {
    ++counts_.unknown;
    asked.maybe = true;
    return;
  }
  if (!IsFinal(code)) return;
  Note(asked.command.command_id + ": " + Said(answer));
  ++counts_.rejected;
  // Who asks again about a case that was retired meanwhile is late by `reopen_within`.
  const auto retired = oracle_.cases().find(asked.command.case_id);
  if (code == ErrorCode::kNotFound && retired != oracle_.cases().end() && retired->second.back().after->retired) {
    asked.rejected = true;
    return;
  }
  const bool had_effect =
      asked.first && asked.first->outcome != OutcomeKind::kUnchanged && asked.first->outcome != OutcomeKind::kAttached;
  if (had_effect)
    return Fault(asked.command.command_id + " was answered, and its repeat rejected: " + answer.error().message);
  if (asked.waiting == 0) asked.rejected = true;
  if (asked.opens) return;
  // A rejection is not remembered: of two calls at once, one may be refused and the other take effect after it.
  const auto* step = oracle_.Find(asked.command.case_id, asked.command.command_id);
  if (step != nullptr && step->offset < log_end_then) {
    Fault(asked.command.command_id + " has had its effect as version " + std::to_string(step->version) + " at offset " +
          std::to_string(step->offset) + " (the log ended at " + std::to_string(log_end_then) +
          " when it came), and is rejected: " + answer.error().message);
  }
  if (code == ErrorCode::kNotFound && oracle_.At(asked.command.case_id, log_end_then) != nullptr &&
      oracle_.At(asked.command.case_id, log_.end()) != nullptr) {
    Fault("no such case, says an owner of " + asked.command.case_id.ToString());
  }
}

void Storm::Judge(Asked& asked, const ports::Answered& answered) {
  const std::string& name = asked.command.command_id;
  if (asked.rejected && !asked.maybe && answered.outcome != OutcomeKind::kUnchanged)
    Fault(name + " was rejected for good, and then had an effect");
  if (oracle_.cases().find(answered.case_id) == oracle_.cases().end()) {
    return Fault(name + " was answered with a case that is not in the log");
  }
  const bool opened = answered.outcome == OutcomeKind::kOpened;
  if (opened && !asked.key.empty() &&
      oracle_.OpenedUnder(kTenant, "test", asked.key) != std::vector<CaseId>{answered.case_id}) {
    Fault(name + " was answered with another case than its key opened");
  }
  if (!asked.opens && answered.outcome != OutcomeKind::kUnchanged) {
    const test::LogOracle::Step* step = oracle_.Find(asked.command.case_id, name);
    if (step == nullptr) {
      Fault(name + " was answered, and is not in the log");
    } else if (step->version != answered.version || step->command_hash != asked.command.body_hash) {
      Fault(name + " was answered with version " + std::to_string(answered.version) + ", and is version " +
            std::to_string(step->version));
    }
  }
  if (asked.first && asked.first->outcome == OutcomeKind::kOpened &&
      (answered.case_id != asked.first->case_id || answered.version != asked.first->version || !opened)) {
    Fault(name + " opened a case, and its repeat says something else");
  }
  if (!asked.first) asked.first = answered;
  if (opened) known_.push_back(answered.case_id);
}

void Storm::Base(Slot& slot) {
  Instance& instance = *slot.instance;
  if (slot.paused || slot.base != nullptr || instance.shard->state() != Shard::State::kServing) return;
  slot.base = std::make_unique<BaseWriter>(
      instance.loop, clock_, *instance.shard, instance.log, instance.metrics,
      [this, &slot](Result<rpc::WrittenBase> base) {
        slot.base_done = true;
        if (!base.ok() || over_) return;
        ++counts_.bases;
        Note("a base of " + std::to_string(base->cases) + " cases, floor " + std::to_string(base->floor.offset));
      });
  slot.base->Start();
}

void Storm::CatchUp() {
  for (int64_t at = oracle_.next_offset(); at < log_.end(); ++at)
    oracle_.Read(at, log_.records[static_cast<size_t>(at)]);
  for (; oracle_faults_ < oracle_.faults().size(); ++oracle_faults_)
    Fault("the log: " + oracle_.faults()[oracle_faults_]);
  for (; view_faults_ < view_.faults.size(); ++view_faults_) Fault("the view: " + view_.faults[view_faults_]);
}

std::map<Bytes16, CaseId> Storm::KeysAt(int64_t offset) const {
  std::map<Bytes16, CaseId> out;
  for (const auto& [id, steps] : oracle_.cases()) {
    const Case& first = *steps.front().after;
    if (steps.front().offset >= offset || first.idempotency_key.empty()) continue;
    out[KeyFingerprint(kTenant, first.facts->source, first.idempotency_key)] = id;
  }
  return out;
}

/// A reader counts versions back from the end: what the view keeps must be the last batches, without hole or repeat.
bool Storm::HistoryFits(const CaseId& id, int64_t offset) const {
  const auto kept = view_.now.histories.find(id);
  if (kept == view_.now.histories.end()) return true;
  std::vector<uint64_t> bodies;
  for (const auto& step : oracle_.cases().at(id)) {
    if (step.offset < offset) bodies.push_back(step.body_hash);
  }
  if (kept->second.size() > bodies.size()) return false;
  return std::equal(kept->second.rbegin(), kept->second.rend(), bodies.rbegin(),
                    [](const std::string& bytes, uint64_t hash) { return CommandHash(bytes) == hash; });
}

void Storm::CheckView(bool whole) {
  CatchUp();
  if (!view_.now.at) return;
  const Position& at = *view_.now.at;
  if (!oracle_.WasCounted(at))
    return Fault("the view stands at " + std::to_string(at.offset) + ", where no record counted");
  const auto truth = oracle_.LiveAt(at.offset);
  if (truth.size() != view_.now.cases.size()) {
    return Fault("the view has " + std::to_string(view_.now.cases.size()) + " cases at " + std::to_string(at.offset) +
                 ", the log " + std::to_string(truth.size()));
  }
  for (const auto& [id, c] : truth) {
    const auto found = view_.now.cases.find(id);
    if (found == view_.now.cases.end()) return Fault("the view has no case " + id.ToString());
    if (found->second->version != c->version || found->second->chain != c->chain) {
      return Fault("the view has version " + std::to_string(found->second->version) + " of " + id.ToString() +
                   ", the log " + std::to_string(c->version));
    }
    if (!HistoryFits(id, at.offset)) {
      std::string kept, wanted;
      for (const std::string& bytes : view_.now.histories.at(id))
        kept += " " + std::to_string(CommandHash(bytes) % 1000);
      for (const auto& step : oracle_.cases().at(id)) {
        wanted += " " + std::to_string(step.body_hash % 1000) + "@" + std::to_string(step.offset);
      }
      return Fault("the view at " + std::to_string(at.offset) + " has another history of " + id.ToString() + ":" +
                   kept + " instead of" + wanted);
    }
    if (whole && wire::EncodeCase(*found->second) != wire::EncodeCase(*c))
      Fault("the view has another state of " + id.ToString());
  }
  std::map<Bytes16, CaseId> keys;
  for (const auto& [fingerprint, key] : view_.now.keys) keys[fingerprint] = key.case_id;
  const std::map<Bytes16, CaseId> wanted = KeysAt(at.offset);
  for (const auto& [fingerprint, id] : wanted) {
    if (!keys.contains(fingerprint))
      Fault("the view at " + std::to_string(at.offset) + " has no key of case " + id.ToString());
  }
  for (const auto& [fingerprint, id] : keys) {
    if (!wanted.contains(fingerprint))
      Fault("the view at " + std::to_string(at.offset) + " has a key of case " + id.ToString() +
            ", which was not opened");
  }
}

void Storm::CheckShard(const Slot& slot) {
  CatchUp();
  const Shard& shard = *slot.instance->shard;
  if (shard.state() != Shard::State::kServing) return;
  if (!oracle_.WasCounted(shard.counted())) return Fault("an owner stands where no record counted");
  if (!shard.table().quarantined().empty()) return Fault("an owner could not fold a case");
  const auto truth = oracle_.LiveAt(shard.counted().offset);
  size_t counted = 0;
  for (const CaseId& id : shard.table().Ids()) {
    const std::shared_ptr<const Case> c = shard.table().Peek(id);
    if (c == nullptr) continue;
    ++counted;
    const auto found = truth.find(c->id);
    if (found == truth.end()) {
      Fault("an owner has a case that the log has not: " + c->id.ToString());
    } else if (found->second->version != c->version || found->second->chain != c->chain) {
      Fault("an owner has version " + std::to_string(c->version) + " of " + c->id.ToString() + ", the log " +
            std::to_string(found->second->version));
    }
  }
  if (counted != truth.size()) {
    Fault("an owner has " + std::to_string(counted) + " cases, the log " + std::to_string(truth.size()));
  }
}

void Storm::Calm() {
  if (!faults_.empty()) return;
  Note("the storm is over");
  view_.away = false;
  const size_t winner = Below(slots_.size());
  for (auto& records : adrift_) {
    for (log::Record& record : records) log_.records.push_back(std::move(record));
  }
  for (auto& scripts : scripts_adrift_) {
    for (auto& script : scripts) script(view_);
  }
  for (size_t s = 0; s < slots_.size(); ++s) {
    Instance& instance = *slots_[s].instance;
    slots_[s].paused = false;
    instance.log.hold = instance.log.hold_reads = instance.view.hold = false;
    if (s != winner) instance.shard->Lose("the other has it");
  }
  Slot& slot = slots_[winner];
  slot.instance->shard->Want();
  for (int round = 0; round < 20; ++round) {
    for (Slot& each : slots_) each.instance->Settle();
    clock_.Advance(300);
    if (slot.instance->shard->state() == Shard::State::kServing && slot.instance->shard->pending() == 0 && round > 4)
      break;
  }
  if (slot.instance->shard->state() != Shard::State::kServing) {
    return Fault(std::string("nobody serves in the end: ") + routing::NameOf(slot.instance->shard->state()) + " " +
                 slot.instance->shard->why_closed());
  }
  // An owner learns that it was deposed by its next record.
  for (int round = 0; round < 3 && faults_.empty(); ++round) {
    for (size_t n = 0; n < asked_.size(); ++n) {
      if (!asked_[n].first && !asked_[n].rejected) Send(winner, n);
    }
    slot.instance->Settle();
    clock_.Advance(300);
    slot.instance->Settle();
  }
  slot.instance->shard->Sweep();
  slot.instance->Settle();
  CheckEnd();
}

void Storm::CheckEnd() {
  CatchUp();
  for (const Asked& asked : asked_) {
    const std::string& name = asked.command.command_id;
    if (asked.waiting != 0) Fault(name + ": " + std::to_string(asked.waiting) + " call(s) were never answered");
    if (!asked.first && !asked.rejected) Fault(name + " was never answered, though all is well");
    const bool has_effect = asked.opens ? !asked.key.empty() && !oracle_.OpenedUnder(kTenant, "test", asked.key).empty()
                                        : oracle_.Find(asked.command.case_id, name) != nullptr;
    if (has_effect && !asked.maybe) Fault(name + " was always refused, and has an effect");
    const auto steps = oracle_.cases().find(asked.command.case_id);
    const bool retired = steps != oracle_.cases().end() && steps->second.back().after->retired;
    if (has_effect && asked.rejected && !asked.maybe && !retired) Fault(name + " was rejected, and has an effect");
  }
  for (const Slot& slot : slots_) {
    CheckShard(slot);
    counts_.take_overs += static_cast<int>(slot.instance->metrics.fences->Value());
    counts_.view_resets += slot.instance->view.resets;
  }
  for (const auto& [id, steps] : oracle_.cases()) counts_.retired += steps.back().after->retired ? 1 : 0;
  if (!view_.now.at || *view_.now.at != slots_[0].instance->shard->counted()) {
    if (!view_.now.at || *view_.now.at != slots_[1].instance->shard->counted()) Fault("the view did not catch up");
  }
  CheckView(true);
}

}  // namespace escalon::routing::testing

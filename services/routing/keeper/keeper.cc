#include "services/routing/keeper/keeper.h"

#include <algorithm>

#include "common/core/random.h"

namespace escalon::routing {
namespace {

constexpr DurationMs kSweepMs = kSecondMs;

rpc::ShardPhase PhaseOf(Shard::State state) {
  switch (state) {
    case Shard::State::kLoading:
    case Shard::State::kFolding:
    case Shard::State::kFencing:
    case Shard::State::kRecovering:
      return rpc::ShardPhase::kTakingOver;
    case Shard::State::kServing:
      return rpc::ShardPhase::kOwned;
    case Shard::State::kDraining:
      return rpc::ShardPhase::kReleasing;
    case Shard::State::kClosed:
      return rpc::ShardPhase::kClosed;
    case Shard::State::kIdle:
      break;
  }
  return rpc::ShardPhase::kElsewhere;
}

}  // namespace

Keeper::Keeper(KeeperOptions options, const Clock& clock, const RuleBook& rules, ports::CommandGate& gate,
               runtime::Logger logger, runtime::Metrics& metrics, runtime::Health& health)
    : options_(std::move(options)),
      clock_(clock),
      rules_(rules),
      logger_(std::move(logger)),
      metrics_registry_(metrics),
      health_(health),
      metrics_(metrics),
      kpi_metrics_(metrics),
      thread_("keeper", clock),
      loop_(thread_.loop()),
      cross_case_(loop_, gate, logger_) {}

Result<std::unique_ptr<Keeper>> Keeper::Create(KeeperOptions options, const Clock& clock, const RuleBook& rules,
                                               ports::CommandGate& gate, runtime::Logger logger,
                                               runtime::Metrics& metrics, runtime::Health& health) {
  std::unique_ptr<Keeper> keeper(
      new Keeper(std::move(options), clock, rules, gate, std::move(logger), metrics, health));
  const Status opened = keeper->Open();
  if (!opened.ok()) return opened.error();
  return keeper;
}

Status Keeper::Open() {
  const auto all = [this](const std::function<void(Shard&)>& each) {
    for (auto& shard : shards_) each(*shard);
  };
  auto opened = KafkaCaseLog::Open(
      loop_, clock_, options_.log,
      {.on_report = [this](int s, uint64_t token,
                           const Result<int64_t>& offset) { shards_[static_cast<size_t>(s)]->OnReport(token, offset); },
       .on_read =
           [this](log::LogBatch&& batch) { shards_[static_cast<size_t>(batch.shard)]->OnRead(std::move(batch)); },
       .on_read_error = [this](int s, uint64_t read,
                               const Error& error) { shards_[static_cast<size_t>(s)]->OnReadError(read, error); },
       .on_producer_gone = [all](const Error& why) { all([&](Shard& shard) { shard.OnProducerGone(why); }); },
       .on_producer_back = [] {}},
      logger_, metrics_registry_);
  if (!opened.ok()) return opened.error();
  log_ = std::move(*opened);
  view_ = std::make_unique<RedisCaseView>(
      loop_, clock_, options_.redis, options_.view,
      RedisCaseView::Listener{
          .elsewhere = [this](int s, std::optional<Position> at) { shards_[static_cast<size_t>(s)]->OnElsewhere(at); },
          .deposed =
              [this](int s) {
                // Redis has seen a newer owner than us: the log will show its fence; nothing more is written until
                // then.
                logger_.Warn("the live view has a newer owner", {{"shard", s}});
              }},
      logger_, metrics_registry_);
  meters_.resize(static_cast<size_t>(options_.shards));
  for (int s = 0; s < options_.shards; ++s) {
    shards_.push_back(std::make_unique<Shard>(
        s, ShardParts{loop_, clock_, *log_, *view_, rules_, load_, metrics_, logger_, options_.shard,
                      [this, s](const Case* before, const std::shared_ptr<const Case>& after, const EventBatch& batch) {
                        Counted(s, before, after, batch);
                      },
                      [this](int shard, bool owned) { Ownership(shard, owned); }, &openings_,
                      [this, s](const Case* before, const Case* after) { Moved(s, before, after); }}));
  }
  loop_.OnTurnEnd([this] {
    for (auto& shard : shards_) shard->EndOfTurn();
  });
  health_.Require("shards", "waiting for an assignment");
  health_.Require("redis", "connecting");
  return {};
}

Keeper::~Keeper() { Stop(); }

Status Keeper::Start() {
  loop_.After(kSweepMs, [this] { Sweep(); });
  view_->Start([this](bool connected) {
    redis_connected_ = connected;
    // Decisions go on without Redis (DESIGN §4): it is needed to become ready, not to stay so.
    if (connected) health_.Set("redis", true);
  });
  thread_.Start();
  auto group = log::OwnershipGroup::Start(
      options_.group,
      {.on_assigned =
           [this](std::vector<int> shards) {
             loop_.Post([this, shards = std::move(shards)] {
               assigned_once_ = true;
               for (const int s : shards) shards_[static_cast<size_t>(s)]->Want();
               TellHealth();
             });
           },
       .on_revoked =
           [this](std::vector<int> shards, bool lost) {
             loop_.Post([this, shards = std::move(shards), lost] {
               for (const int s : shards) {
                 Shard& shard = *shards_[static_cast<size_t>(s)];
                 if (lost) {
                   shard.Lose("the assignment was lost");
                 } else {
                   shard.Release([this, s] {
                     if (group_ != nullptr) group_->Released(s);
                   });
                 }
               }
               TellHealth();
             });
           },
       .on_fatal =
           [this](const Error& error) {
             logger_.Error("the group refused this instance, which joins again; does another process bear its name?",
                           {runtime::ErrorField(error)});
             health_.Set("shards", false, error.message);
           },
       .on_trouble = [this](const Error& error) { logger_.Warn("ownership group", {runtime::ErrorField(error)}); }},
      clock_);
  if (!group.ok()) return group.error();
  group_ = std::move(*group);
  return {};
}

void Keeper::Stop() {
  if (stopped_) return;
  stopped_ = true;
  if (group_ != nullptr) group_->Leave();
  loop_.Post([this] {
    bases_.clear();
    for (auto& shard : shards_) shard->Lose("shutting down");
  });
  thread_.Stop();
  group_.reset();
  shards_.clear();
  view_.reset();
  log_.reset();
}

Shard* Keeper::Of(const CaseId& id) {
  return shards_[static_cast<size_t>(ShardOf(id.bucket(), options_.shards))].get();
}

void Keeper::Execute(std::vector<rpc::KeeperItem> items) {
  auto shared = std::make_shared<std::vector<rpc::KeeperItem>>(std::move(items));
  const bool posted = loop_.Post([this, shared] {
    for (rpc::KeeperItem& item : *shared) {
      Shard* shard = Of(item.command.case_id);
      shard->Execute(std::move(item.command), std::move(item.answer));
    }
  });
  if (posted) return;
  for (rpc::KeeperItem& item : *shared) item.answer(Error{ErrorCode::kNotOwner, "this instance is shutting down"});
}

void Keeper::ReadCases(std::vector<CaseId> ids,
                       std::function<void(std::vector<Result<std::shared_ptr<const Case>>>)> done) {
  const bool posted = loop_.Post([this, ids = std::make_shared<std::vector<CaseId>>(std::move(ids)), done] {
    std::vector<Result<std::shared_ptr<const Case>>> out;
    out.reserve(ids->size());
    for (const CaseId& id : *ids) {
      const std::optional<std::shared_ptr<const Case>> read = Of(id)->Read(id);
      if (!read) {
        out.push_back(Error{ErrorCode::kNotOwner, "the shard is not served here"});
      } else if (*read == nullptr) {
        out.push_back(Error{ErrorCode::kNotFound, "no such case"});
      } else {
        out.push_back(*read);
      }
    }
    done(std::move(out));
  });
  if (!posted) done({});
}

void Keeper::Standings(std::function<void(std::vector<rpc::ShardStanding>)> done) {
  const bool posted = loop_.Post([this, done] {
    std::vector<rpc::ShardStanding> out;
    for (const auto& shard : shards_) {
      rpc::ShardStanding standing;
      standing.shard = shard->number();
      standing.phase = PhaseOf(shard->state());
      standing.owner_address = shard->owns() ? options_.shard.address : std::string();
      standing.counted = shard->counted();
      standing.pending_records = shard->pending();
      standing.oldest_pending_ms = shard->oldest_pending_ms();
      standing.cases = shard->table().size();
      standing.quarantined.assign(shard->table().quarantined().begin(), shard->table().quarantined().end());
      standing.reason = shard->state() == Shard::State::kClosed ? shard->why_closed() : NameOf(shard->state());
      const auto based = based_at_.find(shard->number());
      if (based != based_at_.end()) standing.base_at = based->second;
      out.push_back(std::move(standing));
    }
    done(std::move(out));
  });
  if (!posted) done({});
}

void Keeper::Reconcile(int number, bool dry_run, std::function<void(Result<rpc::Reconciled>)> done) {
  const bool posted = loop_.Post([this, number, dry_run, done] {
    if (number < 0 || number >= options_.shards)
      return done(InvalidField("shard", "must be 0 to " + std::to_string(options_.shards - 1)));
    Shard& shard = *shards_[static_cast<size_t>(number)];
    if (shard.state() != Shard::State::kClosed) {
      return done(Error{ErrorCode::kWrongState,
                        "shard " + std::to_string(number) + " is " + NameOf(shard.state()) + ", not closed"});
    }
    view_->LoadHistories(number, [this, number, dry_run, done](Result<Recovery> viewed) {
      if (!viewed.ok()) return done(viewed.error());
      viewed->dry_run = dry_run;
      viewed->done = done;
      shards_[static_cast<size_t>(number)]->Reconcile(std::move(*viewed));
    });
  });
  if (!posted) done(Error{ErrorCode::kNotOwner, "this instance is shutting down"});
}

void Keeper::WriteBase(int shard, std::function<void(Result<rpc::WrittenBase>)> done) {
  const bool posted = loop_.Post([this, shard, done] {
    if (shard < 0 || shard >= options_.shards)
      return done(InvalidField("shard", "must be 0 to " + std::to_string(options_.shards - 1)));
    StartBase(shard, done);
  });
  if (!posted) done(Error{ErrorCode::kNotOwner, "this instance is shutting down"});
}

void Keeper::StartBase(int shard, std::function<void(Result<rpc::WrittenBase>)> done) {
  if (bases_.contains(shard)) return done(Error{ErrorCode::kWrongState, "a base of this shard is being written"});
  next_base_[shard] = clock_.Steady() + std::chrono::milliseconds(options_.base_period_ms);
  auto& writer = bases_[shard];
  writer =
      std::make_unique<BaseWriter>(loop_, clock_, *shards_[static_cast<size_t>(shard)], *log_, metrics_,
                                   [this, shard, done](Result<rpc::WrittenBase> base) {
                                     if (!base.ok()) {
                                       logger_.Warn("no base", {{"shard", shard}, runtime::ErrorField(base.error())});
                                     } else {
                                       based_at_[shard] = clock_.WallMs();
                                       logger_.Info("base written", {{"shard", shard}, {"cases", base->cases}});
                                     }
                                     if (done) done(base);
                                     loop_.Post([this, shard] { bases_.erase(shard); });
                                   });
  writer->Start();
}

void Keeper::Moved(int shard, const Case* before, const Case* after) {
  if (after == nullptr) {
    load_.Forget(shard);
    openings_.ForgetIf([this, shard](const CaseId& id) { return ShardOf(id.bucket(), options_.shards) == shard; });
    return;
  }
  load_.Changed(shard, before, after);
  openings_.Changed(before != nullptr ? before->facts.get() : nullptr, *after);
}

void Keeper::Counted(int shard, const Case* before, const std::shared_ptr<const Case>& after, const EventBatch& batch) {
  for (const Event& event : batch.events) {
    metrics_.events[KindOf(event) - 1]->Increment();
    if (const auto* fired = std::get_if<ClockFired>(&event)) {
      metrics_.lateness->Observe(static_cast<double>(fired->late_by_ms) / (1000 * clock_.Factor()));
    } else if (const auto* breached = std::get_if<Breached>(&event)) {
      metrics_.lateness->Observe(static_cast<double>(breached->late_by_ms) / (1000 * clock_.Factor()));
    }
  }
  // Counted records come here once, at one owner, whatever moves or restarts: so the sum over all is the whole log.
  kpi::Rules rules;
  rules.policy = rules_.Pinned(after->tenant, after->policy);
  if (rules.policy != nullptr && !rules.policy->levels.empty()) rules.first_level = rules.policy->levels.front().id;
  meters_[static_cast<size_t>(shard)].Take(before, *after, batch, rules, &kpi_metrics_);
  if (!after->cross_case.empty()) cross_case_.Send(*after, after->version);
}

void Keeper::Ownership(int shard, bool owned) {
  Shard& s = *shards_[static_cast<size_t>(shard)];
  if (owned) {
    for (const CaseId& id : s.table().owing()) cross_case_.Send(*s.table().Peek(id), 0);
    // Spread, so that the shards of an instance do not all write at once.
    const auto spread = static_cast<DurationMs>(RandomBits() % static_cast<uint64_t>(options_.base_period_ms / 4 + 1));
    next_base_[shard] = clock_.Steady() + std::chrono::milliseconds(options_.base_period_ms - spread);
  } else {
    meters_[static_cast<size_t>(shard)] = kpi::LiveMeter();
    next_base_.erase(shard);
  }
  TellHealth();
}

void Keeper::TellHealth() {
  size_t wanted = 0, coming = 0;
  for (const auto& shard : shards_) {
    if (shard->state() == Shard::State::kServing) ++wanted;
    if (shard->coming()) ++coming;
  }
  if (!assigned_once_) return;
  health_.Set("shards", coming == 0,
              coming == 0 ? std::to_string(wanted) + " served" : std::to_string(coming) + " being taken over");
}

void Keeper::Sweep() {
  size_t pending = 0, cases = 0, awake = 0, keys = 0;
  for (auto& shard : shards_) {
    shard->Sweep();
    pending += shard->pending();
    cases += shard->table().size();
    awake += shard->table().awake();
    keys += shard->table().keys();
  }
  metrics_.pending->Set(static_cast<double>(pending));
  metrics_.live_cases->Set(static_cast<double>(cases));
  metrics_.awake_cases->Set(static_cast<double>(awake));
  metrics_.live_keys->Set(static_cast<double>(keys));
  const auto now = clock_.Steady();
  for (const auto& [shard, at] : next_base_) {
    if (at > now || bases_.contains(shard)) continue;
    StartBase(shard, {});
    break;  // one shard a second
  }
  TellHealth();
  loop_.After(kSweepMs, [this] { Sweep(); });
}

}  // namespace escalon::routing

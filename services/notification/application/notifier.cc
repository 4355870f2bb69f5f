#include "services/notification/application/notifier.h"

#include <algorithm>
#include <future>

#include "common/wire/events_codec.h"
#include "common/wire/snapshot_codec.h"

namespace escalon::notification {
namespace {

constexpr int kRestoreTimeoutMs = 5 * 60 * 1000;
constexpr DurationMs kRestoreAgainMs = kSecondMs;
/// Owners' clocks differ, and a record is decided a little before its neighbours.
constexpr DurationMs kDecidedApartMs = kMinuteMs;
constexpr int kMostRestores = 100;

bool HasIntents(const std::vector<uint32_t>& kinds) {
  static const uint32_t kIntended = KindOf(Event(NotifyIntended{}));
  return std::find(kinds.begin(), kinds.end(), kIntended) != kinds.end();
}

}  // namespace

Notifier::Notifier(NotifierOptions options, NotifierParts parts)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      thread_("notifier", parts_.clock),
      loop_(thread_.loop()),
      done_(std::make_unique<log::DoneTracker>(
          [this](int shard, int64_t offset) { follower_->MarkDone(shard, offset); })),
      delivery_log_(options_.follower.kafka, options_.delivery_topic, loop_, parts_.metrics, parts_.logger,
                    [this](int shard, int64_t offset) { done_->Finish(shard, offset); }),
      dispatcher_(std::make_unique<Dispatcher>(
          options_.dispatch,
          DispatchParts{loop_, parts_.clock, parts_.rosters, parts_.cases, parts_.gate, delivery_log_, parts_.channels,
                        parts_.renderer, parts_.links, parts_.open_contact, parts_.metrics, parts_.logger})),
      test_pager_(loop_, parts_.clock, parts_.rosters, parts_.channels, parts_.renderer, delivery_log_) {
  parts_.health.Require("deliveries", "waiting for an assignment");
}

Notifier::~Notifier() { Stop(0); }

Status Notifier::Start() {
  const Status opened = delivery_log_.Open();
  if (!opened.ok()) return opened;
  restorer_ = std::make_unique<runtime::Executor>("restore", 1, kMostRestores, parts_.logger);
  thread_.Start();
  auto follower = log::Follower::Open(options_.follower, this, &parts_.clock);
  if (!follower.ok()) return follower.error();
  follower_ = std::move(*follower);
  follower_->Start();
  return {};
}

void Notifier::Stop(DurationMs limit_ms) {
  if (stopped_.exchange(true)) return;
  const auto idle = std::make_shared<std::promise<void>>();
  std::future<void> is_idle = idle->get_future();
  if (follower_ != nullptr && loop_.Post([this, idle] { dispatcher_->Close([idle] { idle->set_value(); }); })) {
    is_idle.wait_for(std::chrono::milliseconds(limit_ms * 2 / 3));
  }
  (void)delivery_log_.Drain(static_cast<int>(limit_ms / 3)).ok();  // what is not durable is sent again with the same id
  if (follower_ != nullptr) follower_->Stop();
  restorer_.reset();
  thread_.Stop();
  delivery_log_.Close();
}

void Notifier::OnAssigned(int shard, const log::FollowerStart& start) {
  done_->Forget(shard);
  from_base_.erase(shard);
  if (start.reason == log::StartReason::kBaseAfterLoss) {
    from_base_.insert(shard);
    parts_.metrics.skipped_by_retention->Increment();
    parts_.logger.Error(
        "a shard lost its place: open pages are taken from the base, messages that were only for information are lost",
        {{"shard", shard}});
  }
  loop_.Post([this, shard] {
    dispatcher_->Drop(shard);
    shards_[shard] = Shard();
    shards_[shard].assignment = ++last_assignment_;
    TellHealth();
  });
}

void Notifier::OnRevoked(int shard, bool) {
  done_->Forget(shard);
  std::erase_if(batch_, [shard](const Read& read) { return read.shard == shard; });
  loop_.Post([this, shard] {
    shards_.erase(shard);
    dispatcher_->Drop(shard);
    TellHealth();
  });
}

void Notifier::OnRecord(int shard, int64_t offset, InstantMs, const log::Record& record) {
  done_->Begin(shard, offset);
  switch (record.head.type) {
    case log::RecordType::kEvents:
      if (HasIntents(record.head.kinds)) return TakeIntents(shard, offset, record);
      batch_.push_back({shard, record.head.case_id, nullptr, {}});
      break;
    case log::RecordType::kBaseCase:
      if (from_base_.contains(shard)) return TakeSnapshot(shard, offset, record);
      break;
    case log::RecordType::kBaseEnd:
      from_base_.erase(shard);
      break;
    default:
      break;
  }
  done_->Finish(shard, offset);
}

void Notifier::TakeIntents(int shard, int64_t offset, const log::Record& record) {
  Result<EventBatch> batch = wire::DecodeBatch(record.body);
  if (!batch.ok()) {
    parts_.metrics.poison->Increment();
    parts_.logger.Error("a record with intents cannot be read: nobody is told of it",
                        {{"case", record.head.case_id.ToString()},
                         {"shard", shard},
                         {"offset", offset},
                         runtime::ErrorField(batch.error())});
    return done_->Finish(shard, offset);
  }
  Read read{shard, record.head.case_id, std::make_shared<Origin>(), {}};
  Origin& origin = *read.origin;
  origin.shard = shard;
  origin.offset = offset;
  origin.case_id = record.head.case_id;
  origin.tenant = record.head.tenant;
  origin.version = record.head.version;
  origin.at = batch->at;
  origin.trace_parent = record.head.trace_parent;
  origin.why = WhyOf(*batch);
  origin.open = 1;  // ours, until all intents were taken
  for (Event& event : batch->events) {
    if (auto* intent = std::get_if<NotifyIntended>(&event)) read.intents.push_back(std::move(*intent));
  }
  batch_.push_back(std::move(read));
}

void Notifier::TakeSnapshot(int shard, int64_t offset, const log::Record& record) {
  const Result<Case> c = wire::DecodeCase(record.body);
  if (!c.ok()) {
    parts_.metrics.poison->Increment();
    return done_->Finish(shard, offset);
  }
  for (const OpenIntent& open : c->intents) {
    Read read{shard, c->id, std::make_shared<Origin>(), {open.intent}};
    read.origin->shard = shard;
    read.origin->case_id = c->id;
    read.origin->tenant = c->tenant;
    read.origin->version = open.version;
    read.origin->at = c->last_at;
    read.origin->open = 1;
    batch_.push_back(std::move(read));
  }
  done_->Finish(shard, offset);
}

void Notifier::OnBatchEnd() {
  if (batch_.empty()) return;
  loop_.Post([this, batch = std::make_unique<std::vector<Read>>(std::move(batch_))] { Handle(*batch); });
  batch_ = {};
}

void Notifier::OnCaughtUp(int shard, int64_t) {
  OnBatchEnd();
  loop_.Post([this, shard] {
    const auto found = shards_.find(shard);
    if (found == shards_.end()) return;
    found->second.caught_up = true;
    if (found->second.restored) {
      dispatcher_->CaughtUp(shard);
    } else if (!found->second.restoring) {
      Restore(shard, kNever);  // no intent comes again
    }
  });
}

void Notifier::Handle(std::vector<Read>& reads) {
  for (Read& read : reads) {
    const auto found = shards_.find(read.shard);
    if (found == shards_.end()) continue;
    Shard& shard = found->second;
    if (shard.restored) {
      HandleOne(read);
      continue;
    }
    if (read.origin == nullptr) continue;
    const InstantMs at = read.origin->at;
    shard.waiting.push_back(std::move(read));
    if (!shard.restoring) {
      const auto apart = static_cast<DurationMs>(static_cast<double>(kDecidedApartMs) * parts_.clock.Factor());
      Restore(found->first, at - apart);
    }
  }
}

void Notifier::HandleOne(Read& read) {
  dispatcher_->Touched(read.id);
  if (read.origin == nullptr) return;
  for (const NotifyIntended& intent : read.intents) dispatcher_->Accept(read.origin, intent);
  delivery_log_.Lower(*read.origin);
}

void Notifier::Restore(int number, InstantMs delivered_since) {
  Shard& shard = shards_.at(number);
  shard.restoring = true;
  const InstantMs since =
      options_.restore_window_ms == 0 ? 0 : parts_.machine_clock.WallMs() - options_.restore_window_ms;
  const bool taken = restorer_->TryPost([this, number, assignment = shard.assignment, since, delivered_since] {
    auto restored = ReadDeliveryLog(options_.follower.kafka, options_.delivery_topic, number, since, delivered_since,
                                    kRestoreTimeoutMs, stopped_, parts_.metrics);
    loop_.Post([this, number, assignment, delivered_since,
                restored = std::make_unique<Result<RestoredShard>>(std::move(restored))] {
      Restored(number, assignment, delivered_since, std::move(*restored));
    });
  });
  if (!taken)
    Restored(number, shard.assignment, delivered_since,
             Error{ErrorCode::kResourceExhausted, "too many shards at once"});
}

void Notifier::Restored(int number, uint64_t assignment, InstantMs delivered_since, Result<RestoredShard> restored) {
  const auto found = shards_.find(number);
  if (found == shards_.end() || found->second.assignment != assignment) return;
  Shard& shard = found->second;
  if (!restored.ok()) {
    parts_.logger.Warn("the delivery log cannot be read; trying again",
                       {{"shard", number}, runtime::ErrorField(restored.error())});
    loop_.After(kRestoreAgainMs, [this, number, assignment, delivered_since] {
      const auto again = shards_.find(number);
      if (again != shards_.end() && again->second.assignment == assignment) Restore(number, delivered_since);
    });
    return;
  }
  shard.restored = true;
  shard.restoring = false;
  dispatcher_->Restore(number, std::move(*restored));
  for (Read& read : std::exchange(shard.waiting, {})) HandleOne(read);
  if (shard.caught_up) dispatcher_->CaughtUp(number);
  TellHealth();
}

void Notifier::TellHealth() {
  const auto open =
      std::count_if(shards_.begin(), shards_.end(), [](const auto& item) { return !item.second.restored; });
  parts_.metrics.shards->Set(static_cast<double>(shards_.size()));
  parts_.health.Set("deliveries", open == 0,
                    open == 0 ? std::to_string(shards_.size()) + " shards"
                              : "reading the delivery log of " + std::to_string(open) + " shards");
}

void Notifier::OnPoison(int shard, int64_t offset, std::string_view, const Error& reason) {
  parts_.metrics.poison->Increment();
  parts_.logger.Error("a record of the case log cannot be read",
                      {{"shard", shard}, {"offset", offset}, runtime::ErrorField(reason)});
}

void Notifier::OnAlarm(int shard, const Error& reason) {
  parts_.logger.Error("case log", {{"shard", shard}, runtime::ErrorField(reason)});
}

void Notifier::ListDead(std::string tenant, CaseId case_id, InstantMs before_at, std::string before_id, size_t limit,
                        OnPage done) {
  struct Ask {
    std::string tenant;
    CaseId case_id;
    InstantMs before_at;
    std::string before_id;
    size_t limit;
  };
  const auto ask = std::make_shared<Ask>(Ask{std::move(tenant), case_id, before_at, std::move(before_id), limit});
  const bool posted = loop_.Post([this, ask, done] {
    done(dispatcher_->dead_letters().List(ask->tenant, ask->case_id, ask->before_at, ask->before_id, ask->limit));
  });
  if (!posted) done({});
}

void Notifier::Resend(std::string tenant, std::vector<std::string> ids, bool discard, std::string by,
                      std::function<void(std::vector<std::string>)> done) {
  struct Work {
    std::string tenant, by;
    std::vector<std::string> ids, outcomes;
    size_t open = 0;
    std::function<void(std::vector<std::string>)> done;
  };
  const auto work = std::make_shared<Work>();
  work->tenant = std::move(tenant);
  work->by = std::move(by);
  work->open = ids.size();
  work->outcomes.resize(ids.size());
  work->ids = std::move(ids);
  work->done = std::move(done);
  const bool posted = loop_.Post([this, work, discard] {
    for (size_t i = 0; i < work->ids.size(); ++i) {
      dispatcher_->Resend(work->tenant, work->ids[i], discard, work->by, [work, i](std::string why) {
        work->outcomes[i] = std::move(why);
        if (--work->open == 0) work->done(std::move(work->outcomes));
      });
    }
  });
  if (!posted) work->done(std::vector<std::string>(work->ids.size(), "the service is stopping"));
}

void Notifier::SendTestPage(TestPage page, std::function<void(Result<wire::DeliveryRecord>)> done) {
  const auto shared = std::make_shared<TestPage>(std::move(page));
  const bool posted = loop_.Post([this, shared, done] { test_pager_.Send(*shared, done); });
  if (!posted) done(Error{ErrorCode::kUnavailable, "the service is stopping"});
}

}  // namespace escalon::notification

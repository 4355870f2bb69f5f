#include "services/routing/keeper/redis_case_view.h"

#include <utility>

#include "common/wire/snapshot_codec.h"
#include "services/routing/keeper/live_key.h"

namespace escalon::routing {
namespace {

constexpr DurationMs kFirstConnectionMs = 2 * kSecondMs;

view::KeyEntry ToEntry(const LiveKey& key) { return {key.fingerprint, EncodeKeyValue(key), key.expires_at}; }

ViewedShard Translate(view::LoadedShard loaded) {
  ViewedShard out;
  out.at = loaded.at;
  out.snapshots = std::move(loaded.snapshots);
  for (const auto& [fingerprint, value] : loaded.keys) {
    if (const std::optional<LiveKey> key = DecodeKeyValue(fingerprint, value)) out.keys.push_back(*key);
  }
  return out;
}

}  // namespace

RedisCaseView::RedisCaseView(runtime::EventLoop& loop, const Clock& clock, view::RedisOptions redis,
                             view::WriterOptions options, Listener listener, runtime::Logger logger,
                             runtime::Metrics& metrics)
    : loop_(loop),
      clock_(clock),
      redis_(loop, std::move(redis), std::move(logger)),
      queries_(redis_, options.generation, options.shards),
      writer_(
          loop, clock, redis_, options, [](const Case& c) { return wire::EncodeCase(c); },
          {.viewed = {}, .elsewhere = std::move(listener.elsewhere), .deposed = std::move(listener.deposed)}, metrics) {
}

void RedisCaseView::Start(std::function<void(bool)> on_change) {
  awaits_first_ = true;
  wait_ends_ = loop_.After(kFirstConnectionMs, [this] { EndWait(); });
  redis_.Start([this, on_change = std::move(on_change)](bool connected) {
    writer_.OnConnection(connected);
    if (on_change) on_change(connected);
    EndWait();
  });
}

RedisCaseView::~RedisCaseView() { loop_.Cancel(wait_ends_); }

void RedisCaseView::EndWait() {
  awaits_first_ = false;
  for (const auto& load : std::exchange(waiting_, {})) load();
}

void RedisCaseView::Load(int shard, std::function<void(Result<std::optional<ViewedShard>>)> done) {
  if (awaits_first_) {
    waiting_.emplace_back([this, shard, done = std::move(done)] { Load(shard, done); });
    return;
  }
  queries_.Load(shard, clock_.WallMs(), [done = std::move(done)](Result<std::optional<view::LoadedShard>> loaded) {
    if (!loaded.ok()) return done(loaded.error());
    if (!loaded->has_value()) return done(std::optional<ViewedShard>{});
    done(std::optional<ViewedShard>(Translate(std::move(**loaded))));
  });
}

void RedisCaseView::LoadHistories(int shard, std::function<void(Result<Recovery>)> done) {
  Load(shard, [this, done = std::move(done)](Result<std::optional<ViewedShard>> loaded) {
    if (!loaded.ok()) return done(loaded.error());
    if (!loaded->has_value())
      return done(Error{ErrorCode::kWrongState, "the live view of the shard has nothing to recover from"});
    struct Gathering {
      Recovery found;
      size_t waiting = 0;
      std::optional<Error> failed;
    };
    auto gathering = std::make_shared<Gathering>();
    gathering->found.at = (*loaded)->at;
    for (const std::string& snapshot : (*loaded)->snapshots) {
      const Result<Case> c = wire::DecodeCase(snapshot);
      if (!c.ok()) return done(Error{ErrorCode::kWrongState, "a snapshot in the view: " + c.error().message});
      gathering->found.cases.push_back({c->id, c->tenant, c->version, {}});
    }
    gathering->waiting = gathering->found.cases.size();
    if (gathering->waiting == 0) return done(std::move(gathering->found));
    for (size_t i = 0; i < gathering->found.cases.size(); ++i) {
      queries_.History(gathering->found.cases[i].id, [gathering, i, done](Result<std::vector<std::string>> batches) {
        if (batches.ok()) {
          gathering->found.cases[i].batches = std::move(*batches);
        } else {
          gathering->failed = batches.error();
        }
        if (--gathering->waiting > 0) return;
        if (gathering->failed) return done(*gathering->failed);
        done(std::move(gathering->found));
      });
    }
  });
}

void RedisCaseView::Open(int shard, const Position& at, uint64_t epoch) { writer_.Open(shard, at, epoch); }

void RedisCaseView::Reset(int shard, const Position& at, uint64_t epoch, std::vector<CaseId> cases, Fetch fetch,
                          std::vector<LiveKey> keys, std::vector<HistoryItem> history,
                          const std::optional<Position>& follows) {
  std::vector<view::KeyEntry> entries;
  entries.reserve(keys.size());
  for (const LiveKey& key : keys) entries.push_back(ToEntry(key));
  std::vector<view::HistoryEntry> items;
  items.reserve(history.size());
  for (HistoryItem& item : history) items.push_back({item.id, std::move(item.bytes)});
  writer_.Reset(shard, at, epoch, std::move(cases), std::move(fetch), std::move(entries), std::move(items), follows);
}

void RedisCaseView::Touch(int shard, std::shared_ptr<const Case> before, std::shared_ptr<const Case> after,
                          HistoryItem history, const Position& at) {
  writer_.Touch(shard, std::move(before), std::move(after), {history.id, std::move(history.bytes)}, at);
}

void RedisCaseView::Move(int shard, const Position& at) { writer_.Move(shard, at); }
void RedisCaseView::AddKey(int shard, const LiveKey& key) { writer_.AddKey(shard, ToEntry(key)); }
void RedisCaseView::Close(int shard) { writer_.Close(shard); }
bool RedisCaseView::Settled(int shard) const { return writer_.Settled(shard); }

}  // namespace escalon::routing

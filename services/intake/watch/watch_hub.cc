#include "services/intake/watch/watch_hub.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/wire/events_codec.h"
#include "common/wire/snapshot_codec.h"

namespace escalon::intake {
namespace {

constexpr DurationMs kLookAgainMs = 5;  ///< the view follows the log by so much
constexpr int kMostTries = 100;
constexpr size_t kMostReading = 20'000;
constexpr int kPresentPage = 500;

}  // namespace

WatchHub::WatchHub(log::ShardSourceConfig source, LiveView& view, runtime::Logger log)
    : view_(view),
      lister_(view.queries()),
      tail_(std::move(source), view,
            {.on_changes = [this](std::vector<CountedChange>&& changes) { OnChanges(std::move(changes)); },
             .on_gap = [this] { Gap(); }},
            std::move(log)) {}

bool WatchHub::Add(std::shared_ptr<Watcher> watcher, WatchQuestion question) {
  return view_.loop().Post([this, watcher = std::move(watcher), question = std::move(question)]() mutable {
    if (ended_) return watcher->OnEnd();
    const bool present = question.include_present;
    watchers_.push_back({watcher, std::move(question)});
    tail_.Start();
    if (present) TellPresent(watcher, std::nullopt);
  });
}

void WatchHub::Remove(const Watcher* watcher) {
  view_.loop().Post([this, watcher] {
    watchers_.remove_if([watcher](const Entry& entry) { return entry.watcher.get() == watcher; });
    if (watchers_.empty()) tail_.Stop();
  });
}

void WatchHub::End() {
  view_.loop().Post([this] {
    ended_ = true;
    tail_.Stop();
    for (const Entry& entry : std::exchange(watchers_, {})) entry.watcher->OnEnd();
  });
}

const WatchHub::Entry* WatchHub::Find(const Watcher* watcher) const {
  const auto found = std::find_if(watchers_.begin(), watchers_.end(),
                                  [watcher](const Entry& e) { return e.watcher.get() == watcher; });
  return found == watchers_.end() ? nullptr : &*found;
}

bool WatchHub::Wants(const WatchQuestion& question, const CountedChange& change) {
  return question.tenant == change.tenant && (question.ids.empty() || question.ids.contains(change.id));
}

void WatchHub::OnChanges(std::vector<CountedChange>&& changes) {
  std::map<int, std::shared_ptr<Reading>> by_shard;
  for (CountedChange& change : changes) {
    const bool wanted =
        std::any_of(watchers_.begin(), watchers_.end(), [&](const Entry& e) { return Wants(e.question, change); });
    if (!wanted) continue;
    if (reading_ >= kMostReading) {
      Gap();
      break;
    }
    const int shard = view_.queries().ShardOfCase(change.id);
    auto& reading = by_shard[shard];
    if (reading == nullptr) reading = std::make_shared<Reading>();
    reading->shard = shard;
    reading->changes.push_back(std::move(change));
    ++reading_;
  }
  for (auto& [shard, reading] : by_shard) Read(std::move(reading));
}

void WatchHub::Read(std::shared_ptr<Reading> reading) {
  std::vector<CaseId> ids;
  for (const CountedChange& change : reading->changes) ids.push_back(change.id);
  view_.queries().ReadCases(reading->shard, ids, [this, reading](Result<std::vector<std::optional<std::string>>> read) {
    std::vector<CountedChange> behind;
    for (size_t i = 0; i < reading->changes.size(); ++i) {
      CountedChange& change = reading->changes[i];
      std::shared_ptr<const Case> c;
      if (read.ok() && (*read)[i].has_value()) {
        if (Result<Case> decoded = wire::DecodeCase(*(*read)[i]); decoded.ok())
          c = std::make_shared<const Case>(std::move(*decoded));
      }
      if (c != nullptr && c->version >= change.version) {
        Tell(change, c);
        --reading_;
      } else {
        behind.push_back(std::move(change));
      }
    }
    if (behind.empty()) return;
    if (++reading->tries >= kMostTries || watchers_.empty()) {
      reading_ -= behind.size();
      return Gap();
    }
    reading->changes = std::move(behind);
    view_.loop().After(kLookAgainMs, [this, reading] { Read(reading); });
  });
}

void WatchHub::Tell(const CountedChange& change, const std::shared_ptr<const Case>& c) {
  WatchedChange told{c, {}, {}, c->last_at};
  for (const uint32_t kind : change.kinds) told.kinds.emplace_back(KindName(kind));
  if (const Result<EventBatch> batch = wire::DecodeBatch(change.body); batch.ok()) {
    told.at = batch->at;
    if (batch->actor.kind == ActorKind::kHuman || batch->actor.kind == ActorKind::kSource)
      told.actor = batch->actor.subject;
  }
  for (const Entry& entry : watchers_) {
    const WatchQuestion& question = entry.question;
    if (Wants(question, change) && Matches(question.filter, *c) && question.visible(*c)) entry.watcher->OnChange(told);
  }
}

void WatchHub::TellPresent(const std::shared_ptr<Watcher>& watcher, std::optional<PagePlace> from) {
  const Entry* entry = Find(watcher.get());
  if (entry == nullptr) return;
  ListQuestion question;
  question.tenant = entry->question.tenant;
  question.filter = entry->question.filter;
  question.order = CaseOrder::kOpened;
  question.page_size = kPresentPage;
  question.from = std::move(from);
  question.visible = [ids = entry->question.ids, visible = entry->question.visible](const Case& c) {
    return (ids.empty() || ids.contains(c.id)) && visible(c);
  };
  lister_.List(std::move(question), [this, watcher](Result<ListedPage> page) {
    if (Find(watcher.get()) == nullptr) return;
    if (!page.ok() || page->stale) watcher->OnGap();
    if (!page.ok()) return;
    for (const auto& c : page->cases) watcher->OnChange({c, {}, {}, c->last_at});
    if (page->next) TellPresent(watcher, page->next);
  });
}

void WatchHub::Gap() {
  for (const Entry& entry : watchers_) entry.watcher->OnGap();
}

}  // namespace escalon::intake

#include "services/intake/listing/case_lister.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <tuple>
#include <utility>

#include "common/view/queries.h"
#include "common/wire/snapshot_codec.h"

namespace escalon::intake {
namespace {

constexpr int64_t kMostSorted = 5'000;  ///< cases that are sorted here for one page
constexpr size_t kMostLooked = 5'000;   ///< cases that are looked at for one page of a walk
constexpr int kMostChunk = 500;
constexpr int kScanPage = 4'000;  ///< of lists that are read whole: larger chunks, fewer questions
constexpr int kLeastChunk = 4;

Error Away() { return Error{ErrorCode::kUnavailable, "the live view cannot be read", {}, {}, 500}; }

std::shared_ptr<const Case> Decode(const view::Listed& listed) {
  Result<Case> c = wire::DecodeCase(listed.snapshot);
  return c.ok() ? std::make_shared<const Case>(std::move(*c)) : nullptr;
}

bool Belongs(const ListQuestion& question, const Case& c) {
  return c.tenant == question.tenant && Matches(question.filter, c) && (!question.visible || question.visible(c));
}

bool Before(const view::Listed& x, const view::Listed& y, bool descending) {
  if (x.score != y.score) return descending ? x.score > y.score : x.score < y.score;
  return descending ? x.id > y.id : x.id < y.id;
}

}  // namespace

// One list under way. It looks at segments one after another; within one it holds a stream for each (shard, index).
struct CaseLister::Walk {
  struct Stream {
    int shard = 0;
    std::string index;
    view::Cursor cursor;
    std::deque<view::Listed> ahead;
    bool finished = false;
  };

  ListQuestion question;
  std::vector<Segment> segments;
  size_t segment = 0;
  std::vector<Stream> streams;
  int chunk = kLeastChunk;
  size_t waiting = 0;
  size_t looked = 0;
  size_t most_looked = kMostLooked;
  size_t failed = 0, answered = 0;
  bool begun = false;                                     ///< beyond the place where the page starts
  std::function<bool(std::shared_ptr<const Case>)> take;  ///< false: enough
  std::function<void(Result<WalkEnd>)> done;
};

void CaseLister::Run(ListQuestion question, std::vector<Segment> segments, size_t most,
                     std::function<bool(std::shared_ptr<const Case>)> take, std::function<void(Result<WalkEnd>)> done) {
  auto walk = std::make_shared<Walk>();
  walk->question = std::move(question);
  walk->segments = std::move(segments);
  if (walk->question.from) walk->segment = walk->question.from->segment;
  walk->most_looked = most;
  walk->take = std::move(take);
  walk->done = std::move(done);
  Begin(walk);
}

void CaseLister::Begin(const std::shared_ptr<Walk>& walk) {
  if (walk->segment >= walk->segments.size()) return Finish(walk, std::nullopt);
  const Segment& segment = walk->segments[walk->segment];
  view::Cursor start{segment.descending ? kNever : INT64_MIN, {}};
  if (!walk->begun && walk->question.from) {
    start.score = walk->question.from->a;
    if (!walk->question.from->last.empty()) start.member = view::HexOf(walk->question.from->last);
  }
  walk->begun = true;
  walk->streams.clear();
  for (int shard = 0; shard < queries_.shards(); ++shard) {
    for (const std::string& index : segment.indexes) walk->streams.push_back({shard, index, start, {}, false});
  }
  const int per_stream = 2 * walk->question.page_size / std::max<int>(1, static_cast<int>(walk->streams.size()));
  walk->chunk = std::clamp(per_stream + kLeastChunk, kLeastChunk, kMostChunk);
  Fill(walk);
}

void CaseLister::Fill(const std::shared_ptr<Walk>& walk) {
  std::vector<size_t> empty;
  for (size_t i = 0; i < walk->streams.size(); ++i) {
    if (walk->streams[i].ahead.empty() && !walk->streams[i].finished) empty.push_back(i);
  }
  if (empty.empty()) return Merge(walk);
  // Answers may come before this returns: all are owed first.
  walk->waiting = empty.size();
  const bool descending = walk->segments[walk->segment].descending;
  for (const size_t i : empty) {
    Walk::Stream& stream = walk->streams[i];
    queries_.List(stream.shard, stream.index, stream.cursor, walk->chunk, descending,
                  [this, walk, i](Result<std::vector<view::Listed>> page) {
                    Walk::Stream& filled = walk->streams[i];
                    if (!page.ok()) {
                      filled.finished = true;
                      ++walk->failed;
                    } else {
                      ++walk->answered;
                      filled.finished = page->size() < static_cast<size_t>(walk->chunk);
                      if (!page->empty()) filled.cursor = {page->back().score, view::HexOf(page->back().id)};
                      filled.ahead.assign(std::make_move_iterator(page->begin()), std::make_move_iterator(page->end()));
                    }
                    if (--walk->waiting == 0) Merge(walk);
                  });
  }
}

void CaseLister::Merge(const std::shared_ptr<Walk>& walk) {
  const Segment& segment = walk->segments[walk->segment];
  while (true) {
    Walk::Stream* best = nullptr;
    for (Walk::Stream& stream : walk->streams) {
      if (stream.ahead.empty()) {
        if (!stream.finished) return Fill(walk);
        continue;
      }
      if (best == nullptr || Before(stream.ahead.front(), best->ahead.front(), segment.descending)) best = &stream;
    }
    if (best == nullptr) break;
    const view::Listed listed = std::move(best->ahead.front());
    best->ahead.pop_front();
    ++walk->looked;
    const std::shared_ptr<const Case> c = Decode(listed);
    const bool fits =
        c != nullptr && (!segment.only_unjudged || c->priority == Priority::kUnset) && Belongs(walk->question, *c);
    const bool more = !fits || walk->take(c);
    if (!more || walk->looked >= walk->most_looked) {
      return Finish(
          walk, PagePlace{PagePlace::Mode::kWalk, static_cast<uint32_t>(walk->segment), listed.score, 0, listed.id});
    }
  }
  ++walk->segment;
  Begin(walk);
}

void CaseLister::Finish(const std::shared_ptr<Walk>& walk, std::optional<PagePlace> next) {
  if (walk->failed > 0 && walk->answered == 0) return walk->done(Away());
  walk->done(WalkEnd{std::move(next), walk->failed > 0});
}

void CaseLister::List(ListQuestion question, std::function<void(Result<ListedPage>)> done) {
  ListPlan plan = PlanList(question.tenant, question.filter, question.order);
  const bool walking = question.from && question.from->mode == PagePlace::Mode::kWalk;
  if (plan.narrow.empty() || walking) return Page(std::move(question), std::move(plan.segments), std::move(done));
  const std::vector<std::string> narrow = plan.narrow;
  Count(narrow, [this, question = std::move(question), plan = std::move(plan), done = std::move(done)](
                    Result<std::vector<int64_t>> counts, bool) mutable {
    if (!counts.ok()) return done(counts.error());
    const int64_t all = std::accumulate(counts->begin(), counts->end(), int64_t{0});
    if (all <= kMostSorted) return Sort(std::move(question), std::move(plan.narrow), std::move(done));
    if (plan.only_narrow) {
      return done(Error{ErrorCode::kResourceExhausted,
                        "order: " + std::to_string(all) +
                            " cases would have to be sorted by their last change, at most " +
                            std::to_string(kMostSorted) + " are; narrow the filter or take another order"});
    }
    if (question.from)
      return done(
          InvalidField("page_token", "the list has outgrown the way it was read; start again from the first page"));
    Page(std::move(question), std::move(plan.segments), std::move(done));
  });
}

void CaseLister::Page(ListQuestion question, std::vector<Segment> segments,
                      std::function<void(Result<ListedPage>)> done) {
  auto page = std::make_shared<ListedPage>();
  const auto size = static_cast<size_t>(question.page_size);
  const auto take = [page, size](std::shared_ptr<const Case> c) {
    page->cases.push_back(std::move(c));
    return page->cases.size() < size;
  };
  Run(std::move(question), std::move(segments), kMostLooked, take, [page, done = std::move(done)](Result<WalkEnd> end) {
    if (!end.ok()) return done(end.error());
    page->next = end->next;
    page->stale = end->stale;
    done(std::move(*page));
  });
}

void CaseLister::Sort(ListQuestion question, std::vector<std::string> indexes,
                      std::function<void(Result<ListedPage>)> done) {
  struct Item {
    SortKey key;
    std::shared_ptr<const Case> c;
  };
  auto items = std::make_shared<std::vector<Item>>();
  const CaseOrder order = question.order;
  const size_t size = static_cast<size_t>(std::exchange(question.page_size, kScanPage));
  const std::optional<PagePlace> from = std::exchange(question.from, std::nullopt);
  const auto take = [items, order, from](std::shared_ptr<const Case> c) {
    const SortKey key = SortKeyOf(*c, order);
    if (from && std::tie(key, c->id) <= std::make_tuple(SortKey{from->a, from->b}, from->last)) return true;
    items->push_back({key, std::move(c)});
    return true;
  };
  // Cases may have come since they were counted; all of them are looked at.
  Run(std::move(question), {Segment{std::move(indexes), true}}, 2 * static_cast<size_t>(kMostSorted), take,
      [items, size, done = std::move(done)](Result<WalkEnd> end) {
        if (!end.ok()) return done(end.error());
        std::sort(items->begin(), items->end(),
                  [](const Item& x, const Item& y) { return std::tie(x.key, x.c->id) < std::tie(y.key, y.c->id); });
        ListedPage page;
        page.stale = end->stale;
        for (Item& item : *items) {
          if (page.cases.size() == size) break;
          page.cases.push_back(std::move(item.c));
        }
        if (items->size() > size) {
          const SortKey key = (*items)[size - 1].key;
          page.next = PagePlace{PagePlace::Mode::kSorted, 0, key.a, key.b, page.cases.back()->id};
        }
        done(std::move(page));
      });
}

void CaseLister::Scan(const ListQuestion& question, size_t most, std::function<void(const Case&)> each,
                      std::function<void(Result<bool>)> done) {
  ListQuestion whole = question;
  whole.page_size = kScanPage;
  whole.from.reset();
  std::vector<Segment> segments = PlanList(whole.tenant, whole.filter, CaseOrder::kOpened).segments;
  const auto take = [each = std::move(each)](const std::shared_ptr<const Case>& c) {
    each(*c);
    return true;
  };
  Run(std::move(whole), std::move(segments), most, take, [most, done = std::move(done)](Result<WalkEnd> end) {
    if (!end.ok()) return done(end.error());
    if (end->next) {
      return done(Error{ErrorCode::kResourceExhausted,
                        "filter: more than " + std::to_string(most) + " cases would have to be looked at; narrow it"});
    }
    done(end->stale);
  });
}

void CaseLister::Count(const std::vector<std::string>& indexes,
                       std::function<void(Result<std::vector<int64_t>>, bool stale)> done) {
  struct Counting {
    std::vector<int64_t> counts;
    size_t waiting = 0, failed = 0, asked = 0;
    std::function<void(Result<std::vector<int64_t>>, bool)> done;
  };
  auto counting = std::make_shared<Counting>();
  counting->counts.resize(indexes.size());
  counting->asked = counting->waiting = indexes.size() * static_cast<size_t>(queries_.shards());
  counting->done = std::move(done);
  if (counting->asked == 0) return counting->done(counting->counts, false);
  for (size_t i = 0; i < indexes.size(); ++i) {
    for (int shard = 0; shard < queries_.shards(); ++shard) {
      queries_.Count(shard, indexes[i], [counting, i](Result<int64_t> count) {
        if (count.ok()) {
          counting->counts[i] += *count;
        } else {
          ++counting->failed;
        }
        if (--counting->waiting > 0) return;
        if (counting->failed == counting->asked) return counting->done(Away(), true);
        counting->done(std::move(counting->counts), counting->failed > 0);
      });
    }
  }
}

}  // namespace escalon::intake

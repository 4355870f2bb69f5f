#include "common/domain/window_index.h"

#include <algorithm>
#include <utility>

namespace escalon {

/// The open stretches of one page, clipped to it, disjoint and not touching.
struct WindowIndex::Page {
  std::vector<InstantMs> starts, ends;
  std::vector<DurationMs> before;  ///< open time of the page before each stretch; one more at the end: the total

  size_t size() const { return starts.size(); }
  DurationMs total() const { return before.back(); }
  /// The first stretch that ends after `at`.
  size_t FirstEndingAfter(InstantMs at) const {
    return static_cast<size_t>(std::upper_bound(ends.begin(), ends.end(), at) - ends.begin());
  }
  /// How many stretches start before `at`.
  size_t StartingBefore(InstantMs at) const {
    return static_cast<size_t>(std::lower_bound(starts.begin(), starts.end(), at) - starts.begin());
  }
  /// Open time between the page's beginning and `at`.
  DurationMs OpenBefore(InstantMs at) const {
    const size_t i = FirstEndingAfter(at);
    return before[i] + (i < size() && at > starts[i] ? at - starts[i] : 0);
  }
};

WindowIndex::WindowIndex(Source source, InstantMs forever_open_from)
    : source_(std::move(source)),
      forever_open_from_(forever_open_from),
      pages_(std::make_unique<std::atomic<const Page*>[]>(kPages)) {}

WindowIndex::~WindowIndex() {
  for (int i = 0; i < kPages; ++i) delete pages_[static_cast<size_t>(i)].load(std::memory_order_acquire);
}

const WindowIndex::Page& WindowIndex::At(int page) const {
  const Page* built = pages_[static_cast<size_t>(page)].load(std::memory_order_acquire);
  return built != nullptr ? *built : Build(page);
}

const WindowIndex::Page& WindowIndex::Build(int page) const {
  const MutexLock lock(building_);
  std::atomic<const Page*>& slot = pages_[static_cast<size_t>(page)];
  if (const Page* built = slot.load(std::memory_order_relaxed)) return *built;
  const InstantMs from = PageStart(page), to = PageStart(page + 1);
  std::vector<Stretch> stretches;
  source_(from, to, &stretches);
  auto made = std::make_unique<Page>();
  for (const Stretch& s : stretches) {
    const InstantMs start = std::max(s.from, from), end = std::min(s.to, to);
    if (start >= end) continue;
    if (!made->ends.empty() && start <= made->ends.back()) {
      made->ends.back() = std::max(made->ends.back(), end);
      continue;
    }
    made->starts.push_back(start);
    made->ends.push_back(end);
  }
  made->before.reserve(made->size() + 1);
  made->before.push_back(0);
  for (size_t i = 0; i < made->size(); ++i)
    made->before.push_back(made->before.back() + made->ends[i] - made->starts[i]);
  slot.store(made.get(), std::memory_order_release);
  return *made.release();
}

bool WindowIndex::IsOpen(InstantMs at) const {
  if (!Covered(at)) return false;
  const Page& page = At(PageOf(at));
  const size_t i = page.FirstEndingAfter(at);
  return i < page.size() && page.starts[i] <= at;
}

InstantMs WindowIndex::NextOpening(InstantMs at) const {
  if (!Covered(at)) return kNever;
  for (int p = PageOf(at); p < kPages && PageStart(p) - at <= kHorizonMs; ++p) {
    const Page& page = At(p);
    const size_t i = page.FirstEndingAfter(at);
    if (i == page.size()) continue;
    const InstantMs opening = std::max(page.starts[i], at);
    return opening - at <= kHorizonMs ? opening : kNever;
  }
  return kNever;
}

InstantMs WindowIndex::NextClosing(InstantMs at) const {
  const InstantMs opening = NextOpening(at);
  if (opening == kNever || opening >= forever_open_from_) return kNever;
  int p = PageOf(opening);
  const Page& first = At(p);
  InstantMs closing = first.ends[first.FirstEndingAfter(opening)];
  while (closing == PageStart(p + 1) && ++p < kPages) {  // it may go on in the next page
    if (closing >= forever_open_from_) return kNever;
    const Page& page = At(p);
    if (page.size() == 0 || page.starts[0] != closing) return closing;
    closing = page.ends[0];
  }
  return p < kPages ? closing : kNever;
}

InstantMs WindowIndex::PreviousClosing(InstantMs at) const {
  if (!Covered(at)) return kNever;
  for (int p = PageOf(at); p >= 0 && at - PageStart(p + 1) <= kHorizonMs; --p) {
    const Page& page = At(p);
    const size_t count = page.StartingBefore(at);
    if (count == 0) continue;
    const InstantMs closing = std::min(page.ends[count - 1], at);
    return at - closing <= kHorizonMs ? closing : kNever;
  }
  return kNever;
}

DurationMs WindowIndex::Elapsed(InstantMs from, InstantMs to) const {
  from = std::max(from, kFirstMs);
  to = std::min(to, kLastMs - 1);
  if (from >= to) return 0;
  const int first = PageOf(from), last = PageOf(to);
  DurationMs sum = At(last).OpenBefore(to) - At(first).OpenBefore(from);
  for (int p = first; p < last; ++p) sum += At(p).total();
  return sum;
}

InstantMs WindowIndex::Add(InstantMs from, DurationMs span) const {
  if (span <= 0) return NextOpening(from);
  if (!Covered(from)) return kNever;
  int p = PageOf(from);
  const Page* page = &At(p);
  DurationMs wanted = page->OpenBefore(from) + span;  // counted from the page's beginning
  // Where the last stretch that was used up ended: from there the horizon counts.
  InstantMs reached = from;
  while (wanted > page->total()) {
    if (page->size() > 0) reached = std::max(reached, page->ends.back());
    wanted -= page->total();
    if (++p == kPages || PageStart(p) - reached > kHorizonMs) return kNever;
    page = &At(p);
    if (page->size() > 0 && page->starts[0] - reached > kHorizonMs) return kNever;
  }
  const auto after = std::lower_bound(page->before.begin() + 1, page->before.end(), wanted);
  const auto i = static_cast<size_t>(after - page->before.begin()) - 1;
  return page->starts[i] + wanted - page->before[i];
}

InstantMs WindowIndex::Subtract(InstantMs from, DurationMs span) const {
  if (span <= 0) return PreviousClosing(from);
  if (!Covered(from)) return kNever;
  int p = PageOf(from);
  const Page* page = &At(p);
  DurationMs available = page->OpenBefore(from);
  InstantMs reached = from;
  while (available < span) {
    if (page->size() > 0) reached = std::min(reached, page->starts[0]);
    span -= available;
    if (--p < 0 || reached - PageStart(p + 1) > kHorizonMs) return kNever;
    page = &At(p);
    available = page->total();
    if (page->size() > 0 && reached - page->ends.back() > kHorizonMs) return kNever;
  }
  const DurationMs wanted = available - span;
  const auto after = std::upper_bound(page->before.begin(), page->before.end() - 1, wanted);
  const auto i = static_cast<size_t>(after - page->before.begin()) - 1;
  return page->starts[i] + wanted - page->before[i];
}

std::vector<Stretch> WindowIndex::Segments(InstantMs from, InstantMs to, size_t most) const {
  std::vector<Stretch> out;
  from = std::max(from, kFirstMs);
  to = std::min(to, kLastMs - 1);
  if (from >= to) return out;
  for (int p = PageOf(from); p <= PageOf(to); ++p) {
    const Page& page = At(p);
    for (size_t i = page.FirstEndingAfter(from); i < page.size() && page.starts[i] < to; ++i) {
      const InstantMs start = std::max(page.starts[i], from), end = std::min(page.ends[i], to);
      if (!out.empty() && out.back().to == start) {
        out.back().to = end;
        continue;
      }
      if (out.size() == most) return out;
      out.push_back({start, end});
    }
  }
  return out;
}

void WindowIndex::Warm(InstantMs from, InstantMs to) const {
  if (from > to) return;
  const int last = PageOf(std::clamp(to, kFirstMs, kLastMs - 1));
  for (int p = PageOf(std::clamp(from, kFirstMs, kLastMs - 1)); p <= last; ++p) At(p);
}

}  // namespace escalon

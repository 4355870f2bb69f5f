#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/result.h"
#include "common/domain/case.h"
#include "services/intake/listing/case_filter.h"
#include "services/intake/listing/list_plan.h"
#include "services/intake/listing/page_token.h"

namespace escalon::view {
class Queries;
}

namespace escalon::intake {

struct ListQuestion {
  std::string tenant;
  CaseFilter filter;
  CaseOrder order = CaseOrder::kPriorityAndDue;
  int page_size = 50;
  std::optional<PagePlace> from;  ///< of the page before
  /// Beyond the filter: whether the viewer may know of the case.
  std::function<bool(const Case&)> visible;
};

struct ListedPage {
  std::vector<std::shared_ptr<const Case>> cases;
  std::optional<PagePlace> next;  ///< none: that was all
  bool stale = false;             ///< some shard could not be read
};

/// Lists over all shards: their sorted sets are merged; a page may be short when much of what was looked at did not
/// match. Loop thread only.
class CaseLister {
 public:
  explicit CaseLister(view::Queries& queries) : queries_(queries) {}

  /// kUnavailable: no shard could be read. kResourceExhausted: no index has this order, and too many cases would have
  /// to be sorted.
  void List(ListQuestion question, std::function<void(Result<ListedPage>)> done);
  /// Calls `each` with every match in no order, then `done` (whether some shard could not be read). kResourceExhausted
  /// above `most` looked at.
  void Scan(const ListQuestion& question, size_t most, std::function<void(const Case&)> each,
            std::function<void(Result<bool>)> done);
  /// Over all shards, in the order of `indexes`; the flag says whether some shard could not be read.
  void Count(const std::vector<std::string>& indexes,
             std::function<void(Result<std::vector<int64_t>>, bool stale)> done);

 private:
  struct Walk;
  struct WalkEnd {
    std::optional<PagePlace> next;  ///< none: all was looked at
    bool stale = false;
  };
  /// Looks at the cases of the segments in order; `take` false: enough. Stops after `most` looked at.
  void Run(ListQuestion question, std::vector<Segment> segments, size_t most,
           std::function<bool(std::shared_ptr<const Case>)> take, std::function<void(Result<WalkEnd>)> done);
  void Page(ListQuestion question, std::vector<Segment> segments, std::function<void(Result<ListedPage>)> done);
  void Sort(ListQuestion question, std::vector<std::string> indexes, std::function<void(Result<ListedPage>)> done);
  void Begin(const std::shared_ptr<Walk>& walk);
  void Fill(const std::shared_ptr<Walk>& walk);
  void Merge(const std::shared_ptr<Walk>& walk);
  static void Finish(const std::shared_ptr<Walk>& walk, std::optional<PagePlace> next);

  view::Queries& queries_;
};

}  // namespace escalon::intake

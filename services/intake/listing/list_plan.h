#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/intake/listing/case_filter.h"

namespace escalon::intake {

/// A stretch of a list: indexes that are merged by (score, case). What a segment brings is checked against the whole
/// filter all the same.
struct Segment {
  std::vector<std::string> indexes;  ///< key suffixes as view::IndexKey gives them, or `due`
  bool descending = false;
  bool only_unjudged = false;  ///< cases without a priority, which no priority index holds
  bool operator==(const Segment&) const = default;
};

/// How a list is read: segment by segment in the order asked for, or, when an index narrows it enough, whole and sorted
/// here.
struct ListPlan {
  std::vector<Segment> segments;
  /// Indexes that hold everything asked for; empty: nothing narrower than `segments`.
  std::vector<std::string> narrow;
  /// No index has this order: only `narrow` will do, and only while it is small.
  bool only_narrow = false;
};

/// Pure. The most selective index first: the source's number, requester, person, service, team, states.
ListPlan PlanList(std::string_view tenant, const CaseFilter& filter, CaseOrder order);

/// A case's place in an order that is sorted here; smaller is earlier, the case id decides between equals.
struct SortKey {
  int64_t a = 0, b = 0;
  auto operator<=>(const SortKey&) const = default;
};
SortKey SortKeyOf(const Case& c, CaseOrder order);

}  // namespace escalon::intake

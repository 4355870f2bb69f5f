#include "services/intake/listing/list_plan.h"

#include <algorithm>
#include <array>

#include "common/view/keys.h"

namespace escalon::intake {
namespace {

constexpr auto kLive = std::to_array<CaseState>({CaseState::kNew, CaseState::kTriaged, CaseState::kAssigned,
                                                 CaseState::kAcknowledged, CaseState::kInProgress, CaseState::kPending,
                                                 CaseState::kResolved, CaseState::kMonitoring});
constexpr auto kEnded = std::to_array<CaseState>({CaseState::kClosed, CaseState::kCancelled});
/// Where a case may stand that triage has not judged: an alert may clear first.
constexpr auto kUnjudged = std::to_array<CaseState>({CaseState::kNew, CaseState::kResolved, CaseState::kMonitoring});
constexpr auto kPriorities = std::to_array<Priority>({Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4});
constexpr int kEndedRank = 9, kUnjudgedRank = 5;

template <typename T>
bool Wants(const std::vector<T>& wanted, T value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

class Planner {
 public:
  Planner(std::string_view tenant, const CaseFilter& filter) : tenant_(tenant), filter_(filter) {}

  std::string Narrowest() const {
    if (!filter_.external_ref.empty() && !filter_.source.empty())
      return Key("ref", filter_.source + "/" + filter_.external_ref);
    if (!filter_.requester.empty()) return Key("requester", filter_.requester);
    if (!filter_.person.empty()) return Key("person", filter_.person);
    if (!filter_.service.empty()) return Key("service", filter_.service);
    if (!filter_.team.empty()) return Key("team", filter_.team);
    return {};
  }

  template <size_t N>
  std::vector<std::string> States(const std::array<CaseState, N>& states) const {
    std::vector<std::string> out;
    for (const CaseState state : states) {
      if (Wants(filter_.states, state)) out.push_back(Key("state", Name(state)));
    }
    return out;
  }

  /// Every state that may match.
  std::vector<std::string> AllStates() const {
    std::vector<std::string> out = States(kLive);
    if (WantsEnded()) {
      for (std::string& key : States(kEnded)) out.push_back(std::move(key));
    }
    return out;
  }

  std::vector<Segment> ByPriority() const {
    std::vector<Segment> out;
    if (!States(kLive).empty()) {
      for (const Priority priority : kPriorities) {
        if (Wants(filter_.priorities, priority)) out.push_back({{Key("priority", Name(priority))}});
      }
    }
    if (Wants(filter_.priorities, Priority::kUnset)) Add(&out, {States(kUnjudged), true, true});
    if (WantsEnded()) Add(&out, {States(kEnded), true});
    return out;
  }

 private:
  static void Add(std::vector<Segment>* out, Segment segment) {
    if (!segment.indexes.empty()) out->push_back(std::move(segment));
  }
  bool WantsEnded() const { return !filter_.open && filter_.team.empty() && filter_.person.empty(); }
  std::string Key(std::string_view name, std::string_view value) const { return view::IndexKey(name, tenant_, value); }

  std::string_view tenant_;
  const CaseFilter& filter_;
};

}  // namespace

ListPlan PlanList(std::string_view tenant, const CaseFilter& filter, CaseOrder order) {
  const Planner planner(tenant, filter);
  ListPlan plan;
  const std::string narrowest = planner.Narrowest();
  if (!narrowest.empty()) plan.narrow.push_back(narrowest);
  switch (order) {
    case CaseOrder::kOpened:
      // Every index but that of priorities has this order.
      plan.segments.push_back({plan.narrow.empty() ? planner.AllStates() : plan.narrow, true});
      plan.narrow.clear();
      break;
    case CaseOrder::kPriorityAndDue:
      plan.segments = planner.ByPriority();
      break;
    case CaseOrder::kNextDue:
      plan.segments.push_back({{"due"}});
      break;
    case CaseOrder::kChanged:
      if (plan.narrow.empty()) plan.narrow = planner.AllStates();
      plan.only_narrow = true;
      break;
  }
  return plan;
}

SortKey SortKeyOf(const Case& c, CaseOrder order) {
  switch (order) {
    case CaseOrder::kOpened:
      return {-c.opened_at, 0};
    case CaseOrder::kChanged:
      return {-c.last_at, 0};
    case CaseOrder::kNextDue:
      return {c.next_due_at(), 0};
    case CaseOrder::kPriorityAndDue:
      break;
  }
  if (IsEnded(c.state)) return {kEndedRank, -c.opened_at};
  if (c.priority == Priority::kUnset) return {kUnjudgedRank, -c.opened_at};
  return {static_cast<int64_t>(c.priority), NextPromiseOf(c)};
}

}  // namespace escalon::intake

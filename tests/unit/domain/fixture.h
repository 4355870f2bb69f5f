#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/domain/decider.h"

namespace escalon::test {

/// A policy with everything in it that a desk uses: four levels and a management track, office hours for P3 and P4,
/// promises, approvals, amounts.
Policy DeskPolicy();
/// desk: ana, ben (L1) · network: cho, dan (L2) · engineering: eva (L3) · mia leads and manages · max is the executive
/// · the catch-all `duty` has mia and noa. Everybody is always there; the desk keeps office hours when `office_hours`.
RosterDocument DeskRoster();

inline constexpr InstantMs kMonday10 = 1904292000000;  ///< 2030-05-06T10:00:00Z, a Monday

class FixedLoad final : public LoadSnapshot {
 public:
  double WorkOf(std::string_view person) const override;
  InstantMs IdleSince(std::string_view person) const override;
  std::map<std::string, double, std::less<>> work;
  std::map<std::string, InstantMs, std::less<>> idle;
};

/// One case and the world around it, in virtual time: commands go in, what happened comes out.
class World {
 public:
  World();

  Actor Human(std::string_view subject) const;
  Actor Manager(std::string_view subject) const;
  Actor Operator() const;
  Actor Requester() const;
  Actor Source() const;
  Actor Service() const;

  /// Decides and folds. The case stands as before after a rejection.
  Result<EventBatch> Do(CommandBody body, const Actor& actor);
  /// The same, and the test fails when it is rejected.
  EventBatch Must(CommandBody body, const Actor& actor);
  Command CommandOf(CommandBody body, const Actor& actor);
  /// What a decision on the command may look at.
  Context Around(const Command& command) const;
  Result<EventBatch> Send(const Command& command);

  /// An incident of that impact and urgency.
  static OpenCase Incident(Grade impact = Grade::kMedium, Grade urgency = Grade::kMedium);
  EventBatch Open(OpenCase open);
  /// Opened, and triaged with that priority.
  void OpenAt(Priority priority);
  RecordTriage Advice(Priority priority) const;

  /// Lets the time pass and every clock fire at its instant.
  void RunUntil(InstantMs at);
  void Run(DurationMs span) { RunUntil(now + span); }
  /// The first clock to come due, at its instant. False: none.
  bool FireNext();
  Result<EventBatch> Due(const std::string& clock);

  const Case& c() const { return *state; }
  const EventBatch& last() const { return history.back(); }
  /// The roster with `change` made to it.
  template <typename Change>
  void ChangeRoster(Change change) {
    RosterDocument document = DeskRoster();
    change(document);
    roster = *Roster::Build(std::move(document));
  }
  /// All events of a kind so far.
  template <typename E>
  std::vector<E> All() const {
    std::vector<E> found;
    for (const EventBatch& batch : history) {
      for (const Event& event : batch.events) {
        if (const E* e = std::get_if<E>(&event)) found.push_back(*e);
      }
    }
    return found;
  }
  /// People and teams paged so far, in order.
  std::vector<std::string> Pages() const;
  std::vector<std::string> Kinds(const EventBatch& batch) const;

  Policy policy = DeskPolicy();
  std::optional<Policy> next;  ///< that a migration may name; then it and `policy` trade places
  std::shared_ptr<const Roster> roster;
  FixedLoad load;
  const OpeningsSnapshot* openings = nullptr;
  InstantMs now = kMonday10;
  uint64_t seed = 7;
  uint64_t id_bits = 1;  ///< of the case to be opened
  std::unique_ptr<Case> state;
  std::vector<EventBatch> history;

 private:
  uint64_t commands_ = 0;
};

/// The clock's rule, to change it; the test fails without one.
ClockRule& RuleOf(Policy& policy, std::string_view name);

/// The first event of that kind in a batch; nullptr: none.
template <typename E>
const E* Find(const EventBatch& batch) {
  for (const Event& event : batch.events) {
    if (const E* e = std::get_if<E>(&event)) return e;
  }
  return nullptr;
}

}  // namespace escalon::test

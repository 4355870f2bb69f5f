#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/case.h"
#include "common/domain/command.h"
#include "common/domain/decider.h"
#include "common/domain/event.h"
#include "common/domain/policy.h"

namespace escalon::decide {

using Saw = std::vector<std::pair<std::string, std::string>>;

/// What became of a command: the outcome that its caller hears, or a rejection.
using Decision = Result<OutcomeKind>;

/// The batch being decided and the case as it stands after each of its events. Every event goes through `Emit`, so that
/// whatever is decided next sees its effect. One per call of Decide; not shared between threads. References of the
/// context must outlive it.
class Draft {
 public:
  /// `work` (may be null): where the case is worked out.
  Draft(const Case* current, const Command& command, const Context& context, Case* work);
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const Case& c() const { return case_; }
  /// As it stood when the command came; nullptr: the command opens it.
  const Case* before() const { return before_; }
  bool is_new() const { return case_.version == 1; }
  /// When it is decided: never before the case's last instant (DESIGN §7.15).
  InstantMs t() const { return batch_.at; }
  const Command& command() const { return command_; }
  const Actor& actor() const { return command_.actor; }
  bool by_person() const { return command_.actor.kind == ActorKind::kHuman; }
  /// The subject of a person, else empty: what an event names as its author.
  std::string person() const { return by_person() ? command_.actor.subject : std::string(); }
  /// The one to which the case is pinned, as far as it has been decided.
  const Policy& policy() const { return *policy_; }
  const Policy* next_policy() const { return context_.next_policy; }
  /// The rest is decided by these rules: after PolicyMigrated.
  void GoOnUnder(const Policy& policy) { policy_ = &policy; }
  const Roster& roster() const { return context_.roster; }
  const LoadSnapshot& load() const { return context_.load; }
  const OpeningsSnapshot* openings() const { return context_.openings; }
  /// The case's path; nullptr when none matched: it then goes straight to the catch-all.
  const Path* path() const;
  const PathTrack* track(Track track) const;

  template <typename E>
  void Emit(E event) {
    batch_.events.emplace_back(std::in_place_type<E>, std::move(event));
    Apply(case_, batch_.events.back(), batch_.at);
  }
  /// Numbers the intent and gives it the case's priority.
  void Notify(NotifyIntended intent);

  void Trace(std::string rule, std::string outcome, Saw saw = {});
  void Trace(std::vector<TraceLine> lines);
  bool traced() const { return !batch_.trace.empty(); }

  /// The next of the seeded sequence.
  uint64_t Draw();
  /// An id that is unique within the case and the same in every replay: `h7`, `a7.2`.
  std::string NewId(char prefix);

  const std::vector<Event>& events() const { return batch_.events; }
  size_t intents() const { return intents_; }
  uint32_t cross_case_index() { return cross_case_++; }
  void set_occurred_at(InstantMs at) { batch_.occurred_at = at; }
  /// Once; nothing of the draft may be used any more.
  EventBatch Finish(OutcomeKind outcome);

 private:
  const Command& command_;
  const Context& context_;
  const Policy* policy_;
  const Case* const before_;
  std::optional<Case> own_;  ///< where nobody wants it afterwards
  Case& case_;
  EventBatch batch_;
  size_t trace_bytes_ = 0;
  bool trace_full_ = false;
  uint32_t intents_ = 0;
  uint32_t ids_ = 0;
  uint32_t cross_case_ = 0;
  uint64_t random_;
};

}  // namespace escalon::decide

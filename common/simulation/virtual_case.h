#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/domain/command.h"
#include "common/domain/decider.h"
#include "common/simulation/happening.h"

namespace escalon::simulation {

/// Nobody has work: what stands in where the load of people plays no part.
class NoLoad final : public LoadSnapshot {
 public:
  double WorkOf(std::string_view) const override { return 0; }
  InstantMs IdleSince(std::string_view) const override { return 0; }
};

/// The rules and people under which a case lives. References must outlive the cases.
struct VirtualWorld {
  const Policy& policy;
  const Roster& roster;
  const LoadSnapshot& load;
  uint64_t seed = 0;                           ///< the same seed makes the same choices
  const OpeningsSnapshot* openings = nullptr;  ///< of the other cases; none: there are no storms
};

/// One case in virtual time, led by the decider that the services run (DESIGN §10): commands go in at instants, clocks
/// fire when they are due, what happened comes out. No clock is read and nothing is random: two runs are the same.
///
/// The order of instants is the caller's: never back. At one instant a command comes before the alarms that are due
/// then (DESIGN §7.14). Triage answers at once, by the policy's rules, unless the opening asks it to be silent.
/// One thread.
///
///   VirtualCase c(world, 1);
///   c.OpenAt(at, {.facts = facts});
///   c.ApplyAt(at + kMinuteMs, Acknowledge{}, PersonOf(policy.tenant, "ana"));
///   c.RunUntil(at + kHourMs);
///   for (const Happening& h : c.happenings()) …
class VirtualCase {
 public:
  /// Hears of every batch, after it was folded in. Set before the opening; instead of `happenings`, where there are
  /// many cases.
  using Listener = std::function<void(const Case& after, const EventBatch& batch)>;

  /// `number` > 0 tells cases of one world apart: ids and choices come from it.
  VirtualCase(const VirtualWorld& world, uint64_t number);

  void Listen(Listener listener) { listener_ = std::move(listener); }

  enum class Triage : uint8_t {
    kAtOnce,  ///< by the rules, at the instant of the opening
    kSilent,  ///< the rules stand in when the policy's `triage.wait` is over
  };
  /// Opens it, by its source. Errors: those of the decider; the case then stays unopened.
  Status OpenAt(InstantMs at, OpenCase open, Triage triage = Triage::kAtOnce);

  /// What was due before `at` happens first. A rejection changes nothing and stands among the happenings as `refused`.
  Result<OutcomeKind> ApplyAt(InstantMs at, CommandBody body, const Actor& actor);

  /// Everything that is due up to and at `at` happens. kInternal: clocks without end at one instant.
  Status RunUntil(InstantMs at);
  /// Of the next alarm; kNever: none. The next call of `RunUntil` with it lets it happen.
  InstantMs next_due_at() const { return opened() ? case_->next_due_at() : kNever; }

  bool opened() const { return case_->version > 0; }
  const Case& now_is() const { return *case_; }
  InstantMs now() const { return now_; }
  /// In the order in which they happened. Empty with a listener.
  const std::vector<Happening>& happenings() const { return happenings_; }

 private:
  Result<OutcomeKind> Decide(CommandBody body, const Actor& actor);
  Status FireNext();
  Status RunBefore(InstantMs at);
  void Refuse(const CommandBody& body, const Error& error);

  const VirtualWorld& world_;
  const uint64_t number_;
  uint64_t commands_ = 0;
  InstantMs now_ = 0;
  std::unique_ptr<Case> case_ = std::make_unique<Case>();
  Listener listener_;
  std::vector<Happening> happenings_;
  Actor timer_;
};

/// Who acts in a simulation.
Actor PersonOf(std::string_view tenant, std::string_view person);
Actor ManagerOf(std::string_view tenant, std::string_view person);
/// The system that reports a case and carries what people do there.
Actor SourceOf(std::string_view tenant, std::string_view source);
Actor RequesterOf(std::string_view tenant, std::string_view subject);
Actor ServiceOf(std::string_view tenant, std::string_view name, ActorKind kind = ActorKind::kService);

}  // namespace escalon::simulation

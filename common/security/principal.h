#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"

namespace escalon {

/// What a credential may be used for. A closed set: an unknown name is an error, never "no rights".
enum class Role : uint8_t {
  kReader,      ///< sees the tenant's cases
  kRequester,   ///< raises cases and answers for their own
  kAgent,       ///< works on cases
  kApprover,    ///< consents to escalations and exceptions, or ratifies them
  kManager,     ///< everything on cases, and the tenant's rules
  kIntegrator,  ///< an ITSM or alert source: submits, and carries over what happened there
  kOperator,    ///< runs the installation: shards, dead letters, rules
  kService,     ///< Escalon's own services among themselves
  kAuditor,     ///< sees the cases and the proofs, changes nothing
};
inline constexpr int kRoles = 9;

/// What a call does, as far as rights are concerned (DESIGN §6). Every call has exactly one; none is allowed unless the
/// table in principal.cc says so. Who of the permitted may act on *this* case (step, team, authority) is the decider's.
enum class Action : uint8_t {
  kSubmit,            ///< open a case, report a source event
  kRead,              ///< get, list, watch, history, decision trace, deliveries
  kReadOwn,           ///< a requester's own case: state and ETA, no inside notes
  kRespond,           ///< the requester's side: add facts, confirm, reject, rate, ask for escalation
  kAct,               ///< acknowledge and back, note, fact, pause, resume, snooze, handover, consult, link
  kAssign,            ///< assign
  kEscalate,          ///< escalate, de-escalate
  kApprove,           ///< approve, refuse, ratify
  kResolve,           ///< resolve, reopen
  kClose,             ///< close, cancel, merge
  kAudit,             ///< verify the chain, export evidence
  kAdministerPolicy,  ///< policies, rosters, templates, contact methods, test pages
  kOperate,           ///< shards, dead letters, replay, topics, erasure of a subject
  kService,           ///< internal commands: record triage, clock due, report unreached
  kForward,           ///< pass on another principal's command together with that principal
};
inline constexpr int kActions = 15;

/// A set of roles; a value.
class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ = static_cast<uint16_t>(bits_ | Bit(role));
  }
  constexpr void Add(Role role) { bits_ = static_cast<uint16_t>(bits_ | Bit(role)); }
  constexpr bool Has(Role role) const { return (bits_ & Bit(role)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool Within(RoleSet other) const { return (bits_ & ~other.bits_) == 0; }
  constexpr bool operator==(const RoleSet&) const = default;

 private:
  static constexpr uint16_t Bit(Role role) { return static_cast<uint16_t>(1u << static_cast<unsigned>(role)); }
  uint16_t bits_ = 0;
};

/// The tenant of credentials that serve every tenant. Only the roles service and operator may have it.
inline constexpr std::string_view kAllTenants = "*";

/// Who is calling. Comes from a credential or a signed link, never from the request (DESIGN §11); between services it
/// travels with the command, and only a caller with Action::kForward may send one along.
struct Principal {
  std::string tenant;   ///< tenant id, or kAllTenants
  std::string subject;  ///< id of a person, integration or service within the tenant; no personal data
  RoleSet roles;
  bool operator==(const Principal&) const = default;
};

std::string_view RoleName(Role role);        ///< `agent`
std::string_view ActionName(Action action);  ///< `administer_policy`
/// Error: InvalidField(field) with the list of roles.
Result<Role> ParseRole(std::string_view field, std::string_view name);
std::vector<std::string_view> RoleNames(RoleSet roles);  ///< in the order of the enum

/// A principal from foreign text (a credentials file, a forwarded command), validated whole.
/// `field` prefixes the names of offending fields: `principal` gives `principal.tenant`.
Result<Principal> MakePrincipal(std::string_view field, std::string_view tenant, std::string_view subject,
                                const std::vector<std::string>& roles);

/// Whether one of the principal's roles allows the action. Pure, any thread, no allocation.
bool Permits(const Principal& principal, Action action);
/// Whether things of `tenant` are within the principal's reach at all.
bool CoversTenant(const Principal& principal, std::string_view tenant);

/// kPermissionDenied, with the roles that would do, unless Permits.
Status Authorize(const Principal& principal, Action action);
/// The one check before anything that belongs to a tenant is shown or changed. The tenant is judged first, and a
/// foreign thing answers exactly as one that does not exist: kNotFound, "no such <what>".
Status Authorize(const Principal& principal, Action action, std::string_view owner_tenant,
                 std::string_view what = "case");

}  // namespace escalon

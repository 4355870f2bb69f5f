#include "common/access/sight.h"

#include <array>

#include "common/domain/who.h"

namespace escalon {
namespace {

constexpr auto kOpensPersonal = std::to_array<Role>({Role::kAgent, Role::kApprover, Role::kManager, Role::kIntegrator});

bool MayOpenPersonal(const Principal& principal) {
  for (const Role role : kOpensPersonal) {
    if (principal.roles.Has(role)) return true;
  }
  return false;
}

Error NoSuchCase() { return Error{ErrorCode::kNotFound, "no such case"}; }

bool IsOwn(const Principal& principal, const Facts& facts) {
  return !principal.subject.empty() &&
         (facts.requester.subject == principal.subject || facts.reporter.subject == principal.subject);
}

bool IsClearedFor(const Principal& principal, const Facts& facts, const Roster& roster) {
  if (const Person* person = roster.person(principal.subject)) return decide::IsCleared(*person, facts);
  if (!facts.restricted || principal.roles.Has(Role::kService)) return true;
  return principal.roles.Has(Role::kIntegrator) && facts.source == principal.subject;
}

}  // namespace

Result<Sight> SightOf(const Principal& principal, const Case& c, const Roster& roster) {
  if (!CoversTenant(principal, c.tenant)) return NoSuchCase();
  const bool own = IsOwn(principal, *c.facts);
  if (Permits(principal, Action::kRead) && IsClearedFor(principal, *c.facts, roster)) {
    return Sight{false, own || MayOpenPersonal(principal)};
  }
  if (!Permits(principal, Action::kReadOwn)) return Authorize(principal, Action::kRead).error();
  if (!own) return NoSuchCase();
  return Sight{true, true};
}

}  // namespace escalon

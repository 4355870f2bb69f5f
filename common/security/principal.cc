#include "common/security/principal.h"

#include <array>

#include "common/security/text_guard.h"

namespace escalon {
namespace {

constexpr std::array<std::string_view, kRoles> kRoleNames = {
    "reader", "requester", "agent", "approver", "manager", "integrator", "operator", "service", "auditor"};

constexpr std::array<std::string_view, kActions> kActionNames = {
    "submit",  "read",  "read_own", "respond",           "act",     "assign",  "escalate", "approve",
    "resolve", "close", "audit",    "administer_policy", "operate", "service", "forward"};

constexpr uint32_t Bits(std::initializer_list<Action> actions) {
  uint32_t bits = 0;
  for (const Action action : actions) bits |= 1u << static_cast<unsigned>(action);
  return bits;
}

// Deny by default: what is not here is refused. In the order of Role.
constexpr std::array<uint32_t, kRoles> kAllowed = {
    /* reader     */ Bits({Action::kRead, Action::kReadOwn}),
    /* requester  */ Bits({Action::kSubmit, Action::kReadOwn, Action::kRespond}),
    /* agent      */
    Bits({Action::kSubmit, Action::kRead, Action::kReadOwn, Action::kAct, Action::kAssign, Action::kEscalate,
          Action::kResolve, Action::kClose}),
    /* approver   */ Bits({Action::kRead, Action::kReadOwn, Action::kApprove}),
    /* manager    */
    Bits({Action::kSubmit, Action::kRead, Action::kReadOwn, Action::kAct, Action::kAssign, Action::kEscalate,
          Action::kApprove, Action::kResolve, Action::kClose, Action::kAdministerPolicy}),
    // An ITSM speaks for its agents and its requesters, but consent is a person's: no approve.
    /* integrator */
    Bits({Action::kSubmit, Action::kRead, Action::kReadOwn, Action::kRespond, Action::kAct, Action::kAssign,
          Action::kEscalate, Action::kResolve, Action::kClose}),
    /* operator   */
    Bits({Action::kRead, Action::kReadOwn, Action::kAudit, Action::kAdministerPolicy, Action::kOperate}),
    /* service    */ Bits({Action::kRead, Action::kReadOwn, Action::kService, Action::kForward}),
    /* auditor    */ Bits({Action::kRead, Action::kReadOwn, Action::kAudit}),
};

constexpr RoleSet kCrossTenantRoles = {Role::kService, Role::kOperator};

std::string Join(const std::vector<std::string_view>& names) {
  std::string out;
  for (const auto name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

}  // namespace

std::string_view RoleName(Role role) { return kRoleNames[static_cast<size_t>(role)]; }
std::string_view ActionName(Action action) { return kActionNames[static_cast<size_t>(action)]; }

Result<Role> ParseRole(std::string_view field, std::string_view name) {
  for (size_t i = 0; i < kRoleNames.size(); ++i) {
    if (kRoleNames[i] == name) return static_cast<Role>(i);
  }
  return InvalidField(std::string(field), "not a role; write one of " + Join({kRoleNames.begin(), kRoleNames.end()}));
}

std::vector<std::string_view> RoleNames(RoleSet roles) {
  std::vector<std::string_view> names;
  for (size_t i = 0; i < kRoleNames.size(); ++i) {
    if (roles.Has(static_cast<Role>(i))) names.push_back(kRoleNames[i]);
  }
  return names;
}

Result<Principal> MakePrincipal(std::string_view field, std::string_view tenant, std::string_view subject,
                                const std::vector<std::string>& roles) {
  const std::string prefix = field.empty() ? std::string() : std::string(field) + ".";
  if (tenant != kAllTenants) {
    if (Status s = CheckId(prefix + "tenant", tenant, IdKind::kTenant); !s) return s.error();
  }
  if (Status s = CheckId(prefix + "subject", subject, IdKind::kSubject); !s) return s.error();
  if (roles.empty()) return InvalidField(prefix + "roles", "empty; name at least one role");
  if (roles.size() > kRoles) return InvalidField(prefix + "roles", "more names than there are roles");
  Principal principal{std::string(tenant), std::string(subject), {}};
  for (size_t i = 0; i < roles.size(); ++i) {
    Result<Role> role = ParseRole(prefix + "roles[" + std::to_string(i) + "]", roles[i]);
    if (!role) return role.error();
    principal.roles.Add(*role);
  }
  if (tenant == kAllTenants && !principal.roles.Within(kCrossTenantRoles)) {
    return InvalidField(prefix + "tenant", "only the roles service and operator may serve all tenants; name one");
  }
  return principal;
}

bool Permits(const Principal& principal, Action action) {
  for (size_t i = 0; i < kAllowed.size(); ++i) {
    if (principal.roles.Has(static_cast<Role>(i)) && (kAllowed[i] >> static_cast<unsigned>(action) & 1u)) return true;
  }
  return false;
}

bool CoversTenant(const Principal& principal, std::string_view tenant) {
  if (tenant.empty() || tenant == kAllTenants) return false;  // nothing belongs to nobody or to everybody
  if (principal.tenant == kAllTenants) return !principal.roles.empty() && principal.roles.Within(kCrossTenantRoles);
  return principal.tenant == tenant;
}

Status Authorize(const Principal& principal, Action action) {
  if (Permits(principal, action)) return {};
  std::vector<std::string_view> would_do;
  for (size_t i = 0; i < kAllowed.size(); ++i) {
    if (kAllowed[i] >> static_cast<unsigned>(action) & 1u) would_do.push_back(kRoleNames[i]);
  }
  return Error{ErrorCode::kPermissionDenied, "this credential may not " + std::string(ActionName(action)) +
                                                 "; it needs one of the roles " + Join(would_do)};
}

Status Authorize(const Principal& principal, Action action, std::string_view owner_tenant, std::string_view what) {
  if (!CoversTenant(principal, owner_tenant)) return Error{ErrorCode::kNotFound, "no such " + std::string(what)};
  return Authorize(principal, action);
}

}  // namespace escalon

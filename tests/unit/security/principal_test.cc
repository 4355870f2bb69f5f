#include "common/security/principal.h"

#include <gtest/gtest.h>

namespace escalon {
namespace {

Principal With(Role role) { return {"acme", "someone", {role}}; }

struct Row {
  Role role;
  std::string_view allowed;  ///< one character per action in the order of the enum
};

// Written out by hand a second time: a change of rights must be made in two places, on purpose.
//   submit read read_own respond act assign escalate approve resolve close audit policy operate service forward
constexpr Row kExpected[] = {
    {Role::kReader, ".xx............"},   {Role::kRequester, "x.xx..........."}, {Role::kAgent, "xxx.xxx.xx....."},
    {Role::kApprover, ".xx....x......."}, {Role::kManager, "xxx.xxxxxx.x..."},   {Role::kIntegrator, "xxxxxxx.xx....."},
    {Role::kOperator, ".xx.......xxx.."}, {Role::kService, ".xx..........xx"},   {Role::kAuditor, ".xx.......x...."},
};

TEST(Principal, EveryRoleMayDoExactlyWhatTheTableSays) {
  ASSERT_EQ(std::size(kExpected), static_cast<size_t>(kRoles));
  for (const Row& row : kExpected) {
    ASSERT_EQ(row.allowed.size(), static_cast<size_t>(kActions));
    for (int a = 0; a < kActions; ++a) {
      EXPECT_EQ(Permits(With(row.role), static_cast<Action>(a)), row.allowed[static_cast<size_t>(a)] == 'x')
          << RoleName(row.role) << " " << ActionName(static_cast<Action>(a));
    }
  }
}

TEST(Principal, NoRoleMayDoNothing) {
  for (int a = 0; a < kActions; ++a) EXPECT_FALSE(Permits({"acme", "x", {}}, static_cast<Action>(a)));
}

TEST(Principal, RolesAddUp) {
  const Principal both{"acme", "x", {Role::kApprover, Role::kRequester}};
  EXPECT_TRUE(Permits(both, Action::kApprove));
  EXPECT_TRUE(Permits(both, Action::kSubmit));
  EXPECT_FALSE(Permits(both, Action::kClose));
}

TEST(Principal, NamesAreReadBack) {
  for (int r = 0; r < kRoles; ++r) {
    const auto role = ParseRole("roles", RoleName(static_cast<Role>(r)));
    ASSERT_TRUE(role);
    EXPECT_EQ(*role, static_cast<Role>(r));
  }
  const auto wrong = ParseRole("roles[0]", "Admin");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().fields.front().field, "roles[0]");
  EXPECT_NE(wrong.error().message.find("auditor"), std::string::npos);
  EXPECT_EQ(RoleNames({Role::kAuditor, Role::kReader}), (std::vector<std::string_view>{"reader", "auditor"}));
}

TEST(Principal, AForeignCaseAnswersAsOneThatDoesNotExist) {
  const Status foreign = Authorize(With(Role::kManager), Action::kRead, "other");
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(foreign.error().message, "no such case");
  // Even for what the role does not allow: the tenant is judged first.
  EXPECT_EQ(Authorize(With(Role::kReader), Action::kClose, "other").error().message, foreign.error().message);
}

TEST(Principal, ARefusalNamesTheRolesThatWouldDo) {
  const Status refused = Authorize(With(Role::kReader), Action::kApprove, "acme");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kPermissionDenied);
  EXPECT_NE(refused.error().message.find("approver, manager"), std::string::npos);
  EXPECT_TRUE(Authorize(With(Role::kReader), Action::kRead, "acme"));
}

TEST(Principal, OnlyServiceAndOperatorReachEveryTenant) {
  EXPECT_TRUE(CoversTenant({"*", "routing-0", {Role::kService}}, "acme"));
  EXPECT_TRUE(CoversTenant({"*", "ops", {Role::kService, Role::kOperator}}, "acme"));
  EXPECT_FALSE(CoversTenant({"*", "boss", {Role::kManager}}, "acme"));
  EXPECT_FALSE(CoversTenant({"*", "boss", {Role::kService, Role::kManager}}, "acme"));
  EXPECT_FALSE(CoversTenant({"*", "nobody", {}}, "acme"));
  EXPECT_FALSE(CoversTenant({"*", "ops", {Role::kOperator}}, "*"));
  EXPECT_FALSE(CoversTenant({"", "x", {Role::kAgent}}, ""));
}

TEST(Principal, ForeignTextIsJudgedWhole) {
  EXPECT_TRUE(MakePrincipal("principal", "acme", "mia@acme", {"agent", "agent"}));
  EXPECT_TRUE(MakePrincipal("principal", "*", "routing-0", {"service"}));
  const auto field = [](const Result<Principal>& r) { return r.ok() ? "ok" : r.error().fields.front().field; };
  EXPECT_EQ(field(MakePrincipal("principal", "ACME", "mia", {"agent"})), "principal.tenant");
  EXPECT_EQ(field(MakePrincipal("principal", "", "mia", {"agent"})), "principal.tenant");
  EXPECT_EQ(field(MakePrincipal("principal", "*", "mia", {"service", "agent"})), "principal.tenant");
  EXPECT_EQ(field(MakePrincipal("principal", "acme", "mi a", {"agent"})), "principal.subject");
  EXPECT_EQ(field(MakePrincipal("principal", "acme", "mia", {})), "principal.roles");
  EXPECT_EQ(field(MakePrincipal("principal", "acme", "mia", std::vector<std::string>(1000, "agent"))),
            "principal.roles");
  EXPECT_EQ(field(MakePrincipal("", "acme", "mia", {"agent", "root"})), "roles[1]");
}

}  // namespace
}  // namespace escalon

#include "tests/load/installation.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/security/credentials.h"
#include "tests/support/temp_dir.h"

namespace escalon::load {
namespace {

TEST(Installation, GivesEverybodyAKeyThatTheServicesTake) {
  const test::TempDir dir;
  ASSERT_TRUE(WriteSecrets(dir.path(), HoldersOf("shop", {"desk"}, {"ana", "mira"}, {"mira"})).ok());
  const auto credentials = Credentials::Load(dir.path() + "/credentials.yaml");
  ASSERT_TRUE(credentials.ok()) << credentials.error().message;
  const Result<Tokens> tokens = Tokens::Load(dir.path() + "/tokens");
  ASSERT_TRUE(tokens.ok());
  for (const char* subject : {"desk", "ana", "mira", "operator", "screen"}) {
    ASSERT_NE(tokens->Of(subject), nullptr) << subject;
    const Result<Principal> principal = (*credentials)->Authenticate(*tokens->Of(subject), 0);
    ASSERT_TRUE(principal.ok()) << subject;
    EXPECT_EQ(principal->subject, subject);
    EXPECT_EQ(principal->roles.Has(Role::kManager), std::string(subject) == "mira");
  }
  EXPECT_EQ(tokens->Of("routing"), nullptr);  // a service's own key is in its own file
  for (const char* file :
       {"credentials.yaml", "tokens", "routing.key", "links.keys", "sealing.keys", "webhook.secrets"}) {
    struct stat info {};
    ASSERT_EQ(stat((dir.path() + "/" + file).c_str(), &info), 0) << file;
    EXPECT_EQ(info.st_mode & 0777u, 0600u) << file;
  }
}

TEST(Installation, PointsTheRosterAtTheSinkAndTakesCapsAway) {
  const std::string roster =
      "people:\n  ana:\n    contacts: [\"webhook:http://127.0.0.1:8099/ana\", \"log:ana\"]\n    capacity: 40\n  ben:\n "
      "   contacts: []\n";
  const std::string pointed = PointRosterAt(roster, "http://127.0.0.1:9/", true);
  EXPECT_NE(pointed.find("webhook:http://127.0.0.1:9/ana"), std::string::npos);
  EXPECT_EQ(pointed.find("8099"), std::string::npos);
  EXPECT_EQ(pointed.find("capacity"), std::string::npos);
  EXPECT_NE(pointed.find("\n  ben:"), std::string::npos);
  EXPECT_NE(PointRosterAt(roster, "x", false).find("capacity: 40"), std::string::npos);
}

}  // namespace
}  // namespace escalon::load

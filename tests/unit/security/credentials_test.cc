#include "common/security/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/cpu_time.h"
#include "tests/unit/security/temp_file.h"

namespace escalon {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr InstantMs kNow = 1'900'000'000'000;
const Principal kAgent{"acme", "itsm-prod", {Role::kIntegrator, Role::kReader}};

std::string FileOf(const std::vector<std::string>& entries) {
  std::string text = "version: 1\ncredentials:\n";
  for (const auto& entry : entries) text += entry;
  return entries.empty() ? "version: 1\ncredentials: []\n" : text;
}

std::unique_ptr<Credentials> Load(const TempFile& file) {
  auto loaded = Credentials::Load(file.path());
  EXPECT_TRUE(loaded) << (loaded.ok() ? "" : loaded.error().message);
  return loaded.ok() ? std::move(*loaded) : nullptr;
}

Error LoadError(const std::string& text) {
  const TempFile file(text);
  auto loaded = Credentials::Load(file.path());
  EXPECT_FALSE(loaded) << text;
  return loaded.ok() ? Error{} : loaded.error();
}

TEST(Credentials, ANewKeyOpensItsPrincipal) {
  const NewKey key = NewApiKey();
  EXPECT_THAT(key.token, testing::MatchesRegex("escalon_[a-z2-7]{12}_[0-9a-f]{64}"));
  EXPECT_THAT(key.hash, Not(HasSubstr(key.token.substr(21))));
  const TempFile file(FileOf({FormatCredential(key, kAgent)}));
  const auto credentials = Load(file);
  for (const char* scheme : {"Bearer ", "bearer ", "BEARER "}) {
    const auto who = credentials->Authenticate(scheme + key.token, kNow);
    ASSERT_TRUE(who);
    EXPECT_EQ(*who, kAgent);
  }
}

TEST(Credentials, TwoKeysShareNothing) {
  const NewKey a = NewApiKey();
  const NewKey b = NewApiKey();
  EXPECT_NE(a.key_id, b.key_id);
  EXPECT_NE(a.token.substr(21), b.token.substr(21));
  EXPECT_NE(a.hash.substr(7, 32), b.hash.substr(7, 32));
}

TEST(Credentials, EveryAlteredCharacterIsRefused) {
  const NewKey key = NewApiKey();
  const NewKey other = NewApiKey();
  const TempFile file(FileOf({FormatCredential(key, kAgent), FormatCredential(other, kAgent)}));
  const auto credentials = Load(file);
  const std::string header = "Bearer " + key.token;
  for (size_t i = 0; i < header.size(); ++i) {
    std::string wrong = header;
    wrong[i] = wrong[i] == '0' ? '1' : '0';
    const auto who = credentials->Authenticate(wrong, kNow);
    ASSERT_FALSE(who) << i;
    EXPECT_EQ(who.error().code, ErrorCode::kUnauthenticated);
  }
  // The id of one with the secret of another, and the id with other letters of the same secret.
  EXPECT_FALSE(credentials->Authenticate("Bearer escalon_" + other.key_id + key.token.substr(20), kNow));
  std::string upper = header;
  for (size_t i = 28; i < upper.size(); ++i) upper[i] = static_cast<char>(std::toupper(upper[i]));
  if (upper != header) {
    EXPECT_FALSE(credentials->Authenticate(upper, kNow));
  }
}

TEST(Credentials, HostileHeadersAreRefusedAndNotRepeated) {
  const NewKey key = NewApiKey();
  const TempFile file(FileOf({FormatCredential(key, kAgent)}));
  const auto credentials = Load(file);
  const std::string token = key.token;
  for (const std::string& header :
       {std::string(), std::string("Bearer"), std::string("Bearer "), "Basic " + token, token, "Bearer  " + token,
        "Bearer " + token + " ", "Bearer " + token + "\n", "Bearer " + token.substr(0, token.size() - 1),
        "Bearer " + token + "0", std::string("Bearer ") + std::string(85, '\0'), std::string(10u << 20, 'x'),
        "Bearer escalon_" + std::string(77, '_'), std::string("\xff\xfe")}) {
    const auto who = credentials->Authenticate(header, kNow);
    ASSERT_FALSE(who);
    EXPECT_EQ(who.error().code, ErrorCode::kUnauthenticated);
    EXPECT_LT(who.error().message.size(), 200u);
    EXPECT_THAT(who.error().message, Not(HasSubstr(token.substr(21, 10))));
  }
}

TEST(Credentials, AnUnknownKeyAndAWrongSecretLookAlike) {
  const NewKey key = NewApiKey();
  const TempFile file(FileOf({FormatCredential(key, kAgent)}));
  const auto credentials = Load(file);
  const auto unknown = credentials->Authenticate("Bearer " + NewApiKey().token, kNow);
  const auto wrong = credentials->Authenticate("Bearer escalon_" + key.key_id + "_" + std::string(64, '0'), kNow);
  ASSERT_FALSE(unknown);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(unknown.error().message, wrong.error().message);
}

TEST(Credentials, AKeyEndsAtItsInstant) {
  const NewKey key = NewApiKey();
  const TempFile file(FileOf({FormatCredential(key, kAgent, kNow)}));
  const auto credentials = Load(file);
  EXPECT_TRUE(credentials->Authenticate("Bearer " + key.token, kNow - 1));
  const auto who = credentials->Authenticate("Bearer " + key.token, kNow);
  ASSERT_FALSE(who);
  EXPECT_THAT(who.error().message, HasSubstr("expired"));
  // Only the holder is told so.
  const auto wrong = credentials->Authenticate("Bearer escalon_" + key.key_id + "_" + std::string(64, '0'), kNow);
  EXPECT_THAT(wrong.error().message, Not(HasSubstr("expired")));
}

TEST(Credentials, ReloadRevokesAndABadFileChangesNothing) {
  const NewKey old_key = NewApiKey();
  const NewKey new_key = NewApiKey();
  TempFile file(FileOf({FormatCredential(old_key, kAgent)}));
  const auto credentials = Load(file);
  file.Replace(FileOf({FormatCredential(new_key, kAgent), "  - nonsense\n"}));
  EXPECT_FALSE(credentials->Reload());
  EXPECT_TRUE(credentials->Authenticate("Bearer " + old_key.token, kNow));
  EXPECT_FALSE(credentials->Authenticate("Bearer " + new_key.token, kNow));
  file.Replace(FileOf({FormatCredential(new_key, kAgent)}));
  EXPECT_TRUE(credentials->Reload());
  EXPECT_FALSE(credentials->Authenticate("Bearer " + old_key.token, kNow));
  EXPECT_TRUE(credentials->Authenticate("Bearer " + new_key.token, kNow));
  file.Replace(FileOf({}));
  EXPECT_TRUE(credentials->Reload());
  EXPECT_EQ(credentials->size(), 0u);
}

TEST(Credentials, EveryFaultOfTheFileIsNamed) {
  const NewKey key = NewApiKey();
  const std::string good = FormatCredential(key, kAgent);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return FileOf({text.replace(at, from.size(), to)});
  };
  const auto field = [](const std::string& text) {
    const Error error = LoadError(text);
    return error.fields.empty() ? "?" : error.fields.front().field;
  };
  EXPECT_EQ(field(with("tenant: \"acme\"", "tenant: \"Acme\"")), "credentials[0].tenant");
  EXPECT_EQ(field(with("tenant: \"acme\"", "tenant: \"*\"")), "credentials[0].tenant");
  EXPECT_EQ(field(with("tenant: \"acme\"", "tenant: [acme]")), "credentials[0].tenant");
  EXPECT_EQ(field(with("subject", "sbject")), "credentials[0].sbject");
  EXPECT_EQ(field(with("    subject: \"itsm-prod\"\n", "")), "credentials[0].subject");
  EXPECT_EQ(field(with("reader", "root")), "credentials[0].roles[0]");
  EXPECT_EQ(field(with("[reader, integrator]", "[]")), "credentials[0].roles");
  EXPECT_EQ(field(with("[reader, integrator]", "reader")), "credentials[0].roles");
  EXPECT_EQ(field(with("[reader, integrator]", "[[reader]]")), "credentials[0].roles");
  EXPECT_EQ(field(with("sha256:", "sha1:")), "credentials[0].hash");
  EXPECT_EQ(field(with("    hash: \"sha256:", "    hash: \"sha256:00")), "credentials[0].hash");
  EXPECT_EQ(field(with(key.key_id, "SHORT")), "credentials[0].key_id");
  EXPECT_EQ(field(with("    tenant", "    not_after: tomorrow\n    tenant")), "credentials[0].not_after");
  EXPECT_EQ(field(with("    tenant", "    key_id: abcdefghijkl\n    tenant")), "credentials[0].key_id");
  EXPECT_EQ(field(FileOf({good, good})), "credentials[1].key_id");
  EXPECT_EQ(field("version: 2\ncredentials: []\n"), "version");
  EXPECT_EQ(field("credentials: []\n"), "version");
  EXPECT_EQ(field("version: 1\n"), "credentials");
  EXPECT_EQ(field("version: 1\ncredentials: {}\n"), "credentials");
  EXPECT_EQ(field("version: 1\ncredentials: []\nextra: 1\n"), "extra");
  EXPECT_EQ(field(""), "credentials");
  EXPECT_EQ(field("- 1\n"), "credentials");
  EXPECT_EQ(field("version: [1\n"), "credentials");
  EXPECT_EQ(field("? [a, b]\n: 1\n"), "credentials");
  EXPECT_EQ(field("&a [*a]"), "credentials");
  EXPECT_EQ(field(std::string(100'000, '[')), "credentials");
  EXPECT_EQ(field(std::string("\0\xff", 2)), "credentials");
}

TEST(Credentials, AFileThatOthersMayWriteIsRefused) {
  TempFile file(FileOf({}));
  file.Rights(0646);
  const auto loaded = Credentials::Load(file.path());
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("chmod o-w"));
  EXPECT_FALSE(Credentials::Load("/nonexistent/credentials.yaml"));
  EXPECT_FALSE(Credentials::Load("/dev/zero"));
  EXPECT_FALSE(Credentials::Load(testing::TempDir()));
}

TEST(Credentials, AKeyOfBothFilesIsNeverRefusedWhileTheyAreSwapped) {
  const NewKey stays = NewApiKey();
  const NewKey comes_and_goes = NewApiKey();
  const std::string small = FileOf({FormatCredential(stays, kAgent)});
  const std::string large = FileOf({FormatCredential(stays, kAgent), FormatCredential(comes_and_goes, kAgent)});
  TempFile file(small);
  const auto credentials = Load(file);
  std::atomic<bool> stop{false};
  std::atomic<int> refused{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      while (!stop) {
        const auto who = credentials->Authenticate("Bearer " + stays.token, kNow);
        if (!who || *who != kAgent) ++refused;
        (void)credentials->Authenticate("Bearer " + comes_and_goes.token, kNow);
      }
    });
  }
  for (int i = 0; i < 200; ++i) {
    file.Replace(i % 2 == 0 ? large : small);
    ASSERT_TRUE(credentials->Reload());
  }
  stop = true;
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(refused, 0);
}

TEST(Credentials, AuthenticatingIsCheap) {
  std::vector<std::string> entries;
  std::string token;
  for (int i = 0; i < 1000; ++i) {
    const NewKey key = NewApiKey();
    token = key.token;
    entries.push_back(FormatCredential(key, kAgent));
  }
  const TempFile file(FileOf(entries));
  const auto credentials = Load(file);
  const std::string header = "Bearer " + token;
  constexpr int kTimes = 20'000;
  const double start = test::CpuMicroseconds();
  for (int i = 0; i < kTimes; ++i) ASSERT_TRUE(credentials->Authenticate(header, kNow));
  const double us = test::CpuMicroseconds() - start;
  RecordProperty("microseconds_each", std::to_string(us / kTimes));
  EXPECT_LT(us / kTimes, 50) << "an order of magnitude above the target: something is done per call that should not be";
}

}  // namespace
}  // namespace escalon

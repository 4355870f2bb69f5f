#include "common/security/identity_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "common/security/credentials.h"
#include "tests/support/token_issuer.h"
#include "tests/unit/security/temp_file.h"

namespace escalon {
namespace {

using nlohmann::json;
using test::IssuerKey;
using testing::HasSubstr;
using testing::Not;

constexpr InstantMs kNow = 1'900'000'000'000;
constexpr int64_t kNowSeconds = kNow / 1000;
const IdentityRules kRules{"https://login.example/realms/desk", "escalon"};

json Claims() {
  return {{"iss", kRules.issuer}, {"aud", "escalon"},        {"sub", "ann@acme"},        {"tenant", "acme"},
          {"roles", {"agent"}},   {"iat", kNowSeconds - 10}, {"exp", kNowSeconds + 300}, {"nbf", kNowSeconds - 10}};
}
json With(const char* name, const json& value) {
  json claims = Claims();
  claims[name] = value;
  return claims;
}
json Without(const char* name) {
  json claims = Claims();
  claims.erase(name);
  return claims;
}
std::string SetOf(const std::vector<json>& keys) { return json{{"keys", keys}}.dump(); }

class IdentityToken : public testing::Test {
 protected:
  /// Making an RSA key takes a while; all tests share them.
  static const IssuerKey& rsa() {
    static const IssuerKey kKey = IssuerKey::Rsa("rsa-1");
    return kKey;
  }
  static const IssuerKey& ec() {
    static const IssuerKey kKey = IssuerKey::Ec("ec-1");
    return kKey;
  }
  void SetUp() override {
    auto loaded = IdentityTokens::Load(kRules, file_.path());
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    tokens_ = std::move(*loaded);
  }
  Result<Principal> Verify(const std::string& token) const { return tokens_->Verify(token, kNow); }
  /// Refused as unauthenticated, with words that name `word` and repeat nothing.
  void ExpectRefused(const std::string& token, const std::string& word) const {
    const Result<Principal> judged = Verify(token);
    ASSERT_FALSE(judged.ok()) << word;
    EXPECT_EQ(judged.error().code, ErrorCode::kUnauthenticated) << judged.error().message;
    EXPECT_THAT(judged.error().message, HasSubstr(word));
    EXPECT_THAT(judged.error().message, Not(HasSubstr("ann@acme")));
  }

  TempFile file_{SetOf({rsa().Jwk(), ec().Jwk()})};
  std::unique_ptr<IdentityTokens> tokens_;
};

TEST_F(IdentityToken, BothAlgorithmsGiveThePrincipalOfTheClaims) {
  for (const IssuerKey* key : {&rsa(), &ec()}) {
    const Result<Principal> judged = Verify(key->Sign(Claims()));
    ASSERT_TRUE(judged.ok()) << judged.error().message;
    EXPECT_EQ(*judged, (Principal{"acme", "ann@acme", {Role::kAgent}}));
  }
}

TEST_F(IdentityToken, NoneAndSymmetricAlgorithmsAreRefused) {
  json header = rsa().Header();
  for (const char* algorithm : {"none", "None", "HS256", "RS512", "PS256", ""}) {
    header["alg"] = algorithm;
    ExpectRefused(rsa().Sign(header, Claims()), "alg");
  }
  const std::string unsigned_token =
      ToBase64Url(R"({"alg":"none","kid":"rsa-1"})") + "." + ToBase64Url(Claims().dump()) + ".";
  ExpectRefused(unsigned_token, "signed JWT");
  // Key confusion: a MAC under the public key, under every name it could be tried.
  for (const char* algorithm : {"HS256", "RS256"}) {
    header["alg"] = algorithm;
    const std::string input = ToBase64Url(header.dump()) + "." + ToBase64Url(Claims().dump());
    const std::string mac = ToBase64Url(AsView(HmacSha256(rsa().Pem(), input)));
    EXPECT_FALSE(Verify(input + "." + mac).ok()) << algorithm;
  }
}

TEST_F(IdentityToken, TheKeyMustBeTheNamedOneAndOfTheNamedAlgorithm) {
  json header = rsa().Header();
  header["kid"] = "ec-1";
  ExpectRefused(rsa().Sign(header, Claims()), "signed by a key");
  header = ec().Header();
  header["kid"] = "rsa-1";
  ExpectRefused(ec().Sign(header, Claims()), "signed by a key");
  header = rsa().Header();
  header["kid"] = "unknown";
  ExpectRefused(rsa().Sign(header, Claims()), "signed by a key");
  header.erase("kid");
  ExpectRefused(rsa().Sign(header, Claims()), "kid");
  // A key that the token brings along is not used.
  const IssuerKey own = IssuerKey::Ec("ec-1");
  header = own.Header();
  header["jwk"] = own.Jwk();
  header["jku"] = "https://attacker.example/keys";
  ExpectRefused(own.Sign(header, Claims()), "signed by a key");
}

TEST_F(IdentityToken, AnAlteredTokenIsRefused) {
  const std::string good = ec().Sign(Claims());
  const size_t dot = good.find('.'), last = good.rfind('.');
  ExpectRefused(good.substr(0, dot + 1) + ToBase64Url(With("tenant", "globex").dump()) + good.substr(last),
                "signed by a key");
  std::string flipped = good;
  flipped[last + 5] = flipped[last + 5] == 'A' ? 'B' : 'A';
  ExpectRefused(flipped, "signed by a key");
  ExpectRefused(good.substr(0, last), "signed JWT");
  ExpectRefused(good + "=", "signed JWT");
  ExpectRefused(good + ".x", "signed JWT");
  ExpectRefused(good.substr(0, good.size() - 2), "signed by a key");
  ExpectRefused(std::string(kMaxTokenBytes + 1, 'a'), "8 KiB");
  ExpectRefused("", "signed JWT");
  ExpectRefused("..", "signed JWT");
}

TEST_F(IdentityToken, HeadersThatWantMoreAreRefused) {
  json header = ec().Header();
  header["crit"] = {"b64"};
  ExpectRefused(ec().Sign(header, Claims()), "crit");
  header = ec().Header();
  header["typ"] = "logout+jwt";
  ExpectRefused(ec().Sign(header, Claims()), "typ");
}

TEST_F(IdentityToken, EachClaimIsJudged) {
  const auto refused = [this](const json& claims, const char* word) { ExpectRefused(ec().Sign(claims), word); };
  refused(With("iss", "https://login.example/realms/other"), "iss");
  refused(Without("iss"), "iss");
  refused(With("iss", {kRules.issuer}), "iss");
  refused(With("aud", "billing"), "aud");
  refused(With("aud", {"billing", "escalon2"}), "aud");
  refused(Without("aud"), "aud");
  refused(With("exp", kNowSeconds - 61), "exp");
  refused(With("exp", kNowSeconds + 25 * 3600), "exp");
  refused(With("exp", "tomorrow"), "exp");
  refused(With("exp", -1), "exp");
  refused(With("exp", 1e300), "exp");
  refused(Without("exp"), "exp");
  refused(With("nbf", kNowSeconds + 61), "nbf");
  refused(With("nbf", "now"), "nbf");
  refused(With("iat", kNowSeconds + 61), "iat");
  refused(Without("sub"), "sub");
  refused(With("sub", "a b\n"), "sub");
  refused(Without("tenant"), "tenant");
  refused(With("tenant", "*"), "tenant");
  refused(With("tenant", {"acme"}), "tenant");
  EXPECT_TRUE(Verify(ec().Sign(With("aud", {"billing", "escalon"}))).ok());
  EXPECT_TRUE(Verify(ec().Sign(With("exp", kNowSeconds - 59))).ok()) << "clocks may differ by a minute";
  EXPECT_TRUE(Verify(ec().Sign(With("nbf", kNowSeconds + 59))).ok());
  EXPECT_TRUE(Verify(ec().Sign(Without("nbf"))).ok());
}

TEST_F(IdentityToken, RolesAreThoseThatEscalonKnowsAndNeverService) {
  const auto judged = [](const json& claims, IdentityRules rules = kRules) {
    return PrincipalOfClaims(claims.dump(), rules, kNow);
  };
  EXPECT_EQ(judged(With("roles", {"offline_access", "manager", "agent", "service"}))->roles,
            (RoleSet{Role::kAgent, Role::kManager}));
  EXPECT_EQ(judged(With("roles", "reader auditor"))->roles, (RoleSet{Role::kReader, Role::kAuditor}));
  for (const json& none : {json::array(), json("service"), json({"admin"}), json(7)}) {
    const auto refused = judged(With("roles", none));
    ASSERT_FALSE(refused.ok()) << none;
    EXPECT_EQ(refused.error().code, ErrorCode::kPermissionDenied);
  }
  IdentityRules nested = kRules;
  nested.roles_claim = "realm_access.roles";
  nested.roles_prefix = "escalon-";
  nested.tenant_claim = "https://acme.example/tenant";
  json claims = Without("tenant");
  claims["https://acme.example/tenant"] = "acme";
  claims["realm_access"] = {{"roles", {"escalon-agent", "manager"}}};
  const auto found = judged(claims, nested);
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(*found, (Principal{"acme", "ann@acme", {Role::kAgent}}));
}

TEST_F(IdentityToken, AKeyThatIsNewInTheFileIsKnownWithoutARestart) {
  const IssuerKey next = IssuerKey::Ec("ec-2");
  EXPECT_FALSE(tokens_->Verify(next.Sign(Claims()), kNow).ok());
  file_.Replace(SetOf({next.Jwk()}));
  EXPECT_FALSE(tokens_->Verify(next.Sign(Claims()), kNow + 9'999).ok()) << "read again too soon";
  EXPECT_TRUE(tokens_->Verify(next.Sign(Claims()), kNow + 10'000).ok());
  EXPECT_FALSE(tokens_->Verify(ec().Sign(Claims()), kNow + 10'000).ok()) << "the old key is withdrawn";
  file_.Replace("{");
  EXPECT_FALSE(tokens_->Verify(ec().Sign(Claims()), kNow + 20'000).ok());
  EXPECT_TRUE(tokens_->Verify(next.Sign(Claims()), kNow + 20'000).ok()) << "a broken file took the good keys away";
}

TEST_F(IdentityToken, ATokenIsACredentialBesideApiKeys) {
  const NewKey key = NewApiKey();
  const TempFile file("version: 1\ncredentials:\n" + FormatCredential(key, {"acme", "itsm", {Role::kIntegrator}}));
  auto credentials = Credentials::Load(file.path());
  ASSERT_TRUE(credentials.ok()) << credentials.error().message;
  EXPECT_FALSE((*credentials)->Authenticate("Bearer " + ec().Sign(Claims()), kNow).ok())
      << "nobody told them of an issuer";
  (*credentials)->Accept(std::move(tokens_));
  EXPECT_EQ((*credentials)->Authenticate("Bearer " + ec().Sign(Claims()), kNow)->subject, "ann@acme");
  EXPECT_EQ((*credentials)->Authenticate("Bearer " + key.token, kNow)->subject, "itsm");
  EXPECT_FALSE((*credentials)->Authenticate("Basic " + ec().Sign(Claims()), kNow).ok());
  EXPECT_FALSE((*credentials)->Authenticate("Bearer escalon_" + ec().Sign(Claims()), kNow).ok());
}

TEST(JsonWebKeySet, KeysForOtherUsesArePassedOver) {
  const IssuerKey ec = IssuerKey::Ec("ec-1");
  json other = IssuerKey::Ec("ec-2").Jwk(), wrong_algorithm = IssuerKey::Ec("ec-3").Jwk(), nameless = ec.Jwk();
  other["use"] = "enc";
  wrong_algorithm["alg"] = "ES384";
  nameless.erase("kid");
  const auto keys = JsonWebKeys::Parse(
      "keys", SetOf({ec.Jwk(), other, wrong_algorithm, nameless, {{"kty", "OKP"}, {"crv", "Ed25519"}, {"kid", "ed"}}}));
  ASSERT_TRUE(keys.ok()) << keys.error().message;
  EXPECT_EQ(keys->size(), 1u);
  EXPECT_TRUE(keys->Knows("ec-1"));
}

TEST(JsonWebKeySet, WhatIsWrongIsNamed) {
  const auto message = [](const std::string& text) {
    const auto keys = JsonWebKeys::Parse("keys", text);
    return keys.ok() ? std::string("ok") : keys.error().message;
  };
  const json good = IssuerKey::Ec("ec-1").Jwk();
  EXPECT_THAT(message("{"), HasSubstr("no JSON"));
  EXPECT_THAT(message("[]"), HasSubstr("JWK set"));
  EXPECT_THAT(message(R"({"keys": []})"), HasSubstr("no signature key"));
  EXPECT_THAT(message(SetOf({good, good})), HasSubstr("twice"));
  EXPECT_THAT(message(SetOf({IssuerKey::Rsa("weak", 1024).Jwk()})), HasSubstr("2048"));
  json off_curve = good;
  off_curve["x"] = ToBase64Url(std::string(32, '\x01'));
  EXPECT_THAT(message(SetOf({off_curve})), HasSubstr("point on P-256"));
  json secret = good;
  secret["d"] = "AAAA";
  EXPECT_THAT(message(SetOf({secret})), HasSubstr("private"));
  EXPECT_THAT(message(SetOf({{{"kty", "oct"}, {"kid", "a"}, {"k", "AAAA"}}})), HasSubstr("secret"));
  const TempFile file(SetOf({good}));
  const auto field = [&](IdentityRules rules) {
    return IdentityTokens::Load(std::move(rules), file.path()).error().fields.at(0).field;
  };
  EXPECT_EQ(field({"", "escalon"}), "identity.issuer");
  EXPECT_EQ(field({"https://a", ""}), "identity.audience");
  EXPECT_EQ(IdentityTokens::Load(kRules, file.path() + ".none").error().fields.at(0).field, "identity.keys_file");
}

}  // namespace
}  // namespace escalon

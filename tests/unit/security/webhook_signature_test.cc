#include "common/security/webhook_signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "common/core/digest.h"

namespace escalon {
namespace {

using testing::HasSubstr;

using Headers = std::map<std::string, std::string, std::less<>>;

HeaderLookup Lookup(const Headers& headers) {
  return [&headers](std::string_view name) -> std::optional<std::string_view> {
    const auto it = headers.find(name);
    return it == headers.end() ? std::nullopt : std::optional<std::string_view>(it->second);
  };
}

// The example that the reference implementations share.
constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr InstantMs kAt = 1674087231 * kSecondMs;
constexpr const char* kBody = R"({"test": 2432232314})";
constexpr const char* kSignature = "v1,AQG81rX2n4rTN1fkXoqILSHO9gAOcwya9dP41rhrQDI=";

Secret Whsec(std::string_view text = kSecret) {
  auto secret = ParseWebhookSecret("secret", text);
  EXPECT_TRUE(secret);
  return *secret;
}

Secret Text(const char* text) { return Secret(text); }

WebhookVerifier Verifier(SignatureScheme scheme, std::vector<Secret> secrets) {
  auto verifier = WebhookVerifier::Create("secrets", scheme, std::move(secrets));
  EXPECT_TRUE(verifier);
  return std::move(*verifier);
}

Headers Standard() {
  return {{"webhook-id", kId}, {"webhook-timestamp", "1674087231"}, {"webhook-signature", kSignature}};
}

TEST(StandardWebhooks, OutboundMatchesTheReferenceVector) {
  const auto signer = WebhookSigner::Create("secrets", {Whsec()});
  ASSERT_TRUE(signer);
  const auto headers = signer->Sign(kId, kAt + 999, kBody);
  ASSERT_TRUE(headers);
  EXPECT_EQ(headers->id, kId);
  EXPECT_EQ(headers->timestamp, "1674087231");
  EXPECT_EQ(headers->signature, kSignature);
}

TEST(StandardWebhooks, InboundAcceptsTheReferenceVector) {
  const auto verified = Verifier(SignatureScheme::kStandardWebhooks, {Whsec()}).Verify(Lookup(Standard()), kBody, kAt);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->id, kId);
  EXPECT_TRUE(verified->id_signed);
  EXPECT_EQ(verified->sent_at, kAt);
}

TEST(StandardWebhooks, RotationSignsWithEverySecretAndAcceptsAny) {
  const Secret fresh = Whsec(NewWebhookSecret());
  const auto headers = WebhookSigner::Create("secrets", {fresh, Whsec()})->Sign(kId, kAt, kBody);
  ASSERT_TRUE(headers);
  EXPECT_THAT(headers->signature, testing::EndsWith(std::string(" ") + kSignature));
  Headers sent = Standard();
  sent["webhook-signature"] = headers->signature;
  EXPECT_TRUE(Verifier(SignatureScheme::kStandardWebhooks, {Whsec()}).Verify(Lookup(sent), kBody, kAt));
  EXPECT_TRUE(Verifier(SignatureScheme::kStandardWebhooks, {fresh}).Verify(Lookup(sent), kBody, kAt));
  EXPECT_FALSE(
      Verifier(SignatureScheme::kStandardWebhooks, {Whsec(NewWebhookSecret())}).Verify(Lookup(sent), kBody, kAt));
  EXPECT_TRUE(Verifier(SignatureScheme::kStandardWebhooks, {Whsec(NewWebhookSecret()), Whsec()})
                  .Verify(Lookup(Standard()), kBody, kAt));
}

TEST(StandardWebhooks, TheWindowIsFiveMinutesEitherWayAndExact) {
  const auto verifier = Verifier(SignatureScheme::kStandardWebhooks, {Whsec()});
  const Headers sent = Standard();
  EXPECT_TRUE(verifier.Verify(Lookup(sent), kBody, kAt + 5 * kMinuteMs));
  EXPECT_TRUE(verifier.Verify(Lookup(sent), kBody, kAt - 5 * kMinuteMs));
  const auto old = verifier.Verify(Lookup(sent), kBody, kAt + 5 * kMinuteMs + 1);
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().fields.front().field, "webhook-timestamp");
  EXPECT_FALSE(verifier.Verify(Lookup(sent), kBody, kAt - 5 * kMinuteMs - 1));
}

TEST(StandardWebhooks, WhatIsMissingMalformedOrAlteredIsRefusedByName) {
  const auto verifier = Verifier(SignatureScheme::kStandardWebhooks, {Whsec()});
  const auto refused = [&](std::string name, std::optional<std::string> value, std::string body = kBody) {
    Headers sent = Standard();
    if (value) sent[name] = *value;
    if (!value) sent.erase(name);
    const auto result = verifier.Verify(Lookup(sent), body, kAt);
    if (result.ok()) return std::string("accepted");
    EXPECT_EQ(result.error().code, ErrorCode::kUnauthenticated);
    return result.error().fields.front().field;
  };
  for (const char* name : {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
    EXPECT_EQ(refused(name, std::nullopt), name);
    EXPECT_EQ(refused(name, ""), name);
    EXPECT_EQ(refused(name, std::string(10u << 20, 'x')), name);
    EXPECT_EQ(refused(name, std::string("\0\xff\n", 3)), name);
  }
  EXPECT_EQ(refused("webhook-id", "msg.1"), "webhook-id");
  EXPECT_EQ(refused("webhook-id", "another"), "webhook-signature");
  for (const char* time : {"1674087231.0", " 1674087231", "+1674087231", "-1", "1674087231 ", "0x63c88d7f",
                           "99999999999999999999", "2023-01-19T00:13:51Z"}) {
    EXPECT_EQ(refused("webhook-timestamp", time), "webhook-timestamp") << time;
  }
  EXPECT_EQ(refused("webhook-timestamp", "1674087232"), "webhook-signature");
  EXPECT_EQ(refused("webhook-timestamp", "01674087231"), "webhook-signature");
  EXPECT_EQ(refused("webhook-signature", "v1a,AQG81rX2n4rTN1fkXoqILSHO9gAOcwya9dP41rhrQDI="), "webhook-signature");
  EXPECT_EQ(refused("webhook-signature", "AQG81rX2n4rTN1fkXoqILSHO9gAOcwya9dP41rhrQDI="), "webhook-signature");
  EXPECT_EQ(refused("webhook-signature", "v1,"), "webhook-signature");
  EXPECT_EQ(refused("webhook-signature", std::string(kSignature).substr(0, 30)), "webhook-signature");
  std::string many;
  for (int i = 0; i < 17; ++i) many += "v1,x ";
  EXPECT_EQ(refused("webhook-signature", many + kSignature), "webhook-signature");
  EXPECT_EQ(refused("webhook-id", kId, ""), "webhook-signature");
  EXPECT_EQ(refused("webhook-id", kId, R"({"test":2432232314})"), "webhook-signature");  // re-encoded
  const std::string body = kBody;
  for (size_t i = 0; i < body.size(); ++i) {
    std::string wrong = body;
    wrong[i] = static_cast<char>(wrong[i] ^ 1);
    EXPECT_EQ(refused("webhook-id", kId, wrong), "webhook-signature") << i;
  }
  EXPECT_EQ(refused("webhook-signature", std::string("v9,abc v1,AAAA ") + kSignature), "accepted");
}

TEST(StandardWebhooks, TheSignedPiecesCannotBeShifted) {
  // id.timestamp.body with the dots elsewhere is another delivery.
  const auto verifier = Verifier(SignatureScheme::kStandardWebhooks, {Whsec()});
  Headers sent = Standard();
  sent["webhook-id"] = "a";
  sent["webhook-signature"] = SignatureOf(SignatureScheme::kStandardWebhooks, Whsec(), "a.1", "1674087231", kBody);
  EXPECT_FALSE(verifier.Verify(Lookup(sent), std::string("1674087231.") + kBody, kAt));
}

TEST(StandardWebhooks, SecretsAndIdsOfTheWrongShapeAreRefused) {
  for (const std::string& bad : {std::string(), std::string("whsec_"), std::string("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                                 "whsec_" + ToBase64(std::string(23, 'x')), "whsec_" + ToBase64(std::string(65, 'x')),
                                 std::string("whsec_!fKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")}) {
    const auto secret = ParseWebhookSecret("webhook.secret", bad);
    ASSERT_FALSE(secret) << bad;
    EXPECT_EQ(secret.error().fields.front().field, "webhook.secret");
    EXPECT_EQ(secret.error().message.find("MfKQ"), std::string::npos);
  }
  EXPECT_TRUE(ParseWebhookSecret("s", NewWebhookSecret()));
  EXPECT_NE(NewWebhookSecret(), NewWebhookSecret());
  EXPECT_FALSE(WebhookSigner::Create("s", {}));
  EXPECT_FALSE(WebhookSigner::Create("s", std::vector<Secret>(9, Whsec())));
  EXPECT_FALSE(WebhookSigner::Create("s", {Text("short")}));
  EXPECT_FALSE(WebhookVerifier::Create("s", SignatureScheme::kGitHub, {Text("changeme")}));
  EXPECT_FALSE(WebhookVerifier::Create("s", SignatureScheme::kGitHub, {}));
  const auto signer = WebhookSigner::Create("s", {Whsec()});
  for (const std::string& id : {std::string(), std::string("a.b"), std::string("a b"), std::string("a\r\nX: y"),
                                std::string("ä"), std::string(129, 'a')}) {
    EXPECT_FALSE(signer->Sign(id, kAt, "")) << id;
  }
}

TEST(Schemes, GitHubAndJiraMatchTheirVectors) {
  const char* secret = "It's a Secret to Everybody";
  const Headers github = {
      {"x-hub-signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
      {"x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"}};
  const auto verifier = Verifier(SignatureScheme::kGitHub, {Text(secret)});
  const auto verified = verifier.Verify(Lookup(github), "Hello, World!", kAt);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->id, "72d3162e-cc78-11e3-81ab-4c9367dc0958");
  EXPECT_FALSE(verified->id_signed);
  EXPECT_EQ(verified->sent_at, 0);
  EXPECT_FALSE(verifier.Verify(Lookup(github), "Hello, World?", kAt));
  const Headers jira = {{"x-hub-signature", "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"}};
  EXPECT_TRUE(Verifier(SignatureScheme::kJira, {Text(secret)}).Verify(Lookup(jira), "Hello World!", kAt));
  // No fallback: a sha1 or bare signature, or the other scheme's header, is nothing.
  for (const char* wrong : {"sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                            "SHA256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}) {
    EXPECT_FALSE(verifier.Verify(Lookup({{"x-hub-signature-256", wrong}}), "Hello, World!", kAt)) << wrong;
  }
  EXPECT_FALSE(verifier.Verify(Lookup(jira), "Hello World!", kAt));
}

TEST(Schemes, SlackMatchesItsVector) {
  const std::string body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
      "foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks"
      ".slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121"
      ".803a0bc887a14d10d2c447fce8b6703c";
  const Headers sent = {{"x-slack-request-timestamp", "1531420618"},
                        {"x-slack-signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"}};
  const auto verifier = Verifier(SignatureScheme::kSlack, {Text("8f742231b10e8888abcd99yyyzzz85a5")});
  EXPECT_TRUE(verifier.Verify(Lookup(sent), body, 1531420618000));
  EXPECT_FALSE(verifier.Verify(Lookup(sent), body, 1531420618000 + 5 * kMinuteMs + 1));
}

TEST(Schemes, ZendeskSignsTimestampThenBody) {
  const Headers sent = {{"x-zendesk-webhook-signature-timestamp", "2021-07-25T10:00:00Z"},
                        {"x-zendesk-webhook-signature", "Rry/4TtIdFyawtXXp8QdI6tlAUUQ/5kL1OTp5qo/ZIk="}};
  const auto verifier = Verifier(SignatureScheme::kZendesk, {Text("HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=")});
  const InstantMs at = *ParseInstant("2021-07-25T10:00:00Z");
  EXPECT_TRUE(verifier.Verify(Lookup(sent), R"({"say": "hello"})", at));
  Headers reversed = sent;
  reversed["x-zendesk-webhook-signature"] = "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw=";
  EXPECT_FALSE(verifier.Verify(Lookup(reversed), R"({"say": "hello"})", at));
}

TEST(Schemes, GrafanaSignsTheBodyInHex) {
  EXPECT_EQ(SignatureOf(SignatureScheme::kGrafana, Text("secret"), "", "", R"({"a":1})"),
            "aa9e2e3575f5d7098b6caccd790888c36d5fdb63342a73bada2d6a51747a8494");
}

TEST(Schemes, PagerDutyListsSeveralSignatures) {
  const auto verifier = Verifier(SignatureScheme::kPagerDutyV3, {Text("a secret of pagerduty")});
  const std::string mine = SignatureOf(SignatureScheme::kPagerDutyV3, Text("a secret of pagerduty"), "", "", "{}");
  const std::string other = SignatureOf(SignatureScheme::kPagerDutyV3, Text("another of the same"), "", "", "{}");
  EXPECT_THAT(mine, testing::StartsWith("v1="));
  for (const std::string& list : {mine, other + "," + mine, other + ", " + mine, "v2=abc," + mine}) {
    const auto verified = verifier.Verify(Lookup({{"x-pagerduty-signature", list}, {"x-webhook-id", "w1"}}), "{}", kAt);
    ASSERT_TRUE(verified) << list;
    EXPECT_EQ(verified->id, "w1");
  }
  EXPECT_FALSE(verifier.Verify(Lookup({{"x-pagerduty-signature", other}}), "{}", kAt));
}

TEST(Schemes, SvixIsStandardUnderOtherNames) {
  const Headers sent = {{"svix-id", kId}, {"svix-timestamp", "1674087231"}, {"svix-signature", kSignature}};
  EXPECT_TRUE(Verifier(SignatureScheme::kSvix, {Whsec()}).Verify(Lookup(sent), kBody, kAt));
  EXPECT_FALSE(Verifier(SignatureScheme::kStandardWebhooks, {Whsec()}).Verify(Lookup(sent), kBody, kAt));
}

TEST(Schemes, NamesAreReadAndOthersRefusedWithTheList) {
  EXPECT_EQ(*ParseSignatureScheme("scheme", "standard_webhooks"), SignatureScheme::kStandardWebhooks);
  EXPECT_EQ(*ParseSignatureScheme("scheme", "grafana"), SignatureScheme::kGrafana);
  const auto none = ParseSignatureScheme("scheme", "none");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("pagerduty_v3"));
}

}  // namespace
}  // namespace escalon

#include "common/security/signed_link.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "common/core/digest.h"

namespace escalon {
namespace {

constexpr InstantMs kNow = 1'900'000'000'000;

KeyRing Ring(const std::string& lines) {
  auto ring = KeyRing::Parse("link_keys", lines);
  EXPECT_TRUE(ring);
  return std::move(*ring);
}

SignedLink Link() {
  return {"acme", CaseId::Make(kNow, 77, 1, 42), LinkAction::kAcknowledge, "mia@acme", 7, 2, kNow + kHourMs};
}

std::string Detail(const Result<SignedLink>& result) { return result.ok() ? "ok" : result.error().detail; }

class SignedLinkTest : public testing::Test {
 protected:
  const std::string old_line_ = NewKeyRingLine("k1");
  const std::string new_line_ = NewKeyRingLine("k2");
  const LinkSigner signer_{Ring(old_line_)};
};

TEST_F(SignedLinkTest, ALinkComesBackAsItWasMade) {
  for (int action = 1; action <= 7; ++action) {
    SignedLink link = Link();
    link.action = static_cast<LinkAction>(action);
    const auto token = signer_.Make(link);
    ASSERT_TRUE(token);
    const auto back = signer_.Verify(*token, link.action, kNow);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, link);
    EXPECT_FALSE(LinkActionName(link.action).empty());
  }
}

TEST_F(SignedLinkTest, TheLongestLinkStaysWithinTheLimit) {
  SignedLink link = Link();
  link.tenant = std::string(64, 't');
  link.subject = std::string(128, 's');
  link.intent_version = INT64_MAX;
  link.intent_index = UINT32_MAX;
  const LinkSigner signer(Ring("kkkkkkkkkkkkkkkk" + old_line_.substr(2)));
  const auto token = signer.Make(link);
  ASSERT_TRUE(token);
  EXPECT_LE(token->size(), kMaxLinkToken);
  EXPECT_EQ(token->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
            std::string::npos);
  EXPECT_EQ(*signer.Verify(*token, kNow), link);
}

TEST_F(SignedLinkTest, EveryAlteredCharacterIsRefused) {
  const std::string token = *signer_.Make(Link());
  std::set<std::string> details;
  for (size_t i = 0; i < token.size(); ++i) {
    for (const char c : {'A', 'B', 'z', '-', '_', '.', '=', '+', '\0', ' '}) {
      if (token[i] == c) continue;
      std::string wrong = token;
      wrong[i] = c;
      const auto result = signer_.Verify(wrong, kNow);
      ASSERT_FALSE(result) << i << " " << c;
      details.insert(result.error().detail);
    }
  }
  EXPECT_EQ(details, (std::set<std::string>{std::string(kLinkMalformed), std::string(kLinkUnknownKey),
                                            std::string(kLinkBadSignature)}));
}

TEST_F(SignedLinkTest, EveryFlippedBitOfThePayloadIsRefused) {
  const std::string token = *signer_.Make(Link());
  const size_t dot = token.find('.');
  std::string payload;
  ASSERT_TRUE(FromBase64Url(token.substr(0, dot), &payload));
  for (size_t bit = 0; bit < payload.size() * 8; ++bit) {
    std::string wrong = payload;
    wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(signer_.Verify(ToBase64Url(wrong) + token.substr(dot), kNow)) << bit;
  }
}

TEST_F(SignedLinkTest, OneTokenHasOneText) {
  const std::string token = *signer_.Make(Link());
  const size_t dot = token.find('.');
  for (const std::string& other : {token + "=", token + "==", token.substr(0, dot) + "=" + token.substr(dot),
                                   token + ".", "." + token, token + "\n", " " + token}) {
    EXPECT_EQ(Detail(signer_.Verify(other, kNow)), kLinkMalformed) << other;
  }
}

TEST_F(SignedLinkTest, ItIsValidBeforeItsEndAndNotAtIt) {
  SignedLink link = Link();
  link.expires_at = kNow;
  const std::string token = *signer_.Make(link);
  EXPECT_EQ(Detail(signer_.Verify(token, kNow - 1)), "ok");
  EXPECT_EQ(Detail(signer_.Verify(token, kNow)), kLinkExpired);
  EXPECT_EQ(Detail(signer_.Verify(token, kNow + 1)), kLinkExpired);
  link.expires_at = INT64_MIN;
  EXPECT_EQ(Detail(signer_.Verify(*signer_.Make(link), 0)), kLinkExpired);
}

TEST_F(SignedLinkTest, AnExpiredForgeryIsAForgery) {
  SignedLink link = Link();
  link.expires_at = kNow - 1;
  std::string token = *signer_.Make(link);
  token.back() = token.back() == 'A' ? 'E' : 'A';
  EXPECT_EQ(Detail(signer_.Verify(token, kNow)), kLinkBadSignature);
}

TEST_F(SignedLinkTest, ALinkForOneActionIsNoneForAnother) {
  SignedLink link = Link();
  link.action = LinkAction::kView;
  const auto result = signer_.Verify(*signer_.Make(link), LinkAction::kAcknowledge, kNow);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(result.error().detail, kLinkWrongAction);
}

TEST_F(SignedLinkTest, KeysRotateWithoutBreakingLinksThatAreOut) {
  const std::string token = *signer_.Make(Link());
  const LinkSigner both(Ring(new_line_ + old_line_));
  EXPECT_EQ(Detail(both.Verify(token, kNow)), "ok");
  const std::string fresh = *both.Make(Link());
  EXPECT_NE(fresh, token);
  EXPECT_EQ(Detail(signer_.Verify(fresh, kNow)), kLinkUnknownKey);
  const LinkSigner only_new(Ring(new_line_));
  EXPECT_EQ(Detail(only_new.Verify(token, kNow)), kLinkUnknownKey);
  EXPECT_EQ(Detail(only_new.Verify(fresh, kNow)), "ok");
}

TEST_F(SignedLinkTest, TheSameKeyIdWithAnotherKeyIsAForgery) {
  const LinkSigner other(Ring("k1" + new_line_.substr(2)));
  EXPECT_EQ(Detail(other.Verify(*signer_.Make(Link()), kNow)), kLinkBadSignature);
}

TEST_F(SignedLinkTest, TheKeyIsBoundToLinks) {
  // A MAC over the bare payload, as another format with the same key might make it, does not open a link.
  const KeyRing ring = Ring(old_line_);
  const std::string token = *signer_.Make(Link());
  std::string payload;
  ASSERT_TRUE(FromBase64Url(token.substr(0, token.find('.')), &payload));
  const std::string forged =
      ToBase64Url(payload) + "." + ToBase64Url(AsView(HmacSha256(ring.current().key.Reveal(), payload)));
  EXPECT_EQ(Detail(signer_.Verify(forged, kNow)), kLinkBadSignature);
}

TEST_F(SignedLinkTest, EveryTruncationAndHugeInputIsRefused) {
  const std::string token = *signer_.Make(Link());
  for (size_t n = 0; n < token.size(); ++n) EXPECT_FALSE(signer_.Verify(token.substr(0, n), kNow)) << n;
  for (size_t n = 1; n < token.size(); ++n) EXPECT_FALSE(signer_.Verify(token.substr(n), kNow)) << n;
  EXPECT_EQ(Detail(signer_.Verify(std::string(10u << 20, 'A'), kNow)), kLinkMalformed);
  EXPECT_EQ(Detail(signer_.Verify(std::string(513, '.'), kNow)), kLinkMalformed);
}

TEST_F(SignedLinkTest, NoiseIsRefused) {
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string payload(random() % 120, '\0');
    for (char& c : payload) c = static_cast<char>(random());
    if (payload.size() > 4 && i % 2 == 0) payload.replace(0, 4, std::string("\x01\x02k1", 4));
    std::string mac(32, static_cast<char>(random()));
    EXPECT_FALSE(signer_.Verify(ToBase64Url(payload) + "." + ToBase64Url(mac), kNow));
  }
}

TEST_F(SignedLinkTest, WhatNoLinkCanCarryIsNotMade) {
  const auto field = [&](auto change) {
    SignedLink link = Link();
    change(&link);
    const auto token = signer_.Make(link);
    return token.ok() ? std::string("ok") : token.error().fields.front().field;
  };
  EXPECT_EQ(field([](SignedLink* l) { l->tenant = "*"; }), "tenant");
  EXPECT_EQ(field([](SignedLink* l) { l->tenant = std::string(300, 'a'); }), "tenant");
  EXPECT_EQ(field([](SignedLink* l) { l->subject.clear(); }), "subject");
  EXPECT_EQ(field([](SignedLink* l) { l->case_id = CaseId(); }), "case_id");
  EXPECT_EQ(field([](SignedLink* l) { l->intent_version = -1; }), "intent_version");
  EXPECT_EQ(field([](SignedLink* l) { l->action = static_cast<LinkAction>(0); }), "action");
  EXPECT_EQ(field([](SignedLink* l) { l->action = static_cast<LinkAction>(200); }), "action");
}

}  // namespace
}  // namespace escalon

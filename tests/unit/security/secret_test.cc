#include "common/security/secret.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "common/security/hkdf.h"
#include "tests/unit/security/temp_file.h"

namespace escalon {
namespace {

using testing::HasSubstr;

std::string Bytes(std::string_view hex) {
  std::string out;
  EXPECT_TRUE(FromHex(hex, &out));
  return out;
}

Digest DigestOf(std::string_view hex) {
  Digest out;
  const std::string bytes = Bytes(hex);
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

std::string Counting(int from, int to) {
  std::string out;
  for (int i = from; i <= to; ++i) out += static_cast<char>(i);
  return out;
}

TEST(Hkdf, Rfc5869Case1) {
  const Digest prk = HkdfExtract(Counting(0x00, 0x0c), std::string(22, '\x0b'));
  EXPECT_EQ(ToHex(AsView(prk)), "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  EXPECT_EQ(ToHex(HkdfExpand(prk, Counting(0xf0, 0xf9), 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST(Hkdf, Rfc5869Case2) {
  const Digest prk = HkdfExtract(Counting(0x60, 0xaf), Counting(0x00, 0x4f));
  EXPECT_EQ(ToHex(AsView(prk)), "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244");
  EXPECT_EQ(ToHex(HkdfExpand(prk, Counting(0xb0, 0xff), 82)),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
            "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
}

TEST(Hkdf, Rfc5869Case3WithoutSaltAndInfo) {
  const Digest prk = HkdfExtract("", std::string(22, '\x0b'));
  EXPECT_EQ(ToHex(AsView(prk)), "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04");
  EXPECT_EQ(ToHex(HkdfExpand(prk, "", 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, LengthEndsWhereTheRfcEndsIt) {
  const Digest prk = DigestOf(std::string(64, 'a'));
  EXPECT_EQ(HkdfExpand(prk, "x", 255 * 32).size(), 255u * 32);
  EXPECT_TRUE(HkdfExpand(prk, "x", 255 * 32 + 1).empty());
  EXPECT_TRUE(HkdfExpand(prk, "x", 0).empty());
}

TEST(Hex, HasOneTextPerValue) {
  std::string out;
  EXPECT_TRUE(FromHex("00ff", &out));
  EXPECT_EQ(out, std::string("\0\xff", 2));
  EXPECT_TRUE(FromHex("", &out));
  for (const char* bad : {"0", "0F", "0g", " 0", "0x", "é"}) EXPECT_FALSE(FromHex(bad, &out)) << bad;
}

TEST(KeyRing, TheFirstKeyMakesAndEveryKeyIsFound) {
  const std::string text = "# link keys\n\n" + NewKeyRingLine("k2") + NewKeyRingLine("k1");
  const auto ring = KeyRing::Parse("link_keys", text);
  ASSERT_TRUE(ring);
  EXPECT_EQ(ring->current().id, "k2");
  EXPECT_EQ(ring->Find("k1")->key.Reveal().size(), 32u);
  EXPECT_NE(ring->Find("k1")->key.Reveal(), ring->current().key.Reveal());
  EXPECT_EQ(ring->Find("k3"), nullptr);
  EXPECT_EQ(ring->Find(""), nullptr);
}

TEST(KeyRing, WeakAndMalformedKeysAreRefusedByLine) {
  const auto refusal = [](const std::string& text) {
    const auto ring = KeyRing::Parse("link_keys", text);
    EXPECT_FALSE(ring) << text;
    return ring.ok() ? std::string() : ring.error().message;
  };
  const std::string good = NewKeyRingLine("k1");
  EXPECT_THAT(refusal(""), HasSubstr("no key"));
  EXPECT_THAT(refusal("# nothing\n"), HasSubstr("no key"));
  EXPECT_THAT(refusal("\n" + good + "k2\n"), HasSubstr("link_keys line 3"));
  EXPECT_THAT(refusal(good + good), HasSubstr("twice"));
  EXPECT_THAT(refusal("k1 " + ToBase64(Counting(0, 30)) + "\n"), HasSubstr("32 bytes"));
  EXPECT_THAT(refusal("k1 " + ToBase64(std::string(32, '\0')) + "\n"), HasSubstr("not random"));
  EXPECT_THAT(refusal("k1 " + ToBase64(std::string(64, 'c')) + "\n"), HasSubstr("not random"));
  EXPECT_THAT(refusal("k1 changeme\n"), HasSubstr("32 bytes"));
  EXPECT_THAT(refusal("k1 not base64!\n"), HasSubstr("base64"));
  EXPECT_THAT(refusal("k{1} " + good.substr(3)), HasSubstr("line 1"));
  EXPECT_THAT(refusal("kkkkkkkkkkkkkkkkk " + good.substr(3)), HasSubstr("16 bytes"));
}

TEST(KeyRing, AFileThatOthersMayReadIsRefused) {
  TempFile file(NewKeyRingLine("k1"));
  EXPECT_TRUE(KeyRing::Load("link_keys", file.path()));
  file.Rights(0640);
  EXPECT_TRUE(KeyRing::Load("link_keys", file.path()));
  file.Rights(0644);
  const auto open = KeyRing::Load("link_keys", file.path());
  ASSERT_FALSE(open);
  EXPECT_THAT(open.error().message, HasSubstr("chmod o-rwx"));
  file.Replace(std::string(100'000, '#'));
  EXPECT_FALSE(KeyRing::Load("link_keys", file.path()));
}

TEST(Secret, AMovedSecretIsEmptyAndACopyIsWhole) {
  Secret a(std::string(32, 's'));
  const Secret copy = a;
  const Secret moved = std::move(a);
  EXPECT_TRUE(a.empty());  // NOLINT: the state after a move is promised
  EXPECT_EQ(copy.Reveal(), moved.Reveal());
  Secret assigned;
  assigned = copy;
  EXPECT_EQ(assigned.Reveal(), copy.Reveal());
}

TEST(ConstantTime, EqualMeansSameLengthAndSameBytes) {
  EXPECT_TRUE(ConstantTimeEqual("", ""));
  EXPECT_TRUE(ConstantTimeEqual("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "ab"));
  EXPECT_FALSE(ConstantTimeEqual("abc", std::string_view("abc\0", 4)));
}

}  // namespace
}  // namespace escalon

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "absl/time/time.h"
#include "common/core/backoff.h"
#include "common/core/digest.h"
#include "common/core/html.h"
#include "common/core/ids.h"
#include "common/core/instant.h"
#include "common/core/random.h"

namespace escalon {
namespace {

TEST(Html, shows_what_would_be_a_tag_or_end_an_attribute) {
  EXPECT_EQ(EscapeHtml("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  EXPECT_EQ(EscapeHtml("Grüße, 5 %"), "Grüße, 5 %");
}

TEST(Instant, reads_what_it_writes_and_only_real_dates) {
  EXPECT_EQ(FormatInstant(*ParseInstant("2030-04-23T18:00:00.250+02:00")), "2030-04-23T16:00:00.250Z");
  EXPECT_EQ(FormatInstant(*ParseInstant("1969-12-31T23:59:59.999Z")), "1969-12-31T23:59:59.999Z");
  for (const char* text : {"", "2030-02-30T00:00:00Z", "2030-04-23 16:00:00Z", "2030-04-23T24:00:00Z",
                           "2030-04-23T16:00:00", "2030-04-23T16:00:00.Z", "2030-04-23T16:00:60Z",
                           "1899-12-31T00:00:00Z", "2030-04-23T16:00:00+2:00", "2030-04-23T16:00:00Zx"}) {
    EXPECT_FALSE(ParseInstant(text).ok()) << text;
  }
}

TEST(Instant, is_written_as_absl_writes_it) {
  std::mt19937_64 random(7);
  const auto expect_same = [](InstantMs at) {
    const char* format = at % 1000 == 0 ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%dT%H:%M:%E3SZ";
    EXPECT_EQ(FormatInstant(at), absl::FormatTime(format, absl::FromUnixMillis(at), absl::UTCTimeZone())) << at;
  };
  for (const InstantMs edge :
       {InstantMs{0}, InstantMs{-1}, InstantMs{-2'208'988'800'000}, InstantMs{-2'208'988'800'001},
        InstantMs{7'258'118'399'999}, InstantMs{7'258'118'400'000}, InstantMs{951'782'400'000}}) {
    expect_same(edge);
  }
  for (int i = 0; i < 2000; ++i) {
    const auto at = static_cast<InstantMs>(random() % 12'000'000'000'000) - 4'000'000'000'000;
    expect_same(i % 2 == 0 ? at : at / 1000 * 1000);
  }
}

TEST(Duration, has_one_spelling_per_unit_and_refuses_the_rest) {
  EXPECT_EQ(*ParseDuration("1h30m"), 90 * kMinuteMs);
  EXPECT_EQ(*ParseDuration("250ms"), 250);
  EXPECT_EQ(FormatDuration(kHourMs + 5), "1h5ms");
  EXPECT_EQ(FormatDuration(0), "0s");
  for (const char* text : {"", "5", "m", "30m1h", "1h1h", "1d", "-5m", "9999999999999999h", "1.5h", "3000000h"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
}

TEST(CaseId, carries_time_bucket_and_cell_and_prints_as_a_uuid_of_version_8) {
  const CaseId id = CaseId::Make(1'800'000'000'123, 4095, 255, ~uint64_t{0});
  EXPECT_EQ(id.created_at(), 1'800'000'000'123);
  EXPECT_EQ(id.bucket(), 4095);
  EXPECT_EQ(id.cell(), 255);
  const std::string text = id.ToString();
  EXPECT_EQ(text[14], '8');
  EXPECT_THAT(std::string("89ab"), ::testing::HasSubstr(std::string(1, text[19])));
  EXPECT_EQ(*CaseId::Parse(text), id);
  EXPECT_EQ(*CaseId::FromBytes(id.AsBytes()), id);
  std::string broken = text;
  broken[14] = '4';
  EXPECT_FALSE(CaseId::Parse(broken).ok());
  EXPECT_FALSE(CaseId::Parse(text.substr(1)).ok());
  EXPECT_FALSE(CaseId::Parse(std::string(36, 'g')).ok());
}

TEST(Placement, is_the_first_12_bits_of_the_documented_hash) {
  // Computed apart from this code, with Python: sha256(be32(4) + "acme" + be32(2) + "k1"), first three hex digits
  // 0xd7d.
  EXPECT_EQ(BucketOf("acme", "k1"), 3453);
  EXPECT_NE(BucketOf("acm", "ek1"), BucketOf("acme", "k1")) << "lengths are part of it";
  EXPECT_EQ(ShardOf(0, 8), 0);
  EXPECT_EQ(ShardOf(4095, 8), 7);
  EXPECT_EQ(ShardOf(512, 8), 1);
  std::set<int> buckets;
  for (int i = 0; i < 20'000; ++i) buckets.insert(BucketOf("acme", "key-" + std::to_string(i)));
  EXPECT_GT(buckets.size(), 3900u) << "keys spread over all buckets";
}

TEST(Digest, known_answers) {
  EXPECT_EQ(ToHex(AsView(Sha256Of("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(AsView(HmacSha256("key", "The quick brown fox jumps over the lazy dog"))),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  EXPECT_EQ(Sha256().Add("a").Add("bc").Finish(), Sha256Of("abc"));
  EXPECT_TRUE(ConstantTimeEqual("same", "same"));
  EXPECT_FALSE(ConstantTimeEqual("same", "sama"));
  EXPECT_FALSE(ConstantTimeEqual("same", "sam"));
}

TEST(Base64, round_trips_every_length_and_has_one_text_per_value) {
  for (size_t size = 0; size < 70; ++size) {
    std::string bytes(size, '\0');
    SecureRandom(bytes.data(), size);
    std::string back;
    ASSERT_TRUE(FromBase64(ToBase64(bytes), &back));
    EXPECT_EQ(back, bytes);
    ASSERT_TRUE(FromBase64Url(ToBase64Url(bytes), &back));
    EXPECT_EQ(back, bytes);
  }
  std::string out;
  for (const char* text : {"A", "AB", "a!b=", "AAAA A", "_w"}) {
    if (FromBase64(text, &out)) {
      EXPECT_EQ(ToBase64(out).substr(0, std::string(text).size()), text);
    }
  }
  EXPECT_FALSE(FromBase64("AB", &out)) << "bits that encode nothing must be 0";
}

TEST(Backoff, grows_to_its_ceiling_with_jitter) {
  const Backoff backoff{100, 5000};
  for (int attempt = 0; attempt < 40; ++attempt) {
    const DurationMs least = backoff.Delay(attempt, 0), most = backoff.Delay(attempt, ~uint64_t{0});
    EXPECT_GE(least, 50);
    EXPECT_LE(most, 5000);
    EXPECT_LE(least, most);
  }
  EXPECT_EQ(backoff.Delay(39, 0), 2500);
}

}  // namespace
}  // namespace escalon

#include "services/intake/access/rate_limit.h"

#include <gtest/gtest.h>

#include "tests/unit/intake/manual_clock.h"

namespace escalon::intake {
namespace {

TEST(TenantRate, TakesABurstThenTheRate) {
  ManualClock clock;
  TenantRate rate(10, 5, clock);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(rate.Take("acme", 1).ok());
  const Status refused = rate.Take("acme", 1);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(refused.error().retry_after_ms, 100);
  clock.Pass(100);
  EXPECT_TRUE(rate.Take("acme", 1).ok());
  EXPECT_FALSE(rate.Take("acme", 1).ok());
}

TEST(TenantRate, OneTenantDoesNotSpendAnothersTokens) {
  ManualClock clock;
  TenantRate rate(1, 1, clock);
  EXPECT_TRUE(rate.Take("acme", 1).ok());
  EXPECT_FALSE(rate.Take("acme", 1).ok());
  EXPECT_TRUE(rate.Take("globex", 1).ok());
}

TEST(TenantRate, AWholeBatchMayBeLargerThanTheBurst) {
  ManualClock clock;
  TenantRate rate(10, 100, clock);
  EXPECT_TRUE(rate.Take("acme", 1000).ok());
  EXPECT_FALSE(rate.Take("acme", 1000).ok());
  clock.Pass(10'000);
  EXPECT_TRUE(rate.Take("acme", 1000).ok());
}

TEST(TenantRate, RateZeroLimitsNobody) {
  ManualClock clock;
  TenantRate rate(0, 1, clock);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(rate.Take("acme", 100).ok());
}

TEST(FailureLimit, RefusesACallerAfterTooManyFailuresUntilTheMinuteIsOver) {
  ManualClock clock;
  FailureLimit limit(3, clock);
  const std::string caller = FailureLimit::CallerOf("10.0.0.1", "Bearer escalon_abc_secret");
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(limit.Check(caller).ok());
    limit.Failed(caller);
  }
  ASSERT_FALSE(limit.Check(caller).ok());
  EXPECT_EQ(limit.Check(caller).error().retry_after_ms, 60'000);
  clock.Pass(60'000);
  EXPECT_TRUE(limit.Check(caller).ok());
}

TEST(FailureLimit, AnotherKeyBehindTheSameAddressIsNotShutOut) {
  ManualClock clock;
  FailureLimit limit(1, clock);
  limit.Failed(FailureLimit::CallerOf("10.0.0.1", "Bearer escalon_abc_wrong"));
  EXPECT_FALSE(limit.Check(FailureLimit::CallerOf("10.0.0.1", "Bearer escalon_abc_other")).ok());
  EXPECT_TRUE(limit.Check(FailureLimit::CallerOf("10.0.0.1", "Bearer escalon_xyz_right")).ok());
}

TEST(FailureLimit, AnotherTokenBehindTheSameAddressIsNotShutOut) {
  ManualClock clock;
  FailureLimit limit(1, clock);
  limit.Failed(FailureLimit::CallerOf("10.0.0.1", "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.expired_claims.x_1"));
  EXPECT_FALSE(
      limit.Check(FailureLimit::CallerOf("10.0.0.1", "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.expired_claims.y_2"))
          .ok())
      << "the same claims with another guess at the signature";
  EXPECT_TRUE(
      limit.Check(FailureLimit::CallerOf("10.0.0.1", "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.good_claims.x_1"))
          .ok());
}

TEST(FailureLimit, KeepsNoSecretAndStaysBounded) {
  EXPECT_EQ(FailureLimit::CallerOf("a", "Bearer escalon_abc_secret").find("secret"), std::string::npos);
  ManualClock clock;
  FailureLimit limit(1, clock);
  for (int i = 0; i < 30'000; ++i) limit.Failed("caller " + std::to_string(i));
  EXPECT_FALSE(limit.Check("caller 29999").ok());
}

}  // namespace
}  // namespace escalon::intake

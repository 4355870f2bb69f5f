#include "common/domain/money.h"

#include <gtest/gtest.h>

#include <limits>

namespace escalon {
namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

int64_t MinorOf(const std::string& text) {
  const Result<Money> money = ParseMoney(text, "amount");
  return money ? money->minor : -1;
}

TEST(Money, IsReadInTheSmallestUnitOfItsCurrency) {
  EXPECT_EQ(MinorOf("500 EUR"), 50'000);
  EXPECT_EQ(MinorOf("1200.5 EUR"), 120'050);
  EXPECT_EQ(MinorOf("0 EUR"), 0);
  EXPECT_EQ(MinorOf("500 JPY"), 500);
  EXPECT_EQ(MinorOf("1.005 KWD"), 1005);
  EXPECT_EQ(MinorOf("92233720368547758.07 EUR"), kMost);
}

TEST(Money, WhatIsNoAmountIsRefusedWithTheRemedy) {
  for (const char* text : {"",
                           "500",
                           "500EUR",
                           "EUR 500",
                           "-5 EUR",
                           "+5 EUR",
                           "1.005 EUR",
                           "1. EUR",
                           ".5 EUR",
                           "1,5 EUR",
                           "1e3 EUR",
                           "0x10 EUR",
                           "5 JPY ",
                           "1.5 JPY",
                           "500 eur",
                           "500 XXX",
                           "500 XAU",
                           "500  EUR",
                           "92233720368547758.08 EUR",
                           "99999999999999999999 EUR"}) {
    const Result<Money> money = ParseMoney(text, "amount");
    ASSERT_FALSE(money.ok()) << text;
    EXPECT_EQ(money.error().fields.front().field, "amount") << text;
  }
}

TEST(Money, IsWrittenAsItIsRead) {
  for (const char* text : {"500.00 EUR", "0.05 EUR", "500 JPY", "1.005 KWD", "92233720368547758.07 EUR"}) {
    const Result<Money> money = ParseMoney(text, "");
    ASSERT_TRUE(money.ok()) << text;
    EXPECT_EQ(FormatMoney(*money), text);
  }
  EXPECT_EQ(FormatMoney({}), "");
}

TEST(Money, SumsAreExactAndNeverWrapAround) {
  EXPECT_EQ(Sum({1, "EUR"}, {2, "EUR"}), (Money{3, "EUR"}));
  EXPECT_EQ(Sum({kMost, "EUR"}, {1, "EUR"}), std::nullopt);
  EXPECT_EQ(Sum({1, "EUR"}, {1, "USD"}), std::nullopt);
}

TEST(Money, ConvertingRoundsUpSoThatALimitIsNotStretched) {
  constexpr RateNanos kDollar = 900'000'000, kYen = 6'000'000;
  EXPECT_EQ(Convert({10'000, "USD"}, "EUR", kDollar, kRateOfOne), (Money{9'000, "EUR"}));
  EXPECT_EQ(Convert({1, "USD"}, "EUR", kDollar, kRateOfOne), (Money{1, "EUR"}));
  EXPECT_EQ(Convert({1000, "JPY"}, "EUR", kYen, kRateOfOne), (Money{600, "EUR"}));
  EXPECT_EQ(Convert({600, "EUR"}, "JPY", kRateOfOne, kYen), (Money{1000, "JPY"}));
  EXPECT_EQ(Convert({100, "USD"}, "JPY", kDollar, kYen), (Money{150, "JPY"}));
  EXPECT_EQ(Convert({7, "EUR"}, "EUR", 0, 0), (Money{7, "EUR"})) << "the same currency needs no rate";
}

TEST(Money, AConversionThatDoesNotFitIsNone) {
  EXPECT_EQ(Convert({kMost, "USD"}, "JPY", kRateOfOne, 1), std::nullopt);
  EXPECT_EQ(Convert({kMost, "USD"}, "EUR", 900'000'000, kRateOfOne)->minor, 8'301'034'833'169'298'227);
  EXPECT_EQ(Convert({1, "USD"}, "EUR", 0, kRateOfOne), std::nullopt);
  EXPECT_EQ(Convert({-1, "USD"}, "EUR", kRateOfOne, kRateOfOne), std::nullopt);
}

TEST(Money, RatesHaveNineDigitsAndASaneSize) {
  EXPECT_EQ(*ParseRate("0.92", ""), 920'000'000);
  EXPECT_EQ(*ParseRate("1000000", ""), 1'000'000 * kRateOfOne);
  EXPECT_EQ(*ParseRate("0.000000001", ""), 1);
  for (const char* text : {"", "0", "-1", "1000000.1", "0.0000000001", "1/3", "92 %"})
    EXPECT_FALSE(ParseRate(text, "").ok()) << text;
}

}  // namespace
}  // namespace escalon

#include "tests/load/generator.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace escalon::load {
namespace {

constexpr InstantMs kNow = 1'800'000'000'000;

std::vector<Arrival> Make(uint64_t seed, int n) {
  Generator generator({.seed = seed, .run = "t"});
  std::vector<Arrival> out;
  for (int i = 0; i < n; ++i) out.push_back(generator.Next(kNow + i));
  return out;
}

bool Equals(const submission::v1::Submission& a, const submission::v1::Submission& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

TEST(Generator, MakesTheSameCasesForTheSameSeed) {
  const auto one = Make(7, 500), again = Make(7, 500), other = Make(8, 500);
  bool differs = false;
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_TRUE(Equals(one[i].submission, again[i].submission));
    EXPECT_EQ(one[i].plan.size(), again[i].plan.size());
    differs = differs || one[i].submission.title() != other[i].submission.title();
  }
  EXPECT_TRUE(differs);
}

TEST(Generator, MixesKindsRegionsAndImportance) {
  std::map<std::string, int> kinds, regions;
  int vips = 0;
  for (const Arrival& arrival : Make(1, 5000)) {
    ++kinds[arrival.submission.kind()];
    ++regions[arrival.submission.region()];
    vips += arrival.submission.requester().vip() ? 1 : 0;
  }
  for (const char* kind : {"incident", "request", "complaint", "alert", "security"}) EXPECT_GT(kinds[kind], 50) << kind;
  for (const char* region : {"emea", "amer", "apac"}) EXPECT_GT(regions[region], 500) << region;
  EXPECT_GT(vips, 10);
}

TEST(Generator, RepeatsASubmissionWordForWordUnderItsKey) {
  std::map<std::string, submission::v1::Submission> by_key;
  int repeats = 0;
  for (const Arrival& arrival : Make(1, 5000)) {
    const auto [place, fresh] = by_key.try_emplace(arrival.submission.idempotency_key(), arrival.submission);
    if (fresh) continue;
    ++repeats;
    EXPECT_TRUE(Equals(place->second, arrival.submission));
    EXPECT_TRUE(arrival.plan.empty());
  }
  EXPECT_GT(repeats, 50);
}

TEST(Generator, ReportsTheSameAlertAgainUnderAnotherKey) {
  std::map<std::string, std::set<std::string>> keys_by_alert;
  for (const Arrival& arrival : Make(1, 5000)) {
    const auto& s = arrival.submission;
    if (!s.dedup_key().empty() && !s.dedup_key().starts_with("storm/"))
      keys_by_alert[s.dedup_key()].insert(s.idempotency_key());
  }
  int again = 0;
  for (const auto& [alert, keys] : keys_by_alert) again += keys.size() > 1 ? 1 : 0;
  EXPECT_GT(again, 20);
}

TEST(Generator, BringsStormsOfFewFaultsAtOnce) {
  std::map<std::string, int> reports;
  int at_once = 0;
  for (const Arrival& arrival : Make(3, 5000)) {
    at_once += arrival.at_once ? 1 : 0;
    const std::string& key = arrival.submission.dedup_key();
    if (key.starts_with("storm/")) ++reports[key.substr(0, key.rfind('/'))];
  }
  EXPECT_GT(at_once, 100);
  ASSERT_FALSE(reports.empty());
  for (const auto& [storm, n] : reports) EXPECT_GE(n, 20) << storm;
}

TEST(Generator, PlansWholeLives) {
  std::set<Act> acts;
  for (const Arrival& arrival : Make(1, 5000)) {
    for (const PlannedAct& planned : arrival.plan) {
      acts.insert(planned.act);
      EXPECT_GT(planned.after_ms, 0);
    }
  }
  EXPECT_EQ(acts.size(), static_cast<size_t>(kActs));
}

}  // namespace
}  // namespace escalon::load

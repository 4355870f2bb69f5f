#include "common/domain/recent_openings.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace escalon {
namespace {

constexpr InstantMs kNow = 1904292000000;

class RecentOpeningsTest : public ::testing::Test {
 protected:
  /// The n-th case, a P3 of the service mail, opened then.
  static Case Made(uint64_t n, InstantMs at, const std::string& service = "mail") {
    Case c;
    c.id = CaseId::Make(at, 1, 0, n);
    c.tenant = "acme";
    Facts facts;
    facts.service = service;
    facts.source = "sensor";
    c.facts = std::make_shared<const Facts>(facts);
    c.state = CaseState::kAssigned;
    c.priority = Priority::kP3;
    c.opened_at = c.last_at = at;
    return c;
  }
  Case Add(uint64_t n, InstantMs at, const std::string& service = "mail") {
    Case c = Made(n, at, service);
    recent_.Changed(nullptr, c);
    return c;
  }
  template <typename Change>
  Case Then(const Case& before, Change change) {
    Case after = before;
    change(&after);
    recent_.Changed(before.facts.get(), after);
    return after;
  }
  OpeningsSnapshot::Gathering Asked(InstantMs since = kNow - 10 * kMinuteMs, Priority priority = Priority::kP3) {
    Case c = Made(999, kNow);
    c.priority = priority;
    return recent_.GatheredWith(c, "service mail", since);
  }
  RecentOpenings recent_;
};

TEST_F(RecentOpeningsTest, TheOthersOfOneKeyAreCountedAndTheFirstOpenOneIsTheParent) {
  const Case first = Add(1, kNow - 5 * kMinuteMs);
  Add(2, kNow - 4 * kMinuteMs);
  Add(3, kNow - 3 * kMinuteMs, "web");
  Case foreign = Made(4, kNow);
  foreign.tenant = "other";
  recent_.Changed(nullptr, foreign);
  Add(999, kNow);  // the case that asks
  EXPECT_EQ(Asked().others, 2u);
  EXPECT_EQ(Asked().parent, first.id);
  EXPECT_EQ(Asked(kNow - 4 * kMinuteMs).others, 1u);
  EXPECT_EQ(Asked(kNow).others, 0u);
}

TEST_F(RecentOpeningsTest, WhatHasEndedIsUnjudgedLighterOrAChildIsNoParent) {
  const Case first = Add(1, kNow - 5 * kMinuteMs);
  const Case second = Add(2, kNow - 4 * kMinuteMs);
  const Case third = Add(3, kNow - 3 * kMinuteMs);
  const Case fourth = Add(4, kNow - 2 * kMinuteMs);
  const Case fifth = Add(5, kNow - kMinuteMs);
  Then(first, [](Case* c) { c->state = CaseState::kResolved; });
  Then(second, [](Case* c) { c->state = CaseState::kNew; });
  Then(third, [](Case* c) { c->priority = Priority::kP4; });
  Then(fourth, [&](Case* c) { c->parent = first.id; });
  EXPECT_EQ(Asked().others, 5u) << "all were opened";
  EXPECT_EQ(Asked().parent, fifth.id);
  EXPECT_TRUE(Asked(kNow - 10 * kMinuteMs, Priority::kP2).parent.empty()) << "a P2 does not rest under a P3";
}

TEST_F(RecentOpeningsTest, AParentStaysOneWhileCasesComeAndPassesItOnWhenItIsFull) {
  const InstantMs long_ago = kNow - 40 * kMinuteMs;
  Case parent = Add(1, long_ago);
  const Case next = Add(2, kNow - kMinuteMs);
  EXPECT_EQ(Asked().parent, next.id);
  const auto take_in = [](size_t children) {
    return [children](Case* c) {
      while (c->links.size() < children) c->links.push_back({CaseId::Make(kNow, 1, 0, 7), "", LinkRelation::kParent});
      c->last_at = kNow - kMinuteMs;
    };
  };
  parent = Then(parent, take_in(1));
  EXPECT_EQ(Asked().parent, parent.id);
  EXPECT_EQ(Asked().others, 1u) << "not opened in that time";
  Then(parent, take_in(RecentOpenings::kMostChildren));
  EXPECT_EQ(Asked().parent, next.id);
}

TEST_F(RecentOpeningsTest, ALostShardAndWhatIsNobodysBusinessAreLeftOut) {
  const Case lost = Add(1, kNow - kMinuteMs);
  const Case kept = Add(4, kNow - kMinuteMs, "web");
  recent_.ForgetIf([&](const CaseId& id) { return id == lost.id; });
  Case imported = Made(2, kNow);
  imported.imported = true;
  recent_.Changed(nullptr, imported);
  Case secret = Made(3, kNow);
  Facts facts = *secret.facts;
  facts.restricted = true;
  secret.facts = std::make_shared<const Facts>(facts);
  recent_.Changed(nullptr, secret);
  EXPECT_EQ(recent_.size(), 1u) << "the one of web";
  EXPECT_EQ(Asked().others, 0u);
}

TEST_F(RecentOpeningsTest, OtherFactsMoveACaseToAnotherKey) {
  const Case c = Add(1, kNow - kMinuteMs, "web");
  Then(c, [](Case* after) {
    Facts facts = *after->facts;
    facts.service = "mail";
    after->facts = std::make_shared<const Facts>(facts);
  });
  EXPECT_EQ(Asked().others, 1u);
  EXPECT_EQ(recent_.size(), 1u);
}

TEST_F(RecentOpeningsTest, MemoryIsBoundedByTimeAndByNumber) {
  Add(1, kNow - 2 * kHourMs);
  EXPECT_EQ(recent_.size(), 1u);
  const Case parent = Add(2, kNow);
  EXPECT_EQ(recent_.size(), 1u) << "older than an hour";
  Then(parent, [](Case* c) { c->links.push_back({CaseId::Make(kNow, 1, 0, 7), "", LinkRelation::kParent}); });
  for (uint64_t n = 3; n < 1500; ++n) Add(n, kNow + static_cast<InstantMs>(n));
  EXPECT_EQ(recent_.size(), RecentOpenings::kMostOfOneKey);
  EXPECT_EQ(Asked(kNow).parent, parent.id);
}

}  // namespace
}  // namespace escalon

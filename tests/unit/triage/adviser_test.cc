#include "services/triage/application/adviser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace escalon::triage {
namespace {

using ::testing::ElementsAre;

class AdviserTest : public ::testing::Test {
 protected:
  AdviserTest() {
    policy_.id = "test";
    for (size_t i = 0; i < 3; ++i) {
      for (size_t u = 0; u < 3; ++u) policy_.matrix[i][u] = static_cast<Priority>(std::min<size_t>(4, 1 + i + u));
    }
    policy_.category_keywords = {{"database", {"postgres", "db backup"}}, {"backup", {"backup"}}};
    policy_.skills_by_category = {{"database", {"sql"}}};
  }
  RecordTriage Of(Facts facts) {
    Case c;
    c.version = 1;
    c.facts = std::make_shared<const Facts>(std::move(facts));
    return Advise(policy_, c);
  }
  Policy policy_;
};

TEST_F(AdviserTest, priority_comes_from_the_matrix_and_says_so) {
  Facts facts;
  facts.impact = Grade::kHigh;
  facts.urgency = Grade::kMedium;
  const RecordTriage advice = Of(facts);
  EXPECT_EQ(advice.priority, Priority::kP2);
  EXPECT_EQ(advice.judged_version, 1u);
  EXPECT_FALSE(advice.trace.empty());
}

TEST_F(AdviserTest, the_longest_keyword_in_the_title_gives_category_and_skills) {
  Facts facts;
  facts.title = "Nightly DB Backup failed";
  const RecordTriage advice = Of(facts);
  EXPECT_EQ(advice.category, "database");
  EXPECT_THAT(advice.skills, ElementsAre("sql"));
}

TEST_F(AdviserTest, a_category_that_the_source_gave_stays) {
  Facts facts;
  facts.title = "postgres is slow";
  facts.category = "billing";
  EXPECT_EQ(Of(facts).category, "billing");
}

TEST_F(AdviserTest, the_same_facts_give_the_same_advice) {
  Facts facts;
  facts.title = "postgres";
  facts.skills = {"linux"};
  const RecordTriage first = Of(facts), second = Of(facts);
  EXPECT_EQ(first.trace, second.trace);
  EXPECT_EQ(first.skills, second.skills);
}

}  // namespace
}  // namespace escalon::triage

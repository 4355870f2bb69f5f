#include "services/intake/inbound/http/query_words_gateway.h"

#include <gtest/gtest.h>

namespace escalon::intake {
namespace {

TEST(QueryWords, NameStatesAndPrioritiesAsPeopleDo) {
  const auto list = ReadListWords({{"state", "in_progress,pending"},
                                   {"state", "new"},
                                   {"priority", "P1"},
                                   {"open", "true"},
                                   {"order", "changed"},
                                   {"page_size", "20"}});
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->filter().states_size(), 3);
  EXPECT_EQ(static_cast<int>(list->filter().states(0)), 5);
  EXPECT_EQ(static_cast<int>(list->filter().priorities(0)), 1);
  EXPECT_TRUE(list->filter().open());
  EXPECT_EQ(static_cast<int>(list->order()), 3);
  EXPECT_EQ(list->page_size(), 20);
}

TEST(QueryWords, NameEveryFault) {
  const auto list = ReadListWords({{"state", "asleep"},
                                   {"priority", "P9"},
                                   {"open", "perhaps"},
                                   {"page_size", "501"},
                                   {"colour", "red"},
                                   {"team", "a"},
                                   {"team", "b"}});
  ASSERT_FALSE(list.ok());
  std::vector<std::string> fields;
  for (const auto& fault : list.error().fields) fields.push_back(fault.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"state", "priority", "team", "open", "page_size", "colour"}));
}

TEST(QueryWords, CountsByNames) {
  const auto count = ReadCountWords({{"by", "state,team"}});
  ASSERT_TRUE(count.ok());
  EXPECT_EQ(count->by_size(), 2);
  EXPECT_FALSE(ReadCountWords({{"by", "moon"}}).ok());
}

TEST(QueryWords, ReadInstantsAndNumbers) {
  const QueryWords words = {{"at", "2030-04-23T16:00:00Z"}, {"n", "18446744073709551615"}, {"m", "-1"}, {"t", "soon"}};
  WordReader reader(words);
  EXPECT_EQ(reader.Time("at"), 1903190400000);
  EXPECT_EQ(reader.Number("n"), UINT64_MAX);
  EXPECT_TRUE(reader.Finish().error().fields.size() == 2);
  reader.Number("m");
  reader.Time("t");
  EXPECT_EQ(reader.Finish().error().fields.size(), 2u);
}

}  // namespace
}  // namespace escalon::intake

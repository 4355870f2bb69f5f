#include "common/explanation/explain.h"

#include <gmock/gmock.h>

#include "common/documents/roster_document.h"
#include "common/explanation/words.h"
#include "tests/unit/explanation/shipped.h"

namespace escalon::explanation {
namespace {

using test::Parsed;
using test::Shipped;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Condition Compare(const std::string& field, Condition::Op op, std::vector<std::string> values) {
  Condition condition;
  condition.kind = Condition::Kind::kCompare;
  condition.field = field;
  condition.op = op;
  condition.values = std::move(values);
  return condition;
}

TEST(Words, SayTargetsAsPeopleDo) {
  EXPECT_EQ(Spoken(DurationMs{0}), "no time");
  EXPECT_EQ(Spoken(90 * kMinuteMs), "1 hour 30 minutes");
  EXPECT_EQ(Spoken(72 * kHourMs), "72 hours");
  EXPECT_EQ(Spoken(7 * kDayMs), "7 days");
  EXPECT_EQ(Spoken(Target{0, 1, false}), "1 business day");
  EXPECT_EQ(Spoken(Target{0, 3, true}), "3 business days, until closing");
}

TEST(Words, SayConditionsWithBracketsWhereTheyMatter) {
  Condition any;
  any.kind = Condition::Kind::kAny;
  any.parts = {Compare("priority", Condition::Op::kIs, {"P1"}), Compare("reopens", Condition::Op::kGe, {"2"})};
  Condition all;
  all.kind = Condition::Kind::kAll;
  all.parts = {Compare("kind", Condition::Op::kIn, {"incident", "alert"}), any};
  EXPECT_EQ(Spoken(all), "kind is incident or alert and (priority is P1 or reopens is at least 2)");
  EXPECT_EQ(Spoken(Condition{}), "every case");
}

TEST(Words, SayWhatEachFactOfAWeighedConditionCounts) {
  Condition weighing;
  weighing.kind = Condition::Kind::kWeighs;
  weighing.at_least = 40;
  weighing.factors = {{.field = "complexity", .points = {{"high", 30}, {"medium", 10}}, .missing = 5},
                      {.field = "labels.loss", .points = {}, .each = 1, .per = 1'000, .most = 40},
                      {.field = "requester.vip", .points = {{"true", 20}}}};
  EXPECT_EQ(
      Spoken(weighing),
      "a weight of 40 or more out of complexity (high +30, medium +10, not said +5), labels.loss (+1 for each 1000, "
      "at most 40, not said 0), requester.vip (true +20)");
}

TEST(Words, GatherPriorities) {
  EXPECT_EQ(ByPriority([](Priority) { return std::string("1 hour"); }), "1 hour");
  EXPECT_EQ(ByPriority([](Priority p) { return std::string(p == Priority::kP1 ? "a" : "b"); }), "P1: a; P2, P3, P4: b");
  EXPECT_EQ(ByPriority([](Priority p) { return std::string(p == Priority::kP1 ? "L2" : ""); }), "P1: L2");
}

TEST(Explain, HasTheLadderWithAllSixColumns) {
  const std::string page = AsMarkdown(Explain(Parsed(Shipped("customer-ladder.yaml")), nullptr));
  EXPECT_THAT(page,
              AllOf(HasSubstr("| L1 | 15 minutes |"), HasSubstr("| EXEC | 24 hours |"),
                    HasSubstr("| L3 | significant | serious incidents, system failures | expert resources, vendor "
                              "contacts | moderate budget |")));
}

TEST(Explain, TellsEveryWayInWords) {
  const std::string page = AsText(Explain(Parsed(Shipped("shop.yaml")), nullptr));
  EXPECT_THAT(page, AllOf(HasSubstr("Way: security"), HasSubstr("For cases where kind is security."),
                          HasSubstr("As the case opens, if priority is P1: MGR is informed."),
                          HasSubstr("The steps repeat until somebody acknowledges.")));
}

TEST(Explain, AddsContactsOfThoseWhomThePolicyMeansOnly) {
  Result<RosterDocument> document = ParseRoster(Shipped("shop-roster.yaml"));
  ASSERT_TRUE(document);
  const auto roster = Roster::Build(std::move(*document));
  ASSERT_TRUE(roster);
  const std::string page = AsText(Explain(Parsed(Shipped("customer-ladder.yaml")), roster->get()));
  EXPECT_THAT(page,
              AllOf(HasSubstr("Contacts"), HasSubstr("mail quentin@shop.example"), HasSubstr("team duty-managers")));
  EXPECT_THAT(page, Not(HasSubstr("sven@shop.example")));
}

TEST(Page, EscapesWhatItIsWrittenIn) {
  Page page;
  page.title = "<b> & more";
  Chapter& chapter = page.chapters.emplace_back(Chapter{"a|b", 2, {}});
  chapter.Say(PageTable{{"x"}, {{"1 | <script>"}}});
  EXPECT_THAT(AsHtml(page),
              AllOf(HasSubstr("&lt;b&gt; &amp; more"), HasSubstr("&lt;script&gt;"), Not(HasSubstr("<script>"))));
  EXPECT_THAT(AsMarkdown(page), AllOf(HasSubstr("a\\|b"), HasSubstr("1 \\| &lt;script&gt;")));
}

TEST(Page, WrapsWideCellsAndLeavesOutEmptyChapters) {
  Page page;
  page.title = "t";
  page.chapters.push_back({"nothing here", 2, {}});
  Chapter& chapter = page.chapters.emplace_back(Chapter{"wide", 2, {}});
  std::string words;
  for (int i = 0; i < 30; ++i) words += "word ";
  chapter.Say(PageTable{{"a", "b"}, {{words, "end"}}});
  const std::string text = AsText(page);
  EXPECT_THAT(text, Not(HasSubstr("nothing here")));
  for (size_t at = 0, end = 0; at < text.size(); at = end + 1) {
    end = std::min(text.find('\n', at), text.size());
    EXPECT_LE(end - at, 60u);
  }
}

}  // namespace
}  // namespace escalon::explanation

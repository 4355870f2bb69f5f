#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/intake/inbound/http/link_gateway.h"
#include "services/intake/inbound/http/link_pages.h"

namespace escalon::intake {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SignedLink Link(LinkAction action) {
  SignedLink link;
  link.tenant = "acme";
  link.case_id = CaseId::Make(1, 2, 3, 4);
  link.action = action;
  link.subject = "ann";
  link.intent_version = 7;
  link.intent_index = 1;
  return link;
}

Case Hostile() {
  Case c;
  c.state = CaseState::kAssigned;
  c.owner.team = "<i>team</i>";
  Facts facts;
  facts.title = "<script>alert('x')</script> & \"more\"";
  c.facts = std::make_shared<const Facts>(facts);
  return c;
}

TEST(LinkPage, ShowsAButtonAndActsOnlyWhenItIsPressed) {
  const http::Response page = LinkPage(Link(LinkAction::kAcknowledge), Hostile());
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<form method=\"post\">"));
  EXPECT_THAT(page.body, HasSubstr("Acknowledge</button>"));
}

TEST(LinkPage, EscapesEveryText) {
  for (const LinkAction action : {LinkAction::kAcknowledge, LinkAction::kView, LinkAction::kReject}) {
    const std::string body = LinkPage(Link(action), Hostile()).body;
    EXPECT_THAT(body, Not(HasSubstr("<script>")));
    EXPECT_THAT(body, Not(HasSubstr("<i>")));
  }
  EXPECT_THAT(LinkErrorPage({ErrorCode::kNotFound, "<b>"}).body, Not(HasSubstr("<b>")));
}

TEST(LinkPage, LoadsNothingAndIsKeptNowhere) {
  const http::Response page = LinkPage(Link(LinkAction::kView), Hostile());
  EXPECT_THAT(std::string(page.headers.Get("Content-Security-Policy")), HasSubstr("default-src 'none'"));
  EXPECT_EQ(page.headers.Get("Cache-Control"), "no-store");
  EXPECT_EQ(page.headers.Get("Referrer-Policy"), "no-referrer");
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
}

TEST(LinkPage, AViewingLinkHasNoForm) {
  EXPECT_THAT(LinkPage(Link(LinkAction::kView), Hostile()).body, Not(HasSubstr("<form")));
}

TEST(LinkPage, AnExpiredLinkSaysSo) {
  Error error{ErrorCode::kUnauthenticated, "the link has expired"};
  error.detail = kLinkExpired;
  const http::Response page = LinkErrorPage(error);
  EXPECT_EQ(page.status, 401);
  EXPECT_THAT(page.body, HasSubstr("too old"));
}

TEST(LinkForm, AsksForWhatTheActionNeeds) {
  EXPECT_TRUE(ReadLinkForm(LinkAction::kAcknowledge, "").ok());
  EXPECT_EQ(ReadLinkForm(LinkAction::kReject, "").error().fields.front().field, "text");
  EXPECT_EQ(ReadLinkForm(LinkAction::kRate, "score=6").error().fields.front().field, "score");
  EXPECT_EQ(ReadLinkForm(LinkAction::kRate, "score=5x").error().fields.front().field, "score");
  const auto form = ReadLinkForm(LinkAction::kReject, "text=still+broken%0d%0asee+log");
  ASSERT_TRUE(form.ok());
  EXPECT_EQ(form->text, "still broken\nsee log");
}

TEST(LinkForm, RefusesHostileTexts) {
  EXPECT_FALSE(ReadLinkForm(LinkAction::kReject, "text=%00").ok());
  EXPECT_FALSE(ReadLinkForm(LinkAction::kReject, "text=%ff%fe").ok());
  EXPECT_FALSE(ReadLinkForm(LinkAction::kReject, "text=%1b%5b31m").ok());
  EXPECT_FALSE(ReadLinkForm(LinkAction::kReject, "text=" + std::string(3000, 'a')).ok());
  EXPECT_FALSE(ReadLinkForm(LinkAction::kReject, std::string(100'000, 'a')).ok());
}

TEST(LinkCommand, UsedTwiceIsTheSameCommand) {
  const auto first = CommandOfLink(Link(LinkAction::kAcknowledge), {}, Track::kHierarchical);
  EXPECT_EQ(first.command_id(), CommandOfLink(Link(LinkAction::kAcknowledge), {}, Track::kHierarchical).command_id());
  EXPECT_EQ(first.acknowledge().channel(), "link");
  EXPECT_EQ(static_cast<int>(first.acknowledge().track()), 2);
  SignedLink other = Link(LinkAction::kAcknowledge);
  other.intent_index = 2;
  EXPECT_NE(first.command_id(), CommandOfLink(other, {}, Track::kFunctional).command_id());
}

TEST(LinkCommand, OtherWordsAreAnotherCommand) {
  EXPECT_NE(CommandOfLink(Link(LinkAction::kAddFact), {0, "a"}, Track::kFunctional).command_id(),
            CommandOfLink(Link(LinkAction::kAddFact), {0, "b"}, Track::kFunctional).command_id());
}

TEST(LinkCommand, ARequesterAsksAsACustomer) {
  EXPECT_EQ(
      static_cast<int>(CommandOfLink(Link(LinkAction::kEscalate), {0, "x"}, Track::kFunctional).escalate().reason()),
      static_cast<int>(EscalationReason::kCustomerRequest));
  EXPECT_TRUE(CommandOfLink(Link(LinkAction::kAddFact), {0, "x"}, Track::kFunctional).add_note().from_customer());
  EXPECT_EQ(CommandOfLink(Link(LinkAction::kRate), {4, ""}, Track::kFunctional).rate().score(), 4);
  EXPECT_TRUE(CommandOfLink(Link(LinkAction::kConfirm), {}, Track::kFunctional).has_confirm_resolution());
}

}  // namespace
}  // namespace escalon::intake

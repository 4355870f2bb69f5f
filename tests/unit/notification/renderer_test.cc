#include "services/notification/application/renderer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "services/notification/application/templates.h"
#include "tests/support/temp_dir.h"

namespace escalon::notification {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class RendererTest : public testing::Test {
 protected:
  RendererTest() {
    auto made = Renderer::Create("");
    EXPECT_TRUE(made.ok()) << made.error().message;
    renderer_ = std::move(*made);
    case_.id = CaseId::Make(1'767'960'000'000, 7, 0, 1);
    SetTitle("Checkout is down");
    case_.state = CaseState::kAssigned;
    case_.functional.level = "L2";
    case_.owner.person = "ana";
    ClockRun wait;
    wait.name = "step.functional";
    wait.due_at = 1'767'960'000'000;  // 2026-01-09T12:00:00Z
    case_.clocks.push_back(wait);
    letter_.message = "escalated";
    letter_.channel = "mail";
    letter_.case_id = case_.id;
    letter_.priority = Priority::kP1;
    letter_.c = &case_;
  }
  void SetTitle(const std::string& title) {
    auto facts = std::make_shared<Facts>();
    facts->title = title;
    facts->external_ref = "INC0010001";
    case_.facts = facts;
  }
  std::unique_ptr<Renderer> renderer_;
  Case case_;
  Letter letter_;
};

TEST_F(RendererTest, SaysWhatIsKnownAndLeavesOutWhatIsNot) {
  const Rendered out = renderer_->Render(letter_);
  EXPECT_EQ(out.subject, "[P1] escalated: Checkout is down");
  EXPECT_THAT(out.text, AllOf(HasSubstr("escalated to L2"), HasSubstr("INC0010001"), HasSubstr("Owner: ana"),
                              HasSubstr("Due: ")));
  EXPECT_THAT(out.text, AllOf(Not(HasSubstr("Why:")), Not(HasSubstr("Next update")), Not(HasSubstr("none"))));
}

TEST_F(RendererTest, DueTimesAreOnTheReadersClock) {
  letter_.timezone = "Asia/Tokyo";
  EXPECT_THAT(renderer_->Render(letter_).text, HasSubstr("9:00"));
  letter_.timezone = "Europe/Berlin";
  letter_.languages = {"de"};
  EXPECT_THAT(renderer_->Render(letter_).text, HasSubstr("13:00"));
}

TEST_F(RendererTest, TheFirstLanguageWithWordsIsTaken) {
  letter_.languages = {"pt", "de-CH", "en"};
  const Rendered out = renderer_->Render(letter_);
  EXPECT_EQ(out.language, "de");
  EXPECT_THAT(out.subject, HasSubstr("eskaliert"));
  letter_.languages = {"ja"};
  EXPECT_EQ(renderer_->Render(letter_).language, "en");
}

TEST_F(RendererTest, AHostileTitleStaysOneLineOfText) {
  SetTitle("x\r\nBcc: all@acme.example\n\n{title} {0,number} '{' \xE2\x80\xAE gnp.exe \xE2\x80\xA8 <script>\x07\xff");
  const Rendered out = renderer_->Render(letter_);
  EXPECT_EQ(out.subject.find('\n'), std::string::npos);
  EXPECT_EQ(out.subject.find('\r'), std::string::npos);
  EXPECT_THAT(out.subject, AllOf(HasSubstr("Bcc: all@acme.example"), HasSubstr("{title} {0,number}"),
                                 Not(HasSubstr("\xE2\x80\xAE"))));
  EXPECT_THAT(out.text, Not(HasSubstr("\nBcc:")));
}

TEST_F(RendererTest, AVeryLongTitleIsCutBetweenCharacters) {
  std::string title;
  for (int i = 0; i < 200'000; ++i) title += "ä";
  SetTitle(title);
  const Rendered out = renderer_->Render(letter_);
  EXPECT_LE(out.subject.size(), 300u);
  EXPECT_EQ(out.subject.size() % 2, std::string("[P1] escalated: ").size() % 2);
  EXPECT_LT(out.text.size(), 2000u);
}

TEST_F(RendererTest, TheOutsideHearsNothingOfTheInside) {
  letter_.message = "requester-resolved";
  letter_.outside = true;
  letter_.why = "ben gave up";
  letter_.links = {{"view", "https://v"}, {"confirm", "https://c"}, {"reject", "https://r"}};
  const Rendered out = renderer_->Render(letter_);
  EXPECT_THAT(out.text, AllOf(HasSubstr("https://v"), HasSubstr("https://c"), HasSubstr("https://r")));
  EXPECT_THAT(out.text, AllOf(Not(HasSubstr("ana")), Not(HasSubstr("L2")), Not(HasSubstr("gave up"))));
  // A message without words of its own for the requester still says nothing inside.
  letter_.message = "escalated";
  EXPECT_THAT(renderer_->Render(letter_).text, Not(HasSubstr("L2")));
}

TEST_F(RendererTest, AnUnknownMessageStillSaysSomething) {
  letter_.message = "invented_by_a_policy";
  const Rendered out = renderer_->Render(letter_);
  EXPECT_THAT(out.subject, HasSubstr("Checkout is down"));
  EXPECT_THAT(out.text, HasSubstr(case_.id.ToString()));
}

TEST_F(RendererTest, FilesGoBeforeTheBuiltInWordsAlsoByChannel) {
  test::TempDir dir;
  std::ofstream(dir.path() + "/en.yaml") << "escalated: {subject: 'Up: {title}', text: 'Go.'}\n"
                                            "escalated.mail: {subject: 'Mail: {title}', text: 'Go.'}\n";
  std::ofstream(dir.path() + "/pt.yaml") << "escalated: {subject: 'Escalado: {title}', text: 'Vai.'}\n";
  auto made = Renderer::Create(dir.path());
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ((*made)->Render(letter_).subject, "Mail: Checkout is down");
  letter_.channel = "webhook";
  EXPECT_EQ((*made)->Render(letter_).subject, "Up: Checkout is down");
  letter_.languages = {"pt"};
  EXPECT_EQ((*made)->Render(letter_).subject, "Escalado: Checkout is down");
  letter_.message = "breached";
  EXPECT_THAT((*made)->Render(letter_).subject, HasSubstr("promise broken"))
      << "not in that language: in the general one";
}

TEST_F(RendererTest, ABadFileIsRefusedWithItsPlace) {
  test::TempDir dir;
  const auto refusal = [&](const char* text) {
    std::ofstream(dir.path() + "/en.yaml") << text;
    const auto made = Renderer::Create(dir.path());
    return made.ok() ? std::string("accepted") : made.error().message;
  };
  EXPECT_THAT(refusal("escalated: {subject: '{title', text: x}"),
              AllOf(HasSubstr("en.yaml: escalated.subject"), HasSubstr("no ICU")));
  EXPECT_THAT(refusal("escalated: {subject: '{titel}', text: x}"), HasSubstr("unknown argument {titel}"));
  EXPECT_THAT(refusal("escalated: {subjekt: a, text: x}"), HasSubstr("unknown key subjekt"));
  EXPECT_THAT(refusal("- a\n"), HasSubstr("must map"));
  EXPECT_THAT(refusal("a: [\n"), HasSubstr("en.yaml"));
  EXPECT_THAT(Renderer::Create("/nowhere").error().message, HasSubstr("templates.dir"));
}

TEST_F(RendererTest, EveryLanguageHasTheSameMessages) {
  std::vector<std::vector<std::string>> names;
  for (const TemplateSet& set : BuiltInTemplates()) {
    names.emplace_back();
    for (const Template& one : set.templates) names.back().emplace_back(one.name);
  }
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[0], names[1]);
}

}  // namespace
}  // namespace escalon::notification

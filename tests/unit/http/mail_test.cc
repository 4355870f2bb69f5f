#include "common/http/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace escalon::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Mail Plain() { return {.from = "desk@example.com", .to = {"ann@example.com"}, .subject = "Case 7", .text = "Hello\n"}; }

TEST(MailTest, ComposesAReadableMessage) {
  Mail mail = Plain();
  mail.from_name = "Service \"Desk\"";
  mail.message_id = "d1.a2@example.com";
  mail.headers = {{"Auto-Submitted", "auto-generated"}};
  EXPECT_EQ(*ComposeMail(mail, 1'900'000'000'123),
            "Date: Sun, 17 Mar 2030 17:46:40 +0000\r\n"
            "From: \"Service \\\"Desk\\\"\" <desk@example.com>\r\n"
            "To: <ann@example.com>\r\n"
            "Subject: Case 7\r\n"
            "Message-ID: <d1.a2@example.com>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "Hello\r\n");
}

TEST(MailTest, NoValueCanAddAHeader) {
  Mail mail = Plain();
  mail.subject = "x\r\nBcc: all@example.com\r\n\r\nbody";
  mail.from_name = "y\nBcc: all@example.com";
  mail.headers = {{"X-Note", "z\rBcc: all@example.com"}};
  const std::string text = *ComposeMail(mail, 0);
  EXPECT_THAT(text, Not(HasSubstr("\nBcc")));
  EXPECT_THAT(text, Not(HasSubstr("\rBcc")));
}

TEST(MailTest, RefusesAddressesThatAreNone) {
  for (const char* bad : {"", "a", "@b", "a@", "a b@c", "a@b c", "a@b>", "<a@b>", "a@b\r\nRCPT TO:<x@y>", "a@b,c@d",
                          "a..b@c", ".a@b", "a@b.", "a@-b", "\"a\"@b", "a@[127.0.0.1]", "ä@b.c"}) {
    Mail mail = Plain();
    mail.to.push_back(bad);
    const auto result = ComposeMail(mail, 0);
    ASSERT_FALSE(result.ok()) << bad;
    EXPECT_EQ(result.error().fields.at(0).field, "to[1]");
    mail = Plain();
    mail.from = bad;
    EXPECT_EQ(ComposeMail(mail, 0).error().fields.at(0).field, "from");
  }
  Mail mail = Plain();
  mail.to.clear();
  EXPECT_EQ(ComposeMail(mail, 0).error().fields.at(0).field, "to");
}

TEST(MailTest, RefusesFieldsThatTheMessageOwns) {
  for (const char* bad : {"Bcc", "TO", "Subject", "X:Y", "X Y", "", "X\r\nBcc", "content-type"}) {
    Mail mail = Plain();
    mail.headers = {{bad, "v"}};
    EXPECT_FALSE(ComposeMail(mail, 0).ok()) << bad;
  }
}

TEST(MailTest, LinesStayWithinTheLimitWhateverTheText) {
  Mail mail = Plain();
  for (int i = 0; i < 200; ++i) mail.subject += "漢字🚨é ";
  mail.from_name = mail.subject;
  mail.headers = {{std::string(40, 'X'), mail.subject}};
  mail.text = std::string(10'000, 'x') + "\n" + std::string(300, ' ') + "\nünïcödé=漢\r\nold mac\rend\xff\x01";
  const std::string text = *ComposeMail(mail, 0);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    ASSERT_TRUE(line.ends_with('\r')) << line;
    line.pop_back();
    EXPECT_LE(line.size(), 76u) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
    for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
  }
}

TEST(MailTest, EncodedWordsAreWhatTheStandardSays) {
  Mail mail = Plain();
  mail.subject = "Zürich";
  EXPECT_THAT(*ComposeMail(mail, 0), HasSubstr("\r\nSubject: =?UTF-8?B?WsO8cmljaA==?=\r\n"));
  mail.subject = "=?UTF-8?B?Zm9yZ2Vk?=";
  EXPECT_THAT(*ComposeMail(mail, 0), Not(HasSubstr("Zm9yZ2Vk")));
}

}  // namespace
}  // namespace escalon::http

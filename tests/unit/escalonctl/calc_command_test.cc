#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <streambuf>

#include "tests/unit/escalonctl/shell.h"

// The command around the questions: lines in, answers out, exit status.

namespace escalon::escalonctl {
namespace {

using test::Shell;
using ::testing::HasSubstr;

constexpr char kGood[] = R"({"query":"local_time","timezone":"Asia/Kathmandu","local":"2030-05-01T12:00"})";

TEST(CalcCommand, AnswersEveryLineInOrderWithoutAServer) {
  Shell shell;
  shell.input = std::string(kGood) + "\n\n  \nnonsense\n" + R"({"query":"local_time","id":9})" + "\n" + kGood;
  EXPECT_EQ(shell.Run({"calc"}), 1);
  std::istringstream lines(shell.out);
  std::vector<Json> answers;
  for (std::string line; std::getline(lines, line);) answers.push_back(Json::parse(line));
  ASSERT_EQ(answers.size(), 4u) << shell.out;
  EXPECT_EQ(answers[0]["result"]["at"], "2030-05-01T06:15:00Z");
  EXPECT_EQ(answers[1]["line"], 4);
  EXPECT_EQ(answers[2]["line"], 5);
  EXPECT_EQ(answers[2]["id"], 9);
  EXPECT_EQ(answers[3], answers[0]);
  EXPECT_EQ(shell.err, "");
  EXPECT_TRUE(shell.services.asked.empty());
}

TEST(CalcCommand, EndsWith0WhenEveryLineHadAResult) {
  Shell shell;
  shell.input = std::string(kGood) + "\r\n";
  EXPECT_EQ(shell.Run({"calc"}), 0);
  shell.input = "";
  EXPECT_EQ(shell.Run({"calc"}), 0);
  EXPECT_EQ(shell.out, "");
}

TEST(CalcCommand, WritesInstantsInAZone) {
  Shell shell;
  shell.input = kGood;
  EXPECT_EQ(shell.Run({"calc", "--zone", "Europe/Lisbon"}), 0);
  EXPECT_THAT(shell.out, HasSubstr(R"("at":"2030-05-01T07:15:00+01:00")"));
}

TEST(CalcCommand, EndsWith2WhenTheCommandIsWrong) {
  Shell shell;
  shell.input = kGood;
  EXPECT_EQ(shell.Run({"calc", "--zone", "CET"}), 2);
  EXPECT_THAT(shell.err, HasSubstr("--zone"));
  EXPECT_EQ(shell.out, "");
  EXPECT_EQ(shell.Run({"calc", "--zones", "UTC"}), 2);
  EXPECT_EQ(shell.Run({"calc", "queries.jsonl"}), 2);
  EXPECT_EQ(shell.out, "");
}

TEST(CalcCommand, RefusesALineThatIsTooLongAndGoesOn) {
  constexpr size_t kMiB = 1024 * 1024;
  const auto padded = [](size_t bytes) { return kGood + std::string(bytes - std::string(kGood).size(), ' '); };
  Shell shell;
  shell.input =
      padded(kMiB) + "\n" + padded(kMiB + 1) + "\n" + padded(3 * kMiB) + "\n" + kGood + "\n" + padded(2 * kMiB);
  EXPECT_EQ(shell.Run({"calc"}), 1);
  std::istringstream lines(shell.out);
  std::vector<std::string> fields;
  for (std::string line; std::getline(lines, line);) {
    const Json answer = Json::parse(line);
    fields.push_back(answer.contains("error") ? "line " + answer["line"].dump() + answer["error"]["field"].dump() : "");
  }
  EXPECT_EQ(fields, (std::vector<std::string>{"", R"(line 2"")", R"(line 3"")", "", R"(line 5"")"}));
}

TEST(CalcCommand, LinesMayHoldAnyBytes) {
  Shell shell;
  shell.input = std::string("\0\n\xff\xfe\n{\"query\":\"\0\"}\n", 19) + kGood + "\n";
  EXPECT_EQ(shell.Run({"calc"}), 1);
  EXPECT_THAT(shell.out, HasSubstr("06:15:00Z"));
}

/// A stream that breaks, as a directory does when it is read.
class Broken : public std::streambuf {
  int_type underflow() override { throw std::ios_base::failure("cannot be read"); }
};

TEST(CalcCommand, EndsWith2WhenTheInputCannotBeRead) {
  Broken broken;
  std::istream in(&broken);
  std::ostringstream out, err;
  const runtime::FakeClock clock;
  const Surroundings around{.in = in,
                            .out = out,
                            .err = err,
                            .out_is_terminal = false,
                            .environment = [](const char*) { return std::string(); },
                            .clock = clock,
                            .connect = {}};
  EXPECT_EQ(RunProgram({"calc"}, around), 2);
  EXPECT_THAT(err.str(), HasSubstr("standard input"));
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace escalon::escalonctl

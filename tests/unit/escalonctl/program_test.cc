#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <set>

#include "services/escalonctl/cli/catalogue.h"
#include "services/escalonctl/cli/completion.h"
#include "services/escalonctl/cli/help.h"
#include "services/escalonctl/cli/parser.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/escalonctl/shell.h"

// The program around its commands: parsing, help, completion, configuration.

namespace escalon::escalonctl {
namespace {

using test::kCase;
using test::Shell;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// As a shell would split it: quotes hold words together; a pipe, a redirection or a comment ends it.
std::vector<std::string> SplitWords(const std::string& line) {
  std::vector<std::string> out;
  std::string word;
  bool quoted = false, in_word = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
      in_word = true;
    } else if (!quoted && c == ' ') {
      if (in_word) out.push_back(std::exchange(word, ""));
      in_word = false;
    } else if (!quoted && (c == '|' || c == '>' || c == '<')) {
      break;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) out.push_back(word);
  return out;
}

std::vector<const CommandSpec*> Every(const Catalogue& catalogue) {
  std::vector<const CommandSpec*> out;
  for (const CommandSection& section : catalogue.sections) {
    for (const CommandSpec& command : section.commands) out.push_back(&command);
  }
  return out;
}

TEST(Program, EveryCommandHasHelpLikeAManualPageWithExamples) {
  const Catalogue catalogue = AllCommands();
  for (const CommandSpec* command : Every(catalogue)) {
    SCOPED_TRACE(command->path);
    Shell shell;
    std::vector<std::string> words = SplitWords(command->path);
    words.emplace_back("--help");
    ASSERT_EQ(shell.Run(words), 0) << shell.err;
    EXPECT_THAT(shell.out, StartsWith("NAME\n    escalonctl " + command->path));
    for (const char* part : {"\nSYNOPSIS\n", "\nCOMMON OPTIONS\n", "\nEXAMPLES\n", "\nEXIT STATUS\n"})
      EXPECT_THAT(shell.out, HasSubstr(part));
    for (const Option& option : command->options) {
      EXPECT_FALSE(option.help.empty()) << option.name;
      EXPECT_THAT(shell.out, HasSubstr(option.name.substr(0, option.name.find(','))));
    }
    EXPECT_FALSE(command->summary.empty());
    EXPECT_TRUE(static_cast<bool>(command->run));
  }
}

TEST(Program, EveryExampleIsACommandLineThatIsUnderstood) {
  const Catalogue catalogue = AllCommands();
  const runtime::FakeClock clock;
  for (const CommandSpec* command : Every(catalogue)) {
    for (const Example& example : command->examples) {
      const size_t at = example.line.find("escalonctl ");
      ASSERT_NE(at, std::string::npos) << example.line;
      std::string line = example.line.substr(at + 11);
      if (line.ends_with(")")) line.pop_back();  // source <(…)
      const Result<Parsed> parsed = Parse(catalogue, SplitWords(line), clock);
      ASSERT_TRUE(parsed.ok()) << example.line << ": " << parsed.error().message;
      EXPECT_EQ(parsed->command, command) << example.line;
    }
  }
}

TEST(Program, OptionsOfACommandDoNotHideThoseOfEveryCommand) {
  std::set<std::string> global;
  for (const Option& option : GlobalOptions()) global.insert(option.key());
  const Catalogue catalogue = AllCommands();
  for (const CommandSpec* command : Every(catalogue)) {
    std::set<std::string> own;
    for (const Option& option : command->options) {
      EXPECT_FALSE(global.contains(option.key())) << command->path << " " << option.name;
      EXPECT_TRUE(own.insert(option.key()).second) << command->path << " " << option.name << " stands there twice";
    }
  }
}

TEST(Program, TheOverviewNamesEveryCommand) {
  Shell shell;
  ASSERT_EQ(shell.Run({"--help"}), 0);
  const Catalogue catalogue = AllCommands();
  for (const CommandSpec* command : Every(catalogue)) EXPECT_THAT(shell.out, HasSubstr("    " + command->path));
  EXPECT_EQ(shell.Run({}), 2) << "without a command it is usage";
  EXPECT_THAT(shell.err, HasSubstr("SYNOPSIS"));
  ASSERT_EQ(shell.Run({"handover", "--help"}), 0);
  EXPECT_THAT(shell.out, HasSubstr("handover supply"));
}

TEST(Program, WrongUsageIsExitCode2WithAHint) {
  Shell shell;
  EXPECT_EQ(shell.Run({"escalat", kCase}), 2);
  EXPECT_THAT(shell.err, HasSubstr("did you mean \"escalate\""));
  EXPECT_EQ(shell.Run({"handover"}), 2);
  EXPECT_THAT(shell.err, HasSubstr("escalonctl handover --help"));
  EXPECT_EQ(shell.Run({"handover", "give"}), 2);
  EXPECT_THAT(shell.err, HasSubstr("\"handover give\""));
  EXPECT_EQ(shell.Run({"get", kCase, "--nonsense"}), 2);
  EXPECT_THAT(shell.err, HasSubstr("--nonsense"));
  EXPECT_EQ(shell.Run({"get", kCase, "--output", "xml"}), 2);
  EXPECT_THAT(shell.err, HasSubstr("table, json"));
  EXPECT_EQ(shell.Run({"get", kCase, "another"}), 2);
  EXPECT_EQ(shell.Run({"ack", kCase, "--track", "functional", "--track", "functional"}), 2) << "once is enough";
}

TEST(Program, TheVersionIsSaid) {
  Shell shell;
  ASSERT_EQ(shell.Run({"--version"}), 0);
  EXPECT_THAT(shell.out, StartsWith("escalonctl "));
}

TEST(Program, CompletionKnowsCommandsOptionsAndWords) {
  Shell shell;
  const Catalogue catalogue = AllCommands();
  for (const char* name : {"bash", "zsh"}) {
    ASSERT_EQ(shell.Run({"completion", name}), 0);
    for (const CommandSpec* command : Every(catalogue))
      EXPECT_THAT(shell.out, HasSubstr("place=\"" + command->path + "\""));
    EXPECT_THAT(shell.out, HasSubstr("--to-team"));
    EXPECT_THAT(shell.out, HasSubstr("functional hierarchical"));
  }
  EXPECT_EQ(shell.Run({"completion", "fish"}), 2);
}

TEST(Program, TheBashCompletionCompletes) {
  const escalon::test::TempDir dir;
  Shell shell;
  ASSERT_EQ(shell.Run({"completion", "bash"}), 0);
  const std::string script = dir.path() + "/completion";
  std::ofstream(script) << shell.out;
  const auto complete = [&](const std::string& words, int at) {
    const std::string command = "bash -c 'source " + script + "; COMP_WORDS=(" + words +
                                "); COMP_CWORD=" + std::to_string(at) + "; _escalonctl; echo ${COMPREPLY[@]}' 2>&1";
    std::string out;
    FILE* pipe = popen(command.c_str(), "r");
    EXPECT_NE(pipe, nullptr);
    char buffer[4096];
    while (pipe != nullptr && fgets(buffer, sizeof buffer, pipe) != nullptr) out += buffer;
    if (pipe != nullptr) pclose(pipe);
    return out;
  };
  EXPECT_EQ(complete("escalonctl hist", 1), "history\n");
  EXPECT_EQ(complete("escalonctl handover o", 2), "offer\n");
  EXPECT_EQ(complete("escalonctl handover offer x --to-t", 4), "--to-team\n");
  EXPECT_EQ(complete("escalonctl ack x --track f", 4), "functional\n");
  EXPECT_EQ(complete("escalonctl completion z", 2), "zsh\n");
}

class SettingsTest : public testing::Test {
 protected:
  Result<Settings> Read(const std::vector<std::string>& words) {
    const Result<Parsed> parsed = Parse(catalogue_, words, clock_);
    if (!parsed) return parsed.error();
    return ReadSettings(parsed->arguments, [this](const char* name) {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::string() : found->second;
    });
  }
  std::string File(const std::string& name, const std::string& text, mode_t mode = 0600) {
    const std::string path = dir_.path() + "/" + name;
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }

  const Catalogue catalogue_ = AllCommands();
  const runtime::FakeClock clock_;
  const escalon::test::TempDir dir_;
  std::map<std::string, std::string> environment_;
};

TEST_F(SettingsTest, OptionBeatsEnvironmentBeatsFile) {
  const std::string file =
      File("ctl.yaml", "address: file:1\nkafka: file:2\nprefix: f.\noutput: json\nkafka_settings: [a=b]\n");
  environment_["ESCALON_ADDRESS"] = "env:1";
  environment_["ESCALON_KAFKA"] = "env:2";
  const Result<Settings> settings = Read({"list", "--config", file, "--address", "option:1"});
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->address, "option:1");
  EXPECT_EQ(settings->kafka, "env:2");
  EXPECT_EQ(settings->prefix, "f.");
  EXPECT_TRUE(settings->json);
  EXPECT_EQ(settings->kafka_settings.at("a"), "b");
}

TEST_F(SettingsTest, TheDefaultFileMayBeAbsentAndANamedOneMayNot) {
  environment_["HOME"] = dir_.path();
  ASSERT_TRUE(Read({"list"}).ok());
  const Result<Settings> settings = Read({"list", "--config", dir_.path() + "/absent.yaml"});
  ASSERT_FALSE(settings.ok());
  EXPECT_THAT(settings.error().message, HasSubstr("absent.yaml"));
}

TEST_F(SettingsTest, UnknownKeysAndOpenSecretsAreRefused) {
  const Result<Settings> unknown = Read({"list", "--config", File("a.yaml", "adress: x:1\n")});
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().message, HasSubstr("did you mean \"address\""));
  const Result<Settings> open = Read({"list", "--config", File("b.yaml", "key: escalon_x\n", 0644)});
  ASSERT_FALSE(open.ok());
  EXPECT_TRUE(Read({"list", "--config", File("c.yaml", "key: escalon_x\n")}).ok());
}

TEST_F(SettingsTest, TheKeyComesFromItsFileTheEnvironmentOrAnOption) {
  const std::string file = File("key", "escalon_from_file\n");
  ASSERT_TRUE(Read({"list", "--key-file", file}).ok());
  EXPECT_EQ(Read({"list", "--key-file", file}).value().key.Reveal(), "escalon_from_file");
  environment_["ESCALON_KEY"] = "escalon_env";
  EXPECT_EQ(Read({"list"}).value().key.Reveal(), "escalon_env");
  EXPECT_EQ(Read({"list", "--key-file", file}).value().key.Reveal(), "escalon_from_file")
      << "an option beats the environment";
  EXPECT_EQ(Read({"list", "--key", "escalon_option"}).value().key.Reveal(), "escalon_option");
  EXPECT_FALSE(Read({"list", "--key-file", File("open", "escalon_x", 0644)}).ok()) << "others could read it";
}

TEST_F(SettingsTest, AddressesAndSpansAreJudged) {
  EXPECT_FALSE(Read({"list", "--address", "nowhere"}).ok());
  EXPECT_FALSE(Read({"list", "--timeout", "soon"}).ok());
  EXPECT_EQ(Read({"list", "--timeout", "1m30s"}).value().timeout, 90'000);
  EXPECT_EQ(Read({"list"}).value().timeout, 10'000);
}

TEST(Keys, ANewKeyComesWithItsEntryAndASecretOnlyOnce) {
  Shell shell;
  ASSERT_EQ(
      shell.Run({"keys", "new-api-key", "--tenant", "acme", "--subject", "itsm", "--role", "integrator", "-o", "json"}),
      0);
  const Json key = Json::parse(shell.out);
  EXPECT_THAT(key["token"].get<std::string>(), StartsWith("escalon_"));
  EXPECT_THAT(key["credential"].get<std::string>(), HasSubstr(key["hash"].get<std::string>()));
  EXPECT_THAT(key["credential"].get<std::string>(), Not(HasSubstr(key["token"].get<std::string>())));
  EXPECT_EQ(shell.Run({"keys", "new-api-key", "--tenant", "*", "--subject", "x", "--role", "agent"}), 2)
      << "not for all tenants";
  ASSERT_EQ(shell.Run({"keys", "new-ring", "2030-04"}), 0);
  EXPECT_THAT(shell.out, StartsWith("2030-04 "));
  EXPECT_EQ(shell.Run({"keys", "new-ring", "much too long for the id of a key"}), 2);
  ASSERT_EQ(shell.Run({"keys", "new-webhook-secret"}), 0);
  EXPECT_THAT(shell.out, StartsWith("whsec_"));
}

}  // namespace
}  // namespace escalon::escalonctl

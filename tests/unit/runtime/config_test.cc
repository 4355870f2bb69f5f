#include "common/runtime/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace escalon::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ConfigTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "config-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  std::string File(const std::string& name, const std::string& text) {
    const std::string path = dir_ + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  static Options Declared() {
    return {ListOption("kafka.brokers", "127.0.0.1:9092", "Where Kafka is."),
            IntOption("grpc.threads", 2, 1, 64, "Threads of the gRPC server.", "threads"),
            DurationOption("redis.timeout", "2s", "1ms", "1m", "How long Redis may take."),
            BoolOption("audit.enabled", false, "Whether to audit."),
            ChoiceOption("log.level", "info", {"debug", "info", "warn"}, "What to log."),
            NumberOption("load.factor", "0.5", 0, 1, "Share of the load."),
            PathOption("data.dir", "data", "Where files go."),
            SecretOption("keys.master", "Signs links.")};
  }

  Result<Config> Load(const std::string& yaml, const Environment& environment = {},
                      std::vector<std::pair<std::string, std::string>> sets = {}) {
    CommandLine line;
    if (!yaml.empty()) line.config_file = File("escalon.yaml", yaml);
    line.sets = std::move(sets);
    return Config::Load(Declared(), line, environment);
  }

  std::string FindingOf(const Result<Config>& result, const std::string& field) {
    if (result) return "no error";
    for (const auto& finding : result.error().fields)
      if (finding.field == field) return finding.message;
    return "no finding for " + field + " in: " + result.error().message;
  }

  std::string dir_;
};

TEST_F(ConfigTest, DefaultsHoldWithoutAnySource) {
  const auto config = Load("");
  ASSERT_TRUE(config.ok());
  EXPECT_THAT(config->GetList("kafka.brokers"), ElementsAre("127.0.0.1:9092"));
  EXPECT_EQ(config->GetInt("grpc.threads"), 2);
  EXPECT_EQ(config->GetDuration("redis.timeout"), 2000);
  EXPECT_FALSE(config->GetBool("audit.enabled"));
  EXPECT_DOUBLE_EQ(config->GetNumber("load.factor"), 0.5);
  EXPECT_EQ(config->GetString("data.dir"), "data");
  EXPECT_EQ(config->GetSecret("keys.master"), "");
}

TEST_F(ConfigTest, EachSourceOverridesTheOneBefore) {
  const std::string yaml = "grpc: {threads: 3}\nredis: {timeout: 3s}\nlog.level: debug\n";
  const auto config = Load(yaml, {{"ESCALON_REDIS_TIMEOUT", "4s"}, {"ESCALON_LOG_LEVEL", "info"}},
                           {{"log.level", "debug"}, {"log.level", "warn"}});
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->GetInt("grpc.threads"), 3);
  EXPECT_EQ(config->GetDuration("redis.timeout"), 4000);
  EXPECT_EQ(config->GetString("log.level"), "warn");
}

TEST_F(ConfigTest, ListsComeFromYamlSequencesAndFromCommas) {
  EXPECT_THAT(Load("kafka: {brokers: [a:1, b:2]}")->GetList("kafka.brokers"), ElementsAre("a:1", "b:2"));
  EXPECT_THAT(Load("kafka: {brokers: 'a:1, b:2'}")->GetList("kafka.brokers"), ElementsAre("a:1", "b:2"));
  EXPECT_THAT(Load("", {{"ESCALON_KAFKA_BROKERS", " a:1 ,,b:2,"}})->GetList("kafka.brokers"),
              ElementsAre("a:1", "b:2"));
  EXPECT_THAT(Load("kafka: {brokers: []}")->GetList("kafka.brokers"), IsEmpty());
}

TEST_F(ConfigTest, UnknownKeysFailWithTheNearestKnownOne) {
  EXPECT_THAT(FindingOf(Load("kafka: {brokres: [a]}"), "kafka.brokres"), HasSubstr("did you mean \"kafka.brokers\""));
  EXPECT_THAT(FindingOf(Load("grpc.thread: 3"), "grpc.thread"), HasSubstr("escalon.yaml:1"));
  EXPECT_THAT(FindingOf(Load("", {}, {{"nothing.alike.at.all", "1"}}), "nothing.alike.at.all"),
              Not(HasSubstr("did you mean")));
  EXPECT_THAT(FindingOf(Load("", {{"ESCALON_GRPC_TREADS", "3"}}), "ESCALON_GRPC_TREADS"),
              HasSubstr("ESCALON_GRPC_THREADS"));
}

TEST_F(ConfigTest, ForeignVariablesAndFreeKeysAreLeftAlone) {
  const auto config = Load("x-anchors: {a: [1, {b: 2}]}\ngrpc: {threads: 4, x-note: why}\n",
                           {{"ESCALON_INTAKE_SERVICE_HOST", "10.0.0.1"}, {"ESCALON_SOMETHING_ELSE", "1"}});
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->GetInt("grpc.threads"), 4);
}

TEST_F(ConfigTest, BadValuesNameKeyValueSourceAndWhatIsAllowed) {
  const std::string message = FindingOf(Load("", {{"ESCALON_GRPC_THREADS", "65"}}), "grpc.threads");
  EXPECT_THAT(message, HasSubstr("\"65\""));
  EXPECT_THAT(message, HasSubstr("ESCALON_GRPC_THREADS"));
  EXPECT_THAT(message, HasSubstr("1 to 64"));
  EXPECT_THAT(message, HasSubstr("threads"));
}

TEST_F(ConfigTest, EveryFindingComesAtOnce) {
  const auto config = Load("grpc: {threads: many}\nredis.timeout: 2 seconds\naudit: {enabled: yes}\nlog.level: loud\n",
                           {{"ESCALON_LOAD_FACTOR", "nan"}}, {{"data.dir", "a\nb"}});
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().fields.size(), 6u) << config.error().message;
}

TEST_F(ConfigTest, NumbersAreTakenStrictly) {
  for (const char* bad : {"", " 3", "3 ", "0x3", "3.0", "+3", "1e1", "99999999999999999999", "٣"})
    EXPECT_FALSE(Load("", {}, {{"grpc.threads", bad}}).ok()) << bad;
}

TEST_F(ConfigTest, BrokenYamlIsOneClearFinding) {
  EXPECT_THAT(FindingOf(Load("a: [1"), "--config"), HasSubstr("is no valid YAML"));
  EXPECT_THAT(FindingOf(Load("- a\n- b\n"), "--config"), HasSubstr("mapping"));
  EXPECT_THAT(FindingOf(Load("a: 1\n---\nb: 2\n"), "--config"), HasSubstr("one YAML document"));
  EXPECT_TRUE(Load("# nothing\n").ok());
}

TEST_F(ConfigTest, AKeyGivenTwiceIsRefused) {
  EXPECT_THAT(FindingOf(Load("grpc: {threads: 2}\ngrpc.threads: 3\n"), "grpc.threads"), HasSubstr("twice"));
}

TEST_F(ConfigTest, AKeyWithoutValueIsRefused) {
  EXPECT_THAT(FindingOf(Load("grpc: {threads: }\n"), "grpc.threads"), HasSubstr("no value"));
}

TEST_F(ConfigTest, AMissingFileIsAFinding) {
  CommandLine line;
  line.config_file = dir_ + "/none.yaml";
  EXPECT_THAT(FindingOf(Config::Load(Declared(), line, {}), "--config"), HasSubstr("cannot read"));
}

TEST_F(ConfigTest, SecretsComeFromFilesAndAreNeverShown) {
  const std::string path = File("key", "s3cr3t\n");
  const auto config = Load("", {{"ESCALON_KEYS_MASTER_FILE", path}});
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->GetSecret("keys.master"), "s3cr3t");
  EXPECT_THAT(config->Print(), Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(config->Print(), HasSubstr("keys.master: a secret, set from ESCALON_KEYS_MASTER_FILE"));
  const auto bad = Load("", {{"ESCALON_KEYS_MASTER", "hush\x01hush"}});
  ASSERT_FALSE(bad.ok());
  EXPECT_THAT(bad.error().message, Not(HasSubstr("hush")));
}

TEST_F(ConfigTest, ASecretFromTwoPlacesIsRefused) {
  const auto config = Load("", {{"ESCALON_KEYS_MASTER", "a"}, {"ESCALON_KEYS_MASTER_FILE", File("key", "b")}});
  EXPECT_THAT(FindingOf(config, "keys.master"), HasSubstr("both"));
}

TEST_F(ConfigTest, WhatIsPrintedReadsBack) {
  const auto config = Load("kafka: {brokers: [a:1, 'b \"c\" \\ #d']}\ndata.dir: '/x: y#z'\nload.factor: 0.25\n");
  ASSERT_TRUE(config.ok()) << config.error().message;
  const auto again = Load(config->Print());
  ASSERT_TRUE(again.ok()) << again.error().message << "\n" << config->Print();
  EXPECT_EQ(again->GetList("kafka.brokers"), config->GetList("kafka.brokers"));
  EXPECT_EQ(again->GetString("data.dir"), "/x: y#z");
  EXPECT_DOUBLE_EQ(again->GetNumber("load.factor"), 0.25);
}

TEST_F(ConfigTest, RequiredOptionsMustBeSet) {
  Options options = Declared();
  options.back().required = true;
  EXPECT_THAT(FindingOf(Config::Load(options, {}, {}), "keys.master"), HasSubstr("ESCALON_KEYS_MASTER_FILE"));
  EXPECT_TRUE(Config::Load(options, {}, {{"ESCALON_KEYS_MASTER", "k"}}).ok());
}

TEST_F(ConfigTest, HelpListsEveryOptionWithDefaultAndVariable) {
  const std::string help = HelpText("intake", "the door", Declared());
  for (const Option& option : Declared()) {
    EXPECT_THAT(help, HasSubstr(option.name));
    EXPECT_THAT(help, HasSubstr(EnvironmentName(option.name)));
    EXPECT_THAT(help, HasSubstr(option.default_value));
  }
  EXPECT_THAT(help, HasSubstr("1ms to 1m"));
}

TEST_F(ConfigTest, AnUndeclaredOptionIsAFaultOfTheProgram) {
  const auto config = Load("");
  EXPECT_DEATH(config->GetInt("not.declared"), "not declared");
  EXPECT_DEATH(config->GetInt("data.dir"), "another type");
}

TEST(CommandLineTest, TakesBothFormsOfArguments) {
  const auto line = ParseCommandLine({"--config=a.yaml", "--set", "b=c=d", "--set=e=", "--check-config"});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->config_file, "a.yaml");
  EXPECT_THAT(line->sets, ElementsAre(std::pair<std::string, std::string>("b", "c=d"),
                                      std::pair<std::string, std::string>("e", "")));
  EXPECT_EQ(line->action, CommandLine::Action::kCheckConfig);
}

TEST(CommandLineTest, ReportsEveryWrongArgument) {
  const auto line = ParseCommandLine({"--confg", "x", "--set", "novalue", "--config"});
  ASSERT_FALSE(line.ok());
  EXPECT_EQ(line.error().fields.size(), 4u);
  EXPECT_THAT(line.error().fields[0].message, HasSubstr("--config"));
}

TEST(CommandLineTest, HelpWinsOverEverything) {
  EXPECT_EQ(ParseCommandLine({"--print-config", "--help", "--nonsense"})->action, CommandLine::Action::kHelp);
}

}  // namespace
}  // namespace escalon::runtime

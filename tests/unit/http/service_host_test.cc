#include "common/service/service_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "tests/unit/http/raw_connection.h"

namespace escalon::service {
namespace {

using http::RawConnection;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Fetch(uint16_t port, const std::string& path) {
  RawConnection connection(port);
  connection.Write("GET " + path + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  return connection.ReadAll();
}

class ServiceHostTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "service-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  int Run(std::vector<std::string> args, const AppFactory& factory) {
    args.insert(args.begin(), {"test", "--set", "log.level=off", "--set", "admin.port_file=" + dir_ + "/port"});
    std::vector<const char*> argv;
    for (const std::string& arg : args) argv.push_back(arg.c_str());
    return RunService(info_, static_cast<int>(argv.size()), argv.data(), factory);
  }
  uint16_t Port() {
    int port = 0;
    std::ifstream(dir_ + "/port") >> port;
    return static_cast<uint16_t>(port);
  }

  ServiceInfo info_{
      .name = "test",
      .summary = "a test",
      .options = {runtime::IntOption("x.count", 3, 1, 9, "How many."), runtime::SecretOption("x.key", "A key.")}};
  std::string dir_;
  std::vector<std::string> seen_;
};

TEST_F(ServiceHostTest, RunsStepsServesAdminAndEndsWithZero) {
  const int code = Run({"--set", "x.key=hush"}, [&](ServiceContext& context) -> Result<std::unique_ptr<App>> {
    EXPECT_EQ(context.config.GetInt("x.count"), 3);
    context.metrics.AddCounter("escalon_test_total", "Test.");
    context.health.Require("kafka", "not asked yet");
    context.lifecycle.Add({.name = "work",
                           .start = [&]() -> Status {
                             seen_.push_back("start");
                             EXPECT_THAT(Fetch(Port(), "/healthz"), StartsWith("HTTP/1.1 200"));
                             EXPECT_THAT(
                                 Fetch(Port(), "/readyz"),
                                 AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("\"missing\":[\"kafka\",\"started\"]"),
                                       HasSubstr("not asked yet")));
                             context.health.Set("kafka", true);
                             return {};
                           },
                           .stop = [&](DurationMs) { seen_.push_back("stop"); }});
    context.health.OnReadiness([&](bool ready) {
      if (!ready || seen_.empty()) return;
      seen_.push_back("ready");
      EXPECT_THAT(Fetch(Port(), "/readyz"), StartsWith("HTTP/1.1 200"));
      EXPECT_THAT(Fetch(Port(), "/metrics"),
                  AllOf(HasSubstr("text/plain; version=0.0.4; charset=utf-8"), HasSubstr("escalon_test_total 0"),
                        HasSubstr("escalon_build_info{")));
      EXPECT_THAT(Fetch(Port(), "/configz"), AllOf(HasSubstr("x.count: 3"), Not(HasSubstr("hush"))));
      EXPECT_THAT(Fetch(Port(), "/version"), HasSubstr("\"service\":\"test\""));
      EXPECT_THAT(Fetch(Port(), "/healthz/sub"), StartsWith("HTTP/1.1 404"));
      context.shutdown.Request("test");
    });
    return std::make_unique<App>();
  });
  EXPECT_EQ(code, 0);
  EXPECT_THAT(seen_, ElementsAre("start", "ready", "stop"));
}

TEST_F(ServiceHostTest, AFailedStartEndsWithOne) {
  const auto factory = [](ServiceContext& context) -> Result<std::unique_ptr<App>> {
    context.lifecycle.Add({.name = "bad", .start = [] { return Status(Error{ErrorCode::kInternal, "no"}); }});
    return std::make_unique<App>();
  };
  EXPECT_EQ(Run({}, factory), 1);
  EXPECT_EQ(Run({},
                [](ServiceContext&) -> Result<std::unique_ptr<App>> {
                  return Error{ErrorCode::kInternal, "no"};
                }),
            1);
}

TEST_F(ServiceHostTest, AComponentThatCannotGoOnEndsWithOne) {
  EXPECT_EQ(Run({},
                [](ServiceContext& context) -> Result<std::unique_ptr<App>> {
                  context.shutdown.Request("the producer is broken", true);
                  return std::make_unique<App>();
                }),
            1);
}

TEST_F(ServiceHostTest, WrongConfigurationEndsWithTwoAndSaysEverything) {
  const auto never = [](ServiceContext&) -> Result<std::unique_ptr<App>> {
    ADD_FAILURE() << "must not be built";
    return std::make_unique<App>();
  };
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(Run({"--set", "x.count=10", "--set", "x.cuont=1"}, never), 2);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("1 to 9"), HasSubstr("did you mean \"x.count\"")));
  EXPECT_EQ(Run({"--nonsense"}, never), 2);
  EXPECT_EQ(Run({"--set", "dev.clock=x"}, never), 2);
  EXPECT_EQ(Run({"--set", "admin.listen=x"}, never), 2);
  info_.check = [](const runtime::Config&) -> Status { return InvalidField("x", "do not fit together"); };
  EXPECT_EQ(Run({"--check-config"}, never), 2);
}

TEST_F(ServiceHostTest, PrintsAndEnds) {
  const auto factory = [](ServiceContext& context) -> Result<std::unique_ptr<App>> {
    context.metrics.AddCounter("escalon_test_total", "Test.", {{"kind", "a"}});
    return std::make_unique<App>();
  };
  const auto output = [&](const std::string& flag) {
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(Run({flag}, factory), 0) << flag;
    return ::testing::internal::GetCapturedStdout();
  };
  EXPECT_THAT(output("--help"), AllOf(HasSubstr("ESCALON_X_COUNT"), HasSubstr("log.level"), HasSubstr("a test")));
  EXPECT_THAT(output("--version"), StartsWith("test 0."));
  EXPECT_THAT(output("--check-config"), HasSubstr("good"));
  EXPECT_THAT(output("--print-config"), HasSubstr("x.count: 3  # default"));
  EXPECT_THAT(output("--print-metrics"), HasSubstr("escalon_test_total\tcounter\tkind\tTest."));
}

}  // namespace
}  // namespace escalon::service

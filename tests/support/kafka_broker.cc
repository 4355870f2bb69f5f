#include "tests/support/kafka_broker.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <fstream>

namespace escalon::test {
namespace {

constexpr char kScript[] = ESCALON_SOURCE_DIR "/scripts/kafka";

Status Run(std::vector<std::string> args) {
  args.insert(args.begin(), kScript);
  const Result<std::string> out = RunCommand(args);
  return out ? Status() : Status(out.error());
}

/// Ends the shared broker when the tests are over.
class SharedBroker : public testing::Environment {
 public:
  void TearDown() override { broker_.reset(); }
  std::string Bootstrap() {
    if (!broker_) {
      Result<std::unique_ptr<KafkaBroker>> started = KafkaBroker::Start();
      if (!started) {
        ADD_FAILURE() << started.error().message;
        return {};
      }
      broker_ = std::move(started).value();
    }
    return broker_->bootstrap();
  }

 private:
  std::unique_ptr<KafkaBroker> broker_;
};

// gtest owns it.
SharedBroker* const shared_broker = static_cast<SharedBroker*>(testing::AddGlobalTestEnvironment(new SharedBroker));

}  // namespace

Result<std::unique_ptr<KafkaBroker>> KafkaBroker::Start(int brokers, const std::string& properties) {
  std::unique_ptr<KafkaBroker> kafka(new KafkaBroker);
  const std::string cluster = kafka->dir_.path() + "/kafka";
  kafka->guardian_ = std::make_unique<Guardian>("exec '" + std::string(kScript) + "' destroy '" + cluster + "'");
  const Result<std::string> bootstrap =
      RunCommand({kScript, "start", cluster, std::to_string(brokers)}, {{"ESCALON_KAFKA_PROPERTIES", properties}});
  if (!bootstrap) return bootstrap.error();
  kafka->bootstrap_ = bootstrap.value().substr(0, bootstrap.value().find_first_of("\r\n"));
  return kafka;
}

Status KafkaBroker::Stop() { return Run({"stop", dir_.path() + "/kafka"}); }
Status KafkaBroker::StartAgain() { return Run({"start", dir_.path() + "/kafka"}); }
Status KafkaBroker::KillNode(int id) { return Run({"kill-node", dir_.path() + "/kafka", std::to_string(id)}); }
Status KafkaBroker::StartNode(int id) { return Run({"start-node", dir_.path() + "/kafka", std::to_string(id)}); }
Status KafkaBroker::PauseNode(int id) { return Signal(id, SIGSTOP); }
Status KafkaBroker::ResumeNode(int id) { return Signal(id, SIGCONT); }

Status KafkaBroker::Signal(int id, int signal) {
  pid_t pid = 0;
  std::ifstream(dir_.path() + "/kafka/node" + std::to_string(id) + "/pid") >> pid;
  if (pid > 0 && kill(pid, signal) == 0) return {};
  return Error{ErrorCode::kNotFound, "broker " + std::to_string(id) + " does not run"};
}

std::string SharedKafka() { return shared_broker->Bootstrap(); }

std::string FreshPrefix() {
  static std::atomic<int> last{0};
  return "t" + std::to_string(getpid()) + "-" + std::to_string(++last) + ".";
}

}  // namespace escalon::test

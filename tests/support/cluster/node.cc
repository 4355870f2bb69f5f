#include "tests/support/cluster/node.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include "common/rpc/tls.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/support/free_port.h"
#include "tests/support/plain_http.h"
#include "tests/support/process.h"

namespace escalon::test {
namespace {

constexpr std::chrono::milliseconds kLook{200};   ///< between looks whether the process still lives
constexpr std::chrono::milliseconds kLookEnd{5};  ///< at a process that was told to end, at a metric

bool IsList(const std::string& option) {
  return option == "routing.addresses" || option == "routing.peers" || option == "kafka.settings" ||
         option == "webhook.allow";
}

}  // namespace

Node::Node(std::string name, std::string service, std::string dir, std::map<std::string, std::string> settings,
           std::map<std::string, std::string> env)
    : name_(std::move(name)),
      service_(std::move(service)),
      dir_(std::move(dir)),
      settings_(std::move(settings)),
      env_(std::move(env)),
      grpc_port_(FreePort()),
      http_port_(FreePort()),
      admin_port_(FreePort()) {}

Node::~Node() { (void)Kill9(); }

Status Node::Start() {
  std::map<std::string, std::string> all = settings_;
  all["instance"] = name_;
  all["grpc.listen"] = address();
  all["admin.listen"] = "127.0.0.1:" + std::to_string(admin_port_);
  if (service_ == "intake") all["http.listen"] = "127.0.0.1:" + std::to_string(http_port_);
  const std::string file = dir_ + "/" + name_ + ".yaml";
  std::ofstream config(file);
  for (const auto& [option, value] : all) {
    config << option << ": ";
    if (IsList(option)) {
      config << "[" << value << "]\n";
    } else {
      config << '"' << value << "\"\n";
    }
  }
  config.close();
  log_begin_ = Log(SIZE_MAX).size();
  const std::string program = (programs_.empty() ? ESCALON_BIN_DIR : programs_) + "/escalon-" + service_;
  const Result<pid_t> pid = Spawn({program, "--config", file}, env_, dir_ + "/" + name_ + ".log");
  if (!pid.ok()) return pid.error();
  pid_ = *pid;
  paused_ = false;
  std::filesystem::create_directories(dir_ + "/pids");
  std::ofstream(dir_ + "/pids/" + name_) << pid_ << "\n";
  return {};
}

bool Node::running() {
  if (pid_ <= 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == 0) return true;
  Forget();
  return false;
}

void Node::Forget() {
  pid_ = -1;
  std::filesystem::remove(dir_ + "/pids/" + name_);
}

std::shared_ptr<grpc::Channel> Node::channel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto file = [this](const char* option) {
    const auto found = settings_.find(option);
    return found == settings_.end() ? std::string() : found->second;
  };
  std::optional<rpc::TlsFiles> tls;
  if (!file("tls.certificate").empty())
    tls = rpc::TlsFiles{file("tls.certificate"), file("tls.key"), file("tls.authority")};
  const auto credentials = rpc::MakeChannelCredentials(tls);
  return grpc::CreateCustomChannel(address(), credentials.ok() ? *credentials : nullptr, arguments);
}

Status Node::WaitReady(std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  const auto health = grpc::health::v1::Health::NewStub(channel());
  while (std::chrono::steady_clock::now() < until) {
    if (!running()) return Error{ErrorCode::kInternal, name_ + " has ended:\n" + Log(4000)};
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + kLook);
    const auto watch = health->Watch(&context, grpc::health::v1::HealthCheckRequest());
    grpc::health::v1::HealthCheckResponse said;
    while (watch->Read(&said)) {
      if (said.status() == grpc::health::v1::HealthCheckResponse::SERVING) {
        context.TryCancel();
        while (watch->Read(&said)) {
        }
        (void)watch->Finish();
        return {};
      }
    }
    (void)watch->Finish();
  }
  const Result<std::string> why = Admin("/readyz");
  return Error{ErrorCode::kDeadlineExceeded,
               name_ + " is not ready: " + (why.ok() ? *why : why.error().message) + "\n" + Log(4000)};
}

Status Node::Signal(int signal) {
  if (!running()) return Error{ErrorCode::kNotFound, name_ + " does not run"};
  if (kill(pid_, signal) != 0) return Error{ErrorCode::kInternal, "no signal to " + name_};
  return {};
}

Status Node::Kill9() {
  const Status sent = Signal(SIGKILL);
  if (!sent.ok()) return sent;
  WaitFor(pid_);
  Forget();
  return {};
}

Status Node::Pause() { return Signal(SIGSTOP); }
Status Node::Resume() { return Signal(SIGCONT); }

Result<int> Node::Terminate(std::chrono::milliseconds limit) {
  const Status sent = Signal(SIGTERM);
  if (!sent.ok()) return sent.error();
  const auto until = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < until) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      Forget();
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    std::this_thread::sleep_for(kLookEnd);
  }
  (void)Kill9();
  return Error{ErrorCode::kDeadlineExceeded, name_ + " did not end when asked to"};
}

std::string Node::Log(size_t most) const {
  std::ifstream in(dir_ + "/" + name_ + ".log");
  std::ostringstream out;
  out << in.rdbuf();
  std::string text = out.str();
  return text.size() > most ? text.substr(text.size() - most) : text;
}

Result<std::string> Node::Admin(const std::string& path) const {
  const Result<HttpAnswer> answer = HttpCall(admin_port_, "GET", path);
  if (!answer.ok()) return answer.error();
  return answer->body;
}

bool Node::AwaitLog(const std::string& text, std::chrono::milliseconds limit) const {
  const auto until = std::chrono::steady_clock::now() + limit;
  do {
    if (Log(SIZE_MAX).find(text, log_begin_) != std::string::npos) return true;
    std::this_thread::sleep_for(kLookEnd);
  } while (std::chrono::steady_clock::now() < until);
  return false;
}

Status Node::AwaitMetric(const std::string& name, double least, const std::string& labels,
                         std::chrono::milliseconds limit) const {
  const Status so = AwaitMetric(
      name, [least](double sum) { return sum >= least; }, labels, limit);
  if (so.ok()) return so;
  return Error{so.error().code, so.error().message + ", not at least " + std::to_string(least)};
}

Status Node::AwaitMetric(const std::string& name, const std::function<bool(double)>& holds, const std::string& labels,
                         std::chrono::milliseconds limit) const {
  const auto until = std::chrono::steady_clock::now() + limit;
  Result<double> now = 0.0;
  do {
    now = Metric(name, labels);
    if (now.ok() && holds(*now)) return {};
    std::this_thread::sleep_for(kLookEnd);
  } while (std::chrono::steady_clock::now() < until);
  return Error{ErrorCode::kDeadlineExceeded,
               name + " of " + name_ + " is " + (now.ok() ? std::to_string(*now) : now.error().message)};
}

Result<double> Node::Metric(const std::string& name, const std::string& labels) const {
  const Result<std::string> text = Admin("/metrics");
  if (!text.ok()) return text.error();
  std::istringstream in(*text);
  double sum = 0;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(name)) continue;
    const char next = line.size() > name.size() ? line[name.size()] : ' ';
    if ((next != ' ' && next != '{') || line.find(labels) == std::string::npos) continue;
    sum += std::stod(line.substr(line.rfind(' ') + 1));
  }
  return sum;
}

}  // namespace escalon::test

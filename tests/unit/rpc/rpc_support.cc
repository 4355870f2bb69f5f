#include "tests/unit/rpc/rpc_support.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <stdexcept>

namespace escalon::rpc::test {
namespace {

template <typename T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

}  // namespace

Keys::Keys() {
  const std::string path = dir_.path() + "/credentials.yaml";
  std::ofstream file(path);
  file << "version: 1\ncredentials:\n";
  const auto add = [&](const std::string& tenant, const std::string& subject, Role role) {
    const NewKey key = NewApiKey();
    file << FormatCredential(key, Principal{tenant, subject, {role}});
    return "Bearer " + key.token;
  };
  service = add(std::string(kAllTenants), "intake", Role::kService);
  acme_service = add("acme", "acme-intake", Role::kService);
  agent = add("acme", "p-1", Role::kAgent);
  operators = add(std::string(kAllTenants), "ops", Role::kOperator);
  file.close();
  credentials_ = Must(Credentials::Load(path));
}

FakeKeeper::FakeKeeper() {
  Set([](std::vector<KeeperItem> items) {
    for (auto& item : items) item.answer(AnsweredFor(item.command));
  });
  read = [](const CaseId&) { return Error{ErrorCode::kNotFound, "no such case"}; };
  reconcile = [](int, bool) { return Reconciled{}; };
}

void FakeKeeper::Set(OnExecute on_execute) {
  std::lock_guard lock(mutex_);
  on_execute_ = std::make_shared<OnExecute>(std::move(on_execute));
}

void FakeKeeper::Execute(std::vector<KeeperItem> items) {
  std::shared_ptr<OnExecute> on_execute;
  {
    std::lock_guard lock(mutex_);
    on_execute = on_execute_;
  }
  seen_ += items.size();
  (*on_execute)(std::move(items));
}

void FakeKeeper::ReadCases(std::vector<CaseId> ids,
                           std::function<void(std::vector<Result<std::shared_ptr<const Case>>>)> done) {
  std::vector<Result<std::shared_ptr<const Case>>> cases;
  for (const CaseId& id : ids) cases.push_back(read(id));
  done(std::move(cases));
}
void FakeKeeper::Standings(std::function<void(std::vector<ShardStanding>)> done) { done(standings); }
void FakeKeeper::Reconcile(int shard, bool dry_run, std::function<void(Result<Reconciled>)> done) {
  done(reconcile(shard, dry_run));
}
void FakeKeeper::WriteBase(int shard, std::function<void(Result<WrittenBase>)> done) {
  done(WrittenBase{{.offset = 7, .epoch = 3, .owner = {1, 2, 3}, .seq = 9}, static_cast<uint64_t>(shard), 2});
}

Instance::Instance(const Keys& keys, FakeKeeper& keeper, KeeperServiceOptions options, int port)
    : limits(std::make_unique<CallLimits>(CallOptions{keys.credentials(), clock, metrics, {}})) {
  if (options.address.empty()) options.address = "this-instance:1";
  service =
      std::make_unique<KeeperService>(options, keeper, *limits, keys.credentials(), clock, metrics, runtime::Logger());
  ServerOptions server_options;
  server_options.address = "127.0.0.1:" + std::to_string(port);
  server_options.health_services = {"escalon.keeper.v1.KeeperService"};
  server_options.most_message_bytes = kInternalMessageBytes;
  server = Must(Server::Start(server_options, {service->service()}, clock, runtime::Logger()));
}

Instance::~Instance() {
  if (server) server->Stop(0);
}

std::shared_ptr<grpc::Channel> Instance::Dial() const {
  return grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
}

ports::Answered AnsweredFor(const Command& command) {
  ports::Answered answered;
  answered.case_id = command.case_id;
  answered.version = 2;
  answered.state = CaseState::kAcknowledged;
  answered.level = "L1";
  return answered;
}

Error NotOwner(std::string address) {
  Error error{ErrorCode::kNotOwner, "the shard is elsewhere"};
  error.detail = std::move(address);
  return error;
}

Command MakeCommand(int bucket, std::string command_id, InstantMs deadline) {
  Command command;
  command.case_id = CaseId::Make(1'700'000'000'000, bucket, 0, std::hash<std::string>{}(command_id));
  command.command_id = std::move(command_id);
  command.actor = Actor{"acme", "p-1", {"agent"}, ActorKind::kHuman};
  command.deadline = deadline;
  command.body = Acknowledge{};
  return command;
}

Client::Client(const Keys& keys, std::vector<std::string> addresses, std::function<void(KeeperClientOptions&)> adjust) {
  KeeperClientOptions options;
  options.addresses = std::move(addresses);
  options.authorization = keys.service;
  options.retry = {.first = 2, .most = 50};
  options.reconnect = {.first = 5, .most = 100};
  if (adjust) adjust(options);
  gate = Must(KeeperClient::Create(options, clock, metrics, runtime::Logger()));
}

Result<ports::Answered> Client::Ask(Command command) {
  std::promise<Result<ports::Answered>> answer;
  gate->Execute(std::move(command), [&](Result<ports::Answered> result) { answer.set_value(std::move(result)); });
  return answer.get_future().get();
}

double Client::Metric(const std::string& line) const {
  const std::string text = "\n" + metrics.Serialize();
  const size_t at = text.find("\n" + line + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + line.size() + 2));
}

}  // namespace escalon::rpc::test

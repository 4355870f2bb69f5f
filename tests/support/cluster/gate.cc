#include "tests/support/cluster/gate.h"

#include <atomic>
#include <future>
#include <thread>

#include "common/core/random.h"

namespace escalon::test {
namespace {

template <typename T>
T Await(std::future<T> future, T otherwise) {
  return future.wait_for(kPatience) == std::future_status::ready ? future.get() : std::move(otherwise);
}

Error Never() { return Error{ErrorCode::kDeadlineExceeded, "never answered"}; }

std::string FreshName() {
  static std::atomic<int> last{0};
  return "p" + std::to_string(++last) + ".";
}

}  // namespace

Gate::Gate(Cluster& cluster, const Clock* clock) : clock_(clock != nullptr ? *clock : machine_clock_) {
  rpc::KeeperClientOptions options;
  options.addresses = cluster.routing_addresses();
  options.shards = cluster.shards();
  options.authorization = cluster.keys().Of("intake");
  auto client = rpc::KeeperClient::Create(std::move(options), clock_, metrics_, runtime::Logger());
  if (client.ok()) client_ = std::move(*client);
}

Gate::~Gate() {
  if (client_ != nullptr) client_->Stop(0);
}

Result<ports::Answered> Gate::Execute(Command command, DurationMs patience_ms) {
  command.deadline = clock_.WallMs() + patience_ms;
  auto promise = std::make_shared<std::promise<Result<ports::Answered>>>();
  client_->Execute(std::move(command),
                   [promise](Result<ports::Answered> answer) { promise->set_value(std::move(answer)); });
  return Await<Result<ports::Answered>>(promise->get_future(), Never());
}

Result<Case> Gate::Read(const CaseId& id, uint64_t at_least) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    auto promise = std::make_shared<std::promise<Result<Case>>>();
    client_->ReadCases({id}, {}, clock_.WallMs() + 10 * kSecondMs, [promise](std::vector<Result<Case>> cases) {
      promise->set_value(cases.empty() ? Result<Case>(Never()) : std::move(cases.front()));
    });
    Result<Case> read = Await<Result<Case>>(promise->get_future(), Never());
    if ((read.ok() && read->version >= at_least) || std::chrono::steady_clock::now() > until) return read;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

std::vector<rpc::ShardStanding> Gate::Standings() {
  auto promise = std::make_shared<std::promise<std::vector<rpc::ShardStanding>>>();
  client_->Standings(clock_.WallMs() + 10 * kSecondMs, [promise](std::vector<Result<rpc::InstanceStanding>> instances) {
    std::vector<rpc::ShardStanding> all;
    for (auto& instance : instances) {
      if (instance.ok()) all.insert(all.end(), instance->shards.begin(), instance->shards.end());
    }
    promise->set_value(std::move(all));
  });
  return Await<std::vector<rpc::ShardStanding>>(promise->get_future(), {});
}

Result<rpc::WrittenBase> Gate::WriteBase(int shard) {
  auto promise = std::make_shared<std::promise<Result<rpc::WrittenBase>>>();
  client_->WriteBase(shard, clock_.WallMs() + 20 * kSecondMs,
                     [promise](Result<rpc::WrittenBase> base) { promise->set_value(std::move(base)); });
  return Await<Result<rpc::WrittenBase>>(promise->get_future(), Never());
}

Result<rpc::Reconciled> Gate::Reconcile(int shard, bool dry_run) {
  auto promise = std::make_shared<std::promise<Result<rpc::Reconciled>>>();
  client_->Reconcile(shard, dry_run, clock_.WallMs() + 20 * kSecondMs,
                     [promise](Result<rpc::Reconciled> outcome) { promise->set_value(std::move(outcome)); });
  return Await<Result<rpc::Reconciled>>(promise->get_future(), Never());
}

Command OpenCommand(const std::string& idempotency_key, const std::string& dedup_key, const std::string& tenant) {
  OpenCase open;
  open.facts.kind = "incident";
  open.facts.title = "printer on fire: " + idempotency_key;
  open.facts.source = "source";
  open.facts.impact = open.facts.urgency = Grade::kMedium;
  open.dedup_key = dedup_key;
  open.idempotency_key = idempotency_key;
  Command command;
  const std::string& correlation = !dedup_key.empty() ? dedup_key : idempotency_key;
  command.case_id = CaseId::Make(runtime::SystemClock().WallMs(), BucketOf(tenant, correlation), 0, RandomBits());
  command.command_id = "open/" + idempotency_key;
  command.body_hash = CommandHash(command.command_id + dedup_key);
  command.actor = Actor{tenant, "source", {"integrator"}, ActorKind::kSource};
  command.body = std::move(open);
  return command;
}

Command CommandOn(const CaseId& id, CommandBody body, const std::string& command_id, const std::string& person,
                  std::vector<std::string> roles, const std::string& tenant) {
  Command command;
  command.case_id = id;
  command.command_id = command_id;
  command.body_hash = CommandHash(command_id);
  command.actor = Actor{tenant, person, std::move(roles), ActorKind::kHuman};
  command.body = std::move(body);
  return command;
}

Pressure::Pressure(Gate& gate, int at_once, DurationMs patience_ms)
    : gate_(gate), patience_ms_(patience_ms), name_(FreshName()) {
  for (int i = 0; i < at_once; ++i) Next();
}

Pressure::~Pressure() { Stop(); }

void Pressure::Next() {
  size_t n = 0;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    n = asked_.size();
    Asked asked;
    const std::string name = name_ + std::to_string(n);
    if (opened_.empty() || random_() % 2 == 0) {
      asked.key = name;
      asked.command = OpenCommand(name);
    } else {
      asked.command = CommandOn(opened_[random_() % opened_.size()], LogAttempt{"restarted it", false}, name);
    }
    asked_.push_back(std::move(asked));
    ++in_flight_;
  }
  Send(n);
}

void Pressure::Send(size_t n) {
  Command command;
  {
    const std::lock_guard lock(mutex_);
    command = asked_[n].command;
  }
  command.deadline = gate_.clock().WallMs() + patience_ms_;
  gate_.client().Execute(std::move(command),
                         [this, n](Result<ports::Answered> answer) { Heard(n, std::move(answer)); });
}

void Pressure::Heard(size_t n, Result<ports::Answered> answer) {
  {
    const std::lock_guard lock(mutex_);
    Asked& asked = asked_[n];
    if (answer.ok()) {
      ++answered_;
      if (!asked.key.empty()) opened_.push_back(answer->case_id);
    }
    asked.answer = std::move(answer);
  }
  Next();
  const std::lock_guard lock(mutex_);
  --in_flight_;
  changed_.notify_all();
}

bool Pressure::WaitAnswered(size_t more, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const size_t wanted = answered_ + more;
  return changed_.wait_for(lock, patience, [&] { return answered_ >= wanted; });
}

bool Pressure::Stop(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  stopped_ = true;
  return changed_.wait_for(lock, patience, [&] { return in_flight_ == 0; });
}

void Pressure::AskAgain() {
  std::vector<size_t> again;
  {
    const std::lock_guard lock(mutex_);
    for (size_t n = 0; n < asked_.size(); ++n) {
      if (asked_[n].answer && !asked_[n].answer->ok()) again.push_back(n);
    }
    in_flight_ += again.size();
  }
  for (const size_t n : again) Send(n);
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, 2 * kPatience, [&] { return in_flight_ == 0; });
}

Pressure::Counts Pressure::counts() const {
  const std::lock_guard lock(mutex_);
  Counts out;
  for (const Asked& asked : asked_) {
    if (!asked.answer) continue;
    if (asked.answer->ok()) {
      ++out.answered;
    } else if (asked.answer->error().code == ErrorCode::kOutcomeUnknown) {
      ++out.unknown;
    } else if (Retryable(asked.answer->error().code) || asked.answer->error().code == ErrorCode::kDeadlineExceeded) {
      ++out.refused;
    } else {
      ++out.rejected;
    }
  }
  return out;
}

void Pressure::ForEachAnswered(const std::function<void(const Command&, const ports::Answered&)>& look) const {
  const std::lock_guard lock(mutex_);
  for (const Asked& asked : asked_) {
    if (asked.answer && asked.answer->ok()) look(asked.command, **asked.answer);
  }
}

std::vector<CaseId> Pressure::opened() const {
  const std::lock_guard lock(mutex_);
  return opened_;
}

std::vector<std::string> Pressure::Judge(ClusterLog& log) const {
  std::vector<std::string> out = log.Faults();
  const std::lock_guard lock(mutex_);
  log.With([&](const std::vector<LogOracle>& shards) {
    for (const Asked& asked : asked_) {
      const std::string& name = asked.command.command_id;
      const CaseId& id = asked.answer && asked.answer->ok() ? (*asked.answer)->case_id : asked.command.case_id;
      const LogOracle& oracle = shards[static_cast<size_t>(log.ShardOf(id))];
      const LogOracle::Step* step = oracle.Find(id, name);
      if (!asked.answer) {
        out.push_back(name + " was never answered");
      } else if (asked.answer->ok()) {
        if (step == nullptr) {
          out.push_back(name + " was answered, and is not in the log");
        } else if (step->version != (*asked.answer)->version || step->command_hash != asked.command.body_hash) {
          out.push_back(name + " was answered with version " + std::to_string((*asked.answer)->version) +
                        ", and is version " + std::to_string(step->version));
        }
      } else if (asked.answer->error().code != ErrorCode::kOutcomeUnknown) {
        if (step != nullptr) out.push_back(name + " was refused, and is in the log: " + asked.answer->error().message);
        if (!Retryable(asked.answer->error().code) && asked.answer->error().code != ErrorCode::kDeadlineExceeded) {
          out.push_back(name + " was rejected: " + asked.answer->error().message);
        }
      }
      if (!asked.key.empty()) {
        const auto ids = oracle.OpenedUnder("acme", "source", asked.key);
        if (asked.answer && asked.answer->ok() && ids != std::vector<CaseId>{id})
          out.push_back(name + " opened another case than it says");
      }
    }
  });
  return out;
}

}  // namespace escalon::test

#include "tests/support/fault/load.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "tests/load/checker.h"
#include "tests/load/cluster_log.h"
#include "tests/support/cluster/deliveries.h"
#include "tests/support/process.h"

namespace escalon::test {
namespace {

using nlohmann::json;
using ::testing::IsEmpty;

constexpr std::chrono::milliseconds kBetweenTries{50};  ///< a client's pause before it repeats
constexpr std::chrono::seconds kCallersPatience{120};

bool MayRepeat(int status) { return status == 429 || status >= 500; }

}  // namespace

DoorLoad::DoorLoad(Cluster& cluster, int callers) : door_(cluster, "source") {
  for (int i = 0; i < callers; ++i) callers_.emplace_back([this, i] { Call(i); });
}

DoorLoad::~DoorLoad() { Stop(); }

void DoorLoad::Stop() {
  stop_ = true;
  for (std::thread& caller : callers_) {
    if (caller.joinable()) caller.join();
  }
}

json DoorLoad::Submission(const std::string& key) const {
  return {{"kind", "incident"},       {"title", "disk " + key + " is full"},
          {"source", "door-load"},    {"idempotency_key", key},
          {"impact", "GRADE_MEDIUM"}, {"urgency", "GRADE_LOW"}};
}

void DoorLoad::Call(int caller) {
  for (int n = 0; !stop_; ++n) {
    const std::string key = "c" + std::to_string(caller) + "-" + std::to_string(n);
    const auto give_up = std::chrono::steady_clock::now() + kCallersPatience;
    while (true) {
      const Result<HttpAnswer> answer = door_.Call("POST", "/v1/cases", Submission(key).dump());
      if (answer.ok() && (answer->status == 200 || answer->status == 201)) {
        const std::string id = json::parse(answer->body, nullptr, false).value("case_id", "");
        answered_.Change([&](std::map<std::string, std::string>& all) { all[key] = id; });
        break;
      }
      if (answer.ok() && !MayRepeat(answer->status)) {
        ADD_FAILURE() << key << ": " << answer->status << " " << answer->body;
        break;
      }
      ++refusals_;
      if (std::chrono::steady_clock::now() > give_up) {
        ADD_FAILURE() << key << " was never taken: " << (answer.ok() ? answer->body : answer.error().message);
        return;
      }
      std::this_thread::sleep_for(kBetweenTries);
    }
  }
}

bool DoorLoad::AwaitAccepted(size_t more, std::chrono::milliseconds patience) {
  const size_t wanted = answered_.Get().size() + more;
  return answered_.Wait([wanted](const auto& all) { return all.size() >= wanted; }, patience);
}

void Fault::OwnBroker(int brokers, const std::string& properties) {
  auto started = KafkaBroker::Start(brokers, properties);
  ASSERT_TRUE(started.ok()) << started.error().message;
  broker_ = std::move(*started);
  brokers_ = brokers;
}

void Fault::Begin(ClusterOptions options, Loads loads) {
  if (broker_ != nullptr) {
    options.kafka = broker_->bootstrap();
    options.brokers = brokers_;
  }
  options.services = {"intake", "triage", "sla-timer", "notification"};
  options.roster = TestRoster(sink_.port());
  // A message each, unless the scenario is about bundles.
  options.settings["notification"].emplace("bundle.pages", "1000");
  options.settings["notification"].emplace("bundle.informs", "1000");
  auto started = Cluster::Start(std::move(options));
  ASSERT_TRUE(started.ok()) << started.error().message;
  cluster_ = std::move(*started);
  gate_ = std::make_unique<Gate>(*cluster_, clock_.get());
  door_load_ = std::make_unique<DoorLoad>(*cluster_, loads.callers);
  pressure_ = std::make_unique<Pressure>(*gate_, loads.at_once);
  AwaitFlow();
}

void Fault::AwaitFlow() {
  ASSERT_TRUE(door_load_->AwaitAccepted(40)) << "the door takes nothing";
  ASSERT_TRUE(pressure_->WaitAnswered(200, 2 * kPatience)) << "the owners answer nothing";
}

void Fault::KillAndRestart(const std::string& name) {
  ASSERT_TRUE(cluster().Restart(name).ok());
  const Status ready = cluster().node(name).WaitReady(2 * kPatience);
  ASSERT_TRUE(ready.ok()) << ready.error().message;
  AwaitFlow();
}

void Fault::StopServices() {
  for (const std::string& name : cluster().names()) {
    const Result<int> ended = cluster().node(name).Terminate(2 * kPatience);
    ASSERT_TRUE(ended.ok()) << ended.error().message;
    EXPECT_EQ(*ended, 0) << name;
  }
}

void Fault::StartServices() {
  for (const std::string& name : cluster().names()) ASSERT_TRUE(cluster().node(name).Start().ok());
  const Status ready = cluster().WaitReady(2 * kPatience);
  ASSERT_TRUE(ready.ok()) << ready.error().message;
  AwaitFlow();
}

void Fault::End() {
  if (HasFatalFailure()) return;
  door_load_->Stop();
  EXPECT_TRUE(pressure_->Stop()) << "a caller of the owners never heard an answer";
  pressure_->AskAgain();
  const Status caught_up = cluster().log().CatchUp();
  ASSERT_TRUE(caught_up.ok()) << caught_up.error().message;
  EXPECT_THAT(pressure_->Judge(cluster().log()), IsEmpty());
  const Pressure::Counts counts = pressure_->counts();
  EXPECT_EQ(counts.unknown + counts.refused + counts.rejected, 0u) << "a repeat must find out what happened";
  JudgeDoor();
  JudgeCases();
  JudgeDeliveries();
  JudgeHistory();
  JudgeView();
  std::printf("%zu cases through the door (%zu refusals on the way), %zu commands at the owners\n",
              door_load_->Answered().size(), door_load_->refusals(), counts.answered);
}

void Fault::JudgeDoor() {
  const std::map<std::string, std::string> answered = door_load_->Answered();
  ASSERT_FALSE(answered.empty());
  std::set<std::string> ids;
  for (const auto& [key, id] : answered) ids.insert(id);
  EXPECT_EQ(ids.size(), answered.size()) << "two submissions were answered with one case";
  cluster().log().With([&](const std::vector<LogOracle>& shards) {
    for (const auto& [key, text] : answered) {
      const CaseId id = IdOf(text);
      const LogOracle& shard = shards[static_cast<size_t>(cluster().log().ShardOf(id))];
      EXPECT_EQ(shard.OpenedUnder("acme", "door-load", key), std::vector<CaseId>{id}) << key;
    }
  });
  // A repeat of what was answered is the same case.
  const Door door(cluster(), "source");
  size_t asked = 0;
  for (const auto& [key, id] : answered) {
    if (++asked > 30) break;
    EXPECT_EQ(door.Submit(door_load_->Submission(key)), id) << key;
  }
}

void Fault::JudgeCases() {
  // Whoever died: every case was judged and given to somebody.
  const bool all = cluster().log().WaitFor(
      [](const std::vector<LogOracle>& shards) {
        for (const LogOracle& shard : shards) {
          for (const auto& [id, steps] : shard.cases()) {
            const Case& c = *steps.back().after;
            if (c.state == CaseState::kNew || (c.owner.team.empty() && c.owner.person.empty())) return false;
          }
        }
        return true;
      },
      2 * kPatience);
  EXPECT_TRUE(all) << "a case is left without an owner";
  EXPECT_THAT(cluster().log().Faults(), IsEmpty());
}

void Fault::JudgeDeliveries() {
  // Every page that was ever intended ends: delivered, no longer wanted, or dead with its reason (DESIGN §5.8).
  std::vector<std::tuple<CaseId, uint64_t, uint32_t>> pages;
  cluster().log().With([&](const std::vector<LogOracle>& shards) {
    for (const LogOracle& shard : shards) {
      for (const auto& [id, steps] : shard.cases()) {
        for (const OpenIntent& open : steps.back().after->intents) {
          if (open.intent.purpose == IntentPurpose::kPage) pages.emplace_back(id, open.version, open.intent.index);
        }
      }
    }
  });
  EXPECT_FALSE(pages.empty());
  const auto until = std::chrono::steady_clock::now() + 2 * kPatience;
  std::vector<std::string> open;
  do {
    const Result<Deliveries> deliveries = Deliveries::Read(cluster());
    ASSERT_TRUE(deliveries.ok()) << deliveries.error().message;
    open.clear();
    for (const auto& [id, version, index] : pages) {
      if (!deliveries->Ended(id, version, index)) open.push_back(id.ToString() + " version " + std::to_string(version));
    }
  } while (!open.empty() && std::chrono::steady_clock::now() < until);
  EXPECT_THAT(open, IsEmpty()) << open.size() << " of " << pages.size() << " pages never ended";
}

void Fault::JudgeHistory() {
  load::History history;
  for (const auto& [key, id] : door_load_->Answered())
    history.Answer(history.Submitted("door-load", key), load::CallOutcome::kOpened, IdOf(id), 1);
  pressure_->ForEachAnswered([&](const Command& command, const ports::Answered& answered) {
    history.Answer(history.Commanded(command.command_id, command.case_id), load::CallOutcome::kDone, answered.case_id,
                   answered.version);
  });
  load::ClusterLogPlace place;
  place.kafka = cluster().kafka();
  place.prefix = cluster().prefix();
  load::CheckOptions options;
  options.late_bound_ms = late_bound_ms_;
  options.settle_ms = 10 * kSecondMs;
  options.with_crashes = true;
  const auto until = std::chrono::steady_clock::now() + 2 * kPatience;
  load::CheckReport report;
  do {
    options.ended_at = gate_->clock().WallMs();
    const Result<load::LogFacts> facts = load::ReadClusterLog(place);
    ASSERT_TRUE(facts.ok()) << facts.error().message;
    report = load::CheckHistory(history, *facts, options);
  } while (report.faults() != report.unreadable && std::chrono::steady_clock::now() < until);
  EXPECT_EQ(report.unreadable, unreadable_ + unreadable_deliveries_);
  EXPECT_EQ(report.faults(), report.unreadable) << testing::PrintToString(report.first_faults);
}

json Fault::Verify(bool view) {
  // It ends with a status of its own when it found something: what it found is judged by who asked.
  std::vector<std::string> command = {"sh", "-c", R"("$0" verify --output json "$@" || test $? = 5)",
                                      std::string(ESCALON_BIN_DIR) + "/escalonctl"};
  command.insert(command.end(), {"--kafka", cluster().kafka().brokers, "--prefix", cluster().prefix()});
  if (view) command.insert(command.end(), {"--redis", cluster().redis().address()});
  const Result<std::string> text = RunCommand(command);
  json report = text.ok() ? json::parse(*text, nullptr, false) : json();
  if (report.is_object()) return report;
  ADD_FAILURE() << "verify: " << (text.ok() ? *text : text.error().message);
  return {};
}

void Fault::JudgeView() {
  const json report = Verify(true);
  if (report.is_null()) return;
  EXPECT_EQ(report["faults"]["undecodable"], unreadable_);
  EXPECT_EQ(report["fault_count"], unreadable_) << report["first_faults"].dump(2);
}

}  // namespace escalon::test

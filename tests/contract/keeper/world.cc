#include "tests/contract/keeper/world.h"

#include <algorithm>

namespace escalon::routing::testing {

Status FakeLog::Append(int, const log::RecordHead& head, std::string_view body, uint64_t token) {
  if (refuse) return Error{ErrorCode::kResourceExhausted, "the queue is full"};
  handed_.push_back({log::Record{head, std::string(body)}, token});
  return {};
}

void FakeLog::Land() {
  Handed handed = std::move(handed_.front());
  handed_.pop_front();
  shared_.records.push_back(std::move(handed.record));
  reports_.push_back({handed.token, static_cast<int64_t>(shared_.records.size()) - 1});
}

void FakeLog::Drop() {
  reports_.push_back({handed_.front().token, Error{ErrorCode::kOutcomeUnknown, "message timed out"}});
  handed_.pop_front();
}

void FakeLog::Report() {
  const Waiting waiting = reports_.front();
  reports_.pop_front();
  shard->OnReport(waiting.token, waiting.offset);
}

void FakeLog::ReportWithoutOffset() {
  const Waiting waiting = reports_.front();
  reports_.pop_front();
  shard->OnReport(waiting.token, Error{ErrorCode::kOutcomeUnknown, "no offset"});
}

uint64_t FakeLog::Read(int, int64_t from, int64_t to) {
  read_ = ++reads_;
  next_ = from;
  to_ = to;
  reading_ = true;
  told_end_ = false;
  return read_;
}

void FakeLog::StopReading(int) { reading_ = false; }

void FakeLog::Ends(int, std::function<void(Result<log::Watermarks>)> done) {
  questions_.push_back([this, done] { done(log::Watermarks{shared_.low, static_cast<int64_t>(shared_.records.size())}); });
}

void FakeLog::LastBase(int, std::function<void(Result<Position>)> done) {
  questions_.push_back([this, done] {
    const auto found = shared_.bases.find(0);
    if (found == shared_.bases.end()) return done(Error{ErrorCode::kNotFound, "no base"});
    done(found->second);
  });
}

bool FakeLog::Serve() {
  bool did = false;
  while (!questions_.empty()) {
    auto question = std::move(questions_.front());
    questions_.pop_front();
    question();
    did = true;
  }
  if (!hold) {
    while (!handed_.empty()) {
      Land();
      did = true;
    }
    while (!reports_.empty()) {
      Report();
      did = true;
    }
  }
  if (!reading_) return did;
  const auto end = static_cast<int64_t>(shared_.records.size());
  log::LogBatch batch;
  batch.read = read_;
  const int64_t until = std::min(end, to_);
  for (; next_ < until; ++next_) batch.entries.push_back({next_, 0, shared_.records[static_cast<size_t>(next_)]});
  batch.finished = next_ >= to_;
  batch.at_end = next_ >= end;
  batch.end = end;
  if (batch.entries.empty() && told_end_ && !batch.finished) return did;
  told_end_ = true;
  if (batch.finished) reading_ = false;
  shard->OnRead(std::move(batch));
  return true;
}

void FakeView::Load(int, std::function<void(Result<std::optional<ViewedShard>>)> done) {
  later_.push_back([this, done] {
    if (shared_.away) return done(Error{ErrorCode::kUnavailable, "redis is away"});
    if (!shared_.now.at) return done(std::optional<ViewedShard>{});
    ViewedShard out;
    out.at = *shared_.now.at;
    for (const auto& [id, c] : shared_.now.cases) out.cases.push_back(std::make_shared<Case>(*c));
    for (const auto& [fingerprint, key] : shared_.now.keys) out.keys.push_back(key);
    done(std::optional<ViewedShard>(std::move(out)));
  });
}

void FakeView::Open(int, const Position& at, uint64_t epoch) {
  open_ = true;
  epoch_ = epoch;
  at_ = at;
}

void FakeView::Reset(int, const Position& at, uint64_t epoch, std::vector<std::shared_ptr<const Case>> cases, std::vector<LiveKey> keys,
                     std::vector<HistoryItem>) {
  if (shared_.away || shared_.now.epoch > epoch) return;
  ++resets;
  shared_.past.push_back(shared_.now);
  shared_.now = SharedView::State{};
  shared_.now.at = at;
  shared_.now.epoch = epoch;
  for (auto& c : cases) shared_.now.cases[c->id] = c;
  for (const LiveKey& key : keys) shared_.now.keys[key.fingerprint] = key;
  Open(0, at, epoch);
}

bool FakeView::Allowed() {
  if (!open_ || shared_.away) return false;
  if (shared_.now.epoch > epoch_ || shared_.now.at != std::optional<Position>(at_)) {
    ++refused;
    open_ = false;
    if (shared_.now.epoch <= epoch_) later_.push_back([this] { shard->OnElsewhere(shared_.now.at); });
    return false;
  }
  return true;
}

void FakeView::Touch(int, std::shared_ptr<const Case>, std::shared_ptr<const Case> after, HistoryItem, const Position& at) {
  if (!Allowed()) return;
  shared_.past.push_back(shared_.now);
  shared_.now.epoch = epoch_;
  if (after->retired) {
    shared_.now.cases.erase(after->id);
  } else {
    shared_.now.cases[after->id] = std::move(after);
  }
  shared_.now.at = at_ = at;
}

void FakeView::Move(int, const Position& at) {
  if (!Allowed()) return;
  shared_.now.epoch = epoch_;
  shared_.now.at = at_ = at;
}

void FakeView::AddKey(int, const LiveKey& key) {
  if (open_ && !shared_.away) shared_.now.keys[key.fingerprint] = key;
}

bool FakeView::Serve() {
  const bool did = !later_.empty();
  while (!later_.empty()) {
    auto task = std::move(later_.front());
    later_.pop_front();
    task();
  }
  return did;
}

OneRuleBook::OneRuleBook() {
  policy.tenant = kTenant;
  policy.id = "test";
  policy.version = 1;
  for (size_t i = 0; i < 3; ++i) {
    for (size_t u = 0; u < 3; ++u) policy.matrix[i][u] = static_cast<Priority>(std::min<size_t>(4, 1 + i + u));
  }
  policy.levels.push_back(Level{.id = "L1", .response = {}, .resolution = {}, .quality = 0, .authority = {}, .issues = {}, .resources = {}, .decision_rights = {}});
  PathStep step;
  step.level = "L1";
  step.to.team = "desk";
  for (auto& wait : step.wait.values) wait.span = 15 * kMinuteMs;
  Path path;
  path.id = "incident";
  path.functional.steps.push_back(step);
  path.functional.stop_on = {"acknowledged"};
  path.catch_all_team = "desk";
  policy.paths.push_back(path);
  policy.catch_all_team = "desk";
  RosterDocument document;
  Person ann;
  ann.id = "ann";
  ann.name = "Ann";
  document.people.push_back(ann);
  Team desk;
  desk.id = "desk";
  desk.members = {"ann"};
  document.teams.push_back(desk);
  auto built = Roster::Build(std::move(document));
  roster = built.ok() ? *built : Roster::Empty();
}

Instance::Instance(SharedLog& shared_log, SharedView& shared_view, TestClock& test_clock, std::string name)
    : clock(test_clock), loop(test_clock), log(shared_log), view(shared_view) {
  ShardOptions options;
  options.address = name + ":1";
  options.name = name;
  shard = std::make_unique<Shard>(0, ShardParts{loop, clock, log, view, rules, load, metrics, runtime::Logger(), options, {}, {}});
  log.shard = view.shard = shard.get();
}

Instance::~Instance() { shard->Lose("the test is over"); }

std::shared_ptr<Instance::Call> Instance::Execute(Command command) {
  auto call = std::make_shared<Call>();
  shard->Execute(std::move(command), [call](Result<ports::Answered> answer) {
    call->answer = std::move(answer);
    ++call->answers;
  });
  return call;
}

bool Instance::Step() {
  shard->EndOfTurn();
  const bool ran = loop.RunReady();
  const bool view_did = view.Serve();
  return log.Serve() || view_did || ran;
}

void Instance::Settle() {
  while (Step()) {
  }
}

Command Open(std::string idempotency_key, std::string dedup_key, std::string title) {
  OpenCase open;
  open.facts.kind = "incident";
  open.facts.title = std::move(title);
  open.facts.source = "test";
  open.facts.impact = open.facts.urgency = Grade::kMedium;
  open.dedup_key = dedup_key;
  open.idempotency_key = idempotency_key;
  Command command;
  const std::string correlation = !dedup_key.empty() ? dedup_key : idempotency_key;
  command.case_id = CaseId::Make(1'800'000'000'000, 0, 0, RandomBits());
  command.command_id = "open/" + idempotency_key;
  command.body_hash = CommandHash(open.facts.title + open.dedup_key);
  command.actor = Actor{kTenant, "desk-system", {"integrator"}, ActorKind::kSource};
  command.body = std::move(open);
  return command;
}

Command On(const CaseId& id, CommandBody body, std::string command_id) {
  Command command;
  command.case_id = id;
  command.body_hash = CommandHash(command_id);
  command.command_id = std::move(command_id);
  command.actor = Actor{kTenant, "ann", {"agent"}, ActorKind::kHuman};
  command.body = std::move(body);
  return command;
}

}  // namespace escalon::routing::testing

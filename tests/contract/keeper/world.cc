#include "tests/contract/keeper/world.h"

#include <algorithm>

#include "common/wire/snapshot_codec.h"

namespace escalon::routing::testing {

Status FakeLog::Append(int shard, const log::RecordHead& head, std::string_view body, uint64_t token) {
  if (refuse) return Error{ErrorCode::kResourceExhausted, "the queue is full"};
  last_token_ = token;
  lanes_.at(shard).handed.push_back({log::Record{head, std::string(body)}, token});
  return {};
}

void FakeLog::Land(int shard) {
  Lane& lane = lanes_.at(shard);
  Handed handed = std::move(lane.handed.front());
  lane.handed.pop_front();
  lane.shared->records.push_back(std::move(handed.record));
  lane.reports.push_back({handed.token, lane.shared->end() - 1});
}

void FakeLog::Drop(int shard) {
  Lane& lane = lanes_.at(shard);
  lane.reports.push_back({lane.handed.front().token, Error{ErrorCode::kOutcomeUnknown, "message timed out"}});
  lane.handed.pop_front();
}

void FakeLog::Report(int shard) {
  Lane& lane = lanes_.at(shard);
  const Waiting waiting = lane.reports.front();
  lane.reports.pop_front();
  lane.shard->OnReport(waiting.token, waiting.offset);
}

void FakeLog::ReportWithoutOffset(int shard) {
  Lane& lane = lanes_.at(shard);
  const Waiting waiting = lane.reports.front();
  lane.reports.pop_front();
  lane.shard->OnReport(waiting.token, Error{ErrorCode::kOutcomeUnknown, "no offset"});
}

std::deque<log::Record> FakeLog::TakeHanded(int shard) {
  Lane& lane = lanes_.at(shard);
  std::deque<log::Record> out;
  for (Handed& handed : lane.handed) out.push_back(std::move(handed.record));
  lane.handed.clear();
  return out;
}

uint64_t FakeLog::Read(int shard, int64_t from, int64_t to) {
  Lane& lane = lanes_.at(shard);
  lane.read = ++reads_;
  lane.next = from;
  lane.to = to;
  lane.reading = true;
  lane.told_end = false;
  return lane.read;
}

void FakeLog::StopReading(int shard) { lanes_.at(shard).reading = false; }

void FakeLog::Ends(int shard, std::function<void(Result<log::Watermarks>)> done) {
  const SharedLog* shared = lanes_.at(shard).shared;
  questions_.push_back([shared, done] { done(log::Watermarks{shared->low, shared->end()}); });
}

void FakeLog::LastBase(int shard, std::function<void(Result<Position>)> done) {
  const SharedLog* shared = lanes_.at(shard).shared;
  questions_.push_back([shared, done] {
    if (!shared->base) return done(Error{ErrorCode::kNotFound, "no base"});
    done(*shared->base);
  });
}

void FakeLog::SaveBase(int shard, const Position& floor) {
  std::optional<Position>& base = lanes_.at(shard).shared->base;
  if (!base || base->offset < floor.offset) base = floor;
}

bool FakeLog::AnswerQuestion() {
  if (questions_.empty()) return false;
  auto question = std::move(questions_.front());
  questions_.pop_front();
  question();
  return true;
}

bool FakeLog::Fetch(size_t most, int shard) {
  Lane& lane = lanes_.at(shard);
  if (!lane.reading) return false;
  if (lane.next < lane.shared->low) {
    lane.reading = false;
    lane.shard->OnReadError(lane.read, Error{ErrorCode::kNotFound, "offset out of range"});
    return true;
  }
  log::LogBatch batch;
  batch.shard = shard;
  batch.read = lane.read;
  const int64_t end = lane.shared->end();
  const int64_t until = std::min({end, lane.to, lane.next + static_cast<int64_t>(most)});
  for (; lane.next < until; ++lane.next)
    batch.entries.push_back({lane.next, 0, lane.shared->records[static_cast<size_t>(lane.next)]});
  batch.finished = lane.next >= lane.to;
  batch.at_end = lane.next >= end;
  batch.end = end;
  if (batch.entries.empty() && !batch.finished && (lane.told_end || !batch.at_end)) return false;
  lane.told_end = batch.at_end;
  if (batch.finished) lane.reading = false;
  lane.batches.push_back(std::move(batch));
  return true;
}

bool FakeLog::Deliver(int shard) {
  Lane& lane = lanes_.at(shard);
  if (lane.batches.empty()) return false;
  log::LogBatch batch = std::move(lane.batches.front());
  lane.batches.pop_front();
  lane.shard->OnRead(std::move(batch));
  return true;
}

bool FakeLog::Serve() {
  bool did = false;
  while (!hold_reads && AnswerQuestion()) did = true;
  for (auto& [shard, lane] : lanes_) {
    if (!hold && !stuck[shard]) {
      for (; !lane.handed.empty(); did = true) Land(shard);
      for (; !lane.reports.empty(); did = true) Report(shard);
    }
    if (hold_reads) continue;
    while (Fetch(1000, shard) || !lane.batches.empty()) did = Deliver(shard) || did;
  }
  return did;
}

void FakeView::Load(int, std::function<void(Result<std::optional<ViewedShard>>)> done) {
  later_->push_back([this, done] {
    if (shared_.away) return done(Error{ErrorCode::kUnavailable, "redis is away"});
    if (!shared_.now.at) return done(std::optional<ViewedShard>{});
    ViewedShard out;
    out.at = *shared_.now.at;
    for (const auto& [id, c] : shared_.now.cases) out.snapshots.push_back(wire::EncodeCase(*c));
    for (const auto& [fingerprint, key] : shared_.now.keys) out.keys.push_back(key);
    done(std::optional<ViewedShard>(std::move(out)));
  });
}

void FakeView::Open(int, const Position& at, uint64_t epoch) {
  open_ = true;
  session_ = std::make_shared<Session>(Session{epoch, at, 0, false});
}

void FakeView::Send(Script write, std::optional<Position> next, uint64_t next_mark, bool checks_at) {
  const std::optional<Position> expected = session_->at;
  const uint64_t expected_mark = session_->mark;
  session_->at = next;
  session_->mark = next_mark;
  scripts_.push_back([this, later = later_, session = session_, write = std::move(write), expected, expected_mark, next,
                      next_mark, checks_at](SharedView& shared) {
    SharedView::State& now = shared.now;
    if (session->broken) return;  // the writer sends nothing more
    if (now.epoch > session->epoch) {
      session->broken = true;  // deposed: the log will show the other's fence
      return;
    }
    if (checks_at && (now.at != expected || now.mark != expected_mark)) {
      session->broken = true;
      // Asked of this object only while it lives.
      later->push_back([this, session, actual = now.at] {
        if (session_ == session && open_) shard->OnElsewhere(actual);
      });
      return;
    }
    shared.past.push_back(now);
    write(shared);
    now.epoch = session->epoch;
    now.at = next;
    now.mark = next_mark;
  });
  if (!hold && !shared_.away) {
    while (!scripts_.empty()) Land();
  }
}

void FakeView::Reset(int, const Position& at, uint64_t epoch, std::vector<CaseId> cases, Fetch fetch,
                     std::vector<LiveKey> keys, std::vector<HistoryItem> history,
                     const std::optional<Position>& follows) {
  Open(0, at, epoch);
  ++resets;
  // In two scripts: between them, and for good if the second is lost, the shard is marked and fit for nobody.
  session_->at = follows;
  std::vector<std::shared_ptr<const Case>> counted;
  for (const CaseId& id : cases) {
    if (auto c = fetch(id)) counted.push_back(std::move(c));
  }
  Send(
      [](SharedView& shared) {
        shared.now.cases.clear();
        shared.now.keys.clear();
      },
      std::nullopt, ++shared_.marks, follows.has_value());
  Send(
      [cases = std::move(counted), keys = std::move(keys), history = std::move(history),
       begins = !follows.has_value()](SharedView& shared) {
        for (const auto& c : cases) {
          shared.now.cases[c->id] = c;
          if (begins) shared.now.histories.erase(c->id);
        }
        for (const LiveKey& key : keys) shared.now.keys[key.fingerprint] = key;
        for (const HistoryItem& item : history) shared.now.histories[item.id].push_back(item.bytes);
      },
      at, 0, true);
}

void FakeView::Touch(int, std::shared_ptr<const Case> before, std::shared_ptr<const Case> after, HistoryItem history,
                     const Position& at) {
  if (!open_) return;
  Send(
      [before = std::move(before), after = std::move(after), history = std::move(history)](SharedView& shared) {
        SharedView::State& now = shared.now;
        // The writer takes a case off its old lists by `before`: that must be what is there.
        const auto there = now.cases.find(after->id);
        const uint64_t has = there != now.cases.end() ? there->second->version : 0;
        if (has != (before != nullptr ? before->version : 0)) {
          shared.faults.push_back("case " + after->id.ToString() + " is at version " + std::to_string(has) +
                                  " in the view, not at " + std::to_string(before != nullptr ? before->version : 0));
        }
        if (after->retired) {
          now.cases.erase(after->id);
        } else {
          now.cases[after->id] = after;
        }
        if (!history.bytes.empty()) now.histories[after->id].push_back(history.bytes);
      },
      at, 0, true);
}

void FakeView::Move(int, const Position& at) {
  if (open_) Send([](SharedView&) {}, at, 0, true);
}

void FakeView::AddKey(int, const LiveKey& key) {
  if (!open_) return;
  if (scripts_.empty()) {  // landed at once, and the key with it
    if (!session_->broken) shared_.now.keys[key.fingerprint] = key;
    return;
  }
  // Goes in one script with the case that it opened.
  scripts_.back() = [key, session = session_, script = std::move(scripts_.back())](SharedView& shared) {
    const std::optional<Position> before = shared.now.at;
    script(shared);
    if (!session->broken && shared.now.at != before) shared.now.keys[key.fingerprint] = key;
  };
}

void FakeView::Land() {
  const Script script = std::move(scripts_.front());
  scripts_.pop_front();
  script(shared_);
}

bool FakeView::Answer() {
  if (later_->empty()) return false;
  auto task = std::move(later_->front());
  later_->pop_front();
  task();
  return true;
}

bool FakeView::Serve() {
  bool did = false;
  if (!hold && !shared_.away) {
    for (; !scripts_.empty(); did = true) Land();
  }
  while (Answer()) did = true;
  return did;
}

Recovery FakeView::Viewed() const {
  Recovery out;
  if (shared_.now.at) out.at = *shared_.now.at;
  for (const auto& [id, c] : shared_.now.cases) {
    const auto found = shared_.now.histories.find(id);
    out.cases.push_back(
        {id, c->tenant, c->version, found != shared_.now.histories.end() ? found->second : std::vector<std::string>{}});
  }
  return out;
}

OneRuleBook::OneRuleBook() {
  policy.tenant = kTenant;
  policy.id = "test";
  policy.version = 1;
  for (size_t i = 0; i < 3; ++i) {
    for (size_t u = 0; u < 3; ++u) policy.matrix[i][u] = static_cast<Priority>(std::min<size_t>(4, 1 + i + u));
  }
  policy.levels.push_back(Level{.id = "L1",
                                .response = {},
                                .resolution = {},
                                .quality = 0,
                                .authority = {},
                                .issues = {},
                                .resources = {},
                                .decision_rights = {},
                                .may = {}});
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

Instance::Instance(SharedLog& shared_log, SharedView& shared_view, TestClock& test_clock, std::string name,
                   ShardOptions options)
    : clock(test_clock), loop(test_clock), log(shared_log), view(shared_view) {
  options.address = name + ":1";
  options.name = name;
  options.most_awake = 0;  // every case rests between turns: the harder way
  shard = std::make_unique<Shard>(
      0, ShardParts{loop,
                    clock,
                    log,
                    view,
                    rules,
                    load,
                    metrics,
                    runtime::Logger(),
                    options,
                    [this](const Case*, const std::shared_ptr<const Case>& after, const EventBatch&) {
                      if (on_counted) on_counted(after);
                    },
                    {}});
  log.Attach(0, shard.get());
  view.shard = shard.get();
}

Instance::~Instance() { shard->Lose("the test is over"); }

std::shared_ptr<Call> Instance::Execute(Command command) {
  auto call = std::make_shared<Call>();
  shard->Execute(std::move(command), [call](Result<ports::Answered> answer) {
    call->answer = std::move(answer);
    ++call->answers;
  });
  return call;
}

bool Instance::Turn() {
  const bool ran = loop.RunReady();
  shard->EndOfTurn();
  return ran;
}

bool Instance::Step() {
  const bool ran = Turn();
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

#include "tests/load/replay_driver.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace escalon::load {
namespace {

constexpr const char* kSource = "servicenow";
constexpr int64_t kPollUs = 2000;
constexpr int kMostInOneGo = 256;

const char* NameOf(const cases::v1::Command& command) {
  using Command = cases::v1::Command;
  switch (command.body_case()) {
    case Command::kAssign:
      return "assign";
    case Command::kAcknowledge:
      return "acknowledge";
    case Command::kStartWork:
      return "start_work";
    case Command::kPause:
      return "pause";
    case Command::kResume:
      return "resume";
    case Command::kResolve:
      return "resolve";
    case Command::kReopen:
      return "reopen";
    case Command::kSourceEnded:
      return "source_ended";
    case Command::kChangeFacts:
      return "change_facts";
    case Command::kAddNote:
      return "add_note";
    default:
      return "command";
  }
}

}  // namespace

ReplayDriver::ReplayDriver(const std::vector<LogCase>& cases, size_t most_in_flight, ReplayParts parts)
    : cases_(cases), most_in_flight_(most_in_flight), parts_(parts), walks_(cases.size()) {
  for (size_t i = 0; i < cases_.size(); ++i) {
    walks_[i].log = &cases_[i];
    Schedule(&walks_[i]);
  }
}

void ReplayDriver::Schedule(Walk* walk) {
  walk->release_at = std::max(walk->release_at, walk->log->rows[walk->row].at);
  due_.push({walk->release_at, walk});
}

bool ReplayDriver::Run(const std::atomic<bool>& stop, DurationMs give_up_ms) {
  auto last_answer = parts_.machine_clock.Steady();
  uint64_t seen = 0;
  while ((!due_.empty() || under_way_ > 0) && !stop.load(std::memory_order_relaxed)) {
    const InstantMs now = parts_.case_clock.WallMs();
    for (int i = 0; i < kMostInOneGo && !due_.empty() && due_.top().at <= now && under_way_ < most_in_flight_; ++i) {
      Walk* walk = due_.top().walk;
      due_.pop();
      behind_.Add(
          static_cast<int64_t>(static_cast<double>(now - walk->release_at) * 1000 / parts_.case_clock.Factor()));
      Begin(walk);
    }
    parts_.door.Poll(kPollUs);
    const auto steady = parts_.machine_clock.Steady();
    if (answers_ != seen || under_way_ == 0) {
      seen = answers_;
      last_answer = steady;
    } else if (steady - last_answer > std::chrono::milliseconds(give_up_ms)) {
      return false;
    }
  }
  return true;
}

void ReplayDriver::Begin(Walk* walk) {
  ++under_way_;
  if (walk->row == 0) return Submit(walk);
  Commands(walk);
}

void ReplayDriver::Submit(Walk* walk) {
  submission::v1::Submission submission = SubmissionOf(*walk->log, kSource);
  const LogRow& row = walk->log->rows.front();
  walk->state.impact = row.impact;
  walk->state.urgency = row.urgency;
  walk->state.category = row.category;
  const size_t call = parts_.history.Submitted(kSource, submission.idempotency_key());
  parts_.tally.Submitted();
  const auto asked_at = parts_.machine_clock.Steady();
  parts_.door.Submit(std::move(submission), parts_.authorization, [this, walk, call, asked_at](const Heard& heard) {
    ++answers_;
    parts_.history.Answer(call, heard.outcome, heard.case_id, heard.version);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(parts_.machine_clock.Steady() - asked_at);
    parts_.tally.SubmissionHeard(heard, took.count());
    if (heard.case_id.empty()) {
      // Without a case there is nothing to tell about; the final count shows it.
      --under_way_;
      return;
    }
    walk->id = heard.case_id;
    Commands(walk);
  });
}

void ReplayDriver::Commands(Walk* walk) {
  walk->commands = CommandsOf(walk->log->rows[walk->row], walk->row == 0, &walk->state);
  walk->next = 0;
  NextCommand(walk);
}

void ReplayDriver::NextCommand(Walk* walk) {
  if (walk->next == walk->commands.size()) return RowOver(walk);
  cases::v1::Command command = std::move(walk->commands[walk->next++]);
  command.set_command_id("replay-" + std::to_string(++commands_));
  const char* name = NameOf(command);
  const size_t call = parts_.history.Commanded(command.command_id(), walk->id);
  parts_.tally.Commanded();
  const auto asked_at = parts_.machine_clock.Steady();
  parts_.door.Execute(
      walk->id, std::move(command), parts_.authorization, [this, walk, call, name, asked_at](const Heard& heard) {
        ++answers_;
        parts_.history.Answer(call, heard.outcome, heard.case_id, heard.version);
        const auto took =
            std::chrono::duration_cast<std::chrono::microseconds>(parts_.machine_clock.Steady() - asked_at);
        parts_.tally.CommandHeard(name, heard, took.count());
        NextCommand(walk);
      });
}

void ReplayDriver::RowOver(Walk* walk) {
  --under_way_;
  walk->commands.clear();
  rows_told_.fetch_add(1, std::memory_order_relaxed);
  if (++walk->row < walk->log->rows.size()) return Schedule(walk);
  cases_over_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace escalon::load

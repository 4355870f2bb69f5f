#include "common/domain/draft.h"

#include <algorithm>

namespace escalon::decide {
namespace {

constexpr size_t kTraceBudget = 4096;
constexpr size_t kTraceReserve = 64;  ///< for the line that says that the trace was cut
constexpr size_t kLongestText = 160;
constexpr size_t kUsualEvents = 16;

void Shorten(std::string* text) {
  if (text->size() <= kLongestText) return;
  size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>((*text)[end]) & 0xc0) == 0x80) --end;  // never inside a UTF-8 character
  text->resize(end);
  *text += "…";
}

size_t SizeOf(const TraceLine& line) {
  size_t size = line.rule.size() + line.outcome.size() + 8;
  for (const auto& [field, value] : line.saw) size += field.size() + value.size() + 6;
  return size;
}

}  // namespace

Draft::Draft(const Case* current, const Command& command, const Context& context, Case* work)
    : command_(command),
      context_(context),
      policy_(&context.policy),
      before_(current),
      case_(work != nullptr ? *work : own_.emplace()),
      random_(context.seed) {
  if (current != nullptr) {
    case_ = *current;
  } else {
    case_.id = command.case_id;
    case_.tenant = command.actor.tenant;
  }
  ++case_.version;
  batch_.at = std::max(context.now, case_.last_at);
  batch_.actor = command.actor;
  batch_.command_id = command.command_id;
  batch_.command_hash = command.body_hash;
  if (command.occurred_at <= batch_.at) batch_.occurred_at = command.occurred_at;
  batch_.events.reserve(current != nullptr ? kUsualEvents : 2);
}

const Path* Draft::path() const { return policy_->path(case_.path); }

const PathTrack* Draft::track(Track track) const {
  const Path* found = path();
  if (found == nullptr) return nullptr;
  return track == Track::kFunctional ? &found->functional : &found->hierarchical;
}

void Draft::Notify(NotifyIntended intent) {
  intent.index = intents_++;
  intent.priority = case_.priority;
  Emit(std::move(intent));
}

void Draft::Trace(std::string rule, std::string outcome, Saw saw) {
  if (trace_full_) return;
  TraceLine line{std::move(rule), std::move(outcome), std::move(saw)};
  Shorten(&line.outcome);
  for (auto& [field, value] : line.saw) Shorten(&value);
  const size_t size = SizeOf(line);
  if (trace_bytes_ + size > kTraceBudget - kTraceReserve) {
    trace_full_ = true;
    line = {"trace", "shortened to 4 KB", {}};
  }
  trace_bytes_ += size;
  batch_.trace.push_back(std::move(line));
}

void Draft::Trace(std::vector<TraceLine> lines) {
  for (TraceLine& line : lines) Trace(std::move(line.rule), std::move(line.outcome), std::move(line.saw));
}

uint64_t Draft::Draw() {  // splitmix64
  random_ += 0x9e3779b97f4a7c15;
  uint64_t z = random_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::string Draft::NewId(char prefix) {
  std::string id = prefix + std::to_string(case_.version);
  if (ids_++ != 0) id += "." + std::to_string(ids_);
  return id;
}

EventBatch Draft::Finish(OutcomeKind outcome) {
  if (outcome == OutcomeKind::kDone && batch_.events.empty()) outcome = OutcomeKind::kUnchanged;
  // Triage by the rules may have come before a command that changes nothing itself.
  if (outcome == OutcomeKind::kUnchanged && !batch_.events.empty()) outcome = OutcomeKind::kDone;
  batch_.outcome = outcome;
  if (!own_) Conclude(case_, batch_);
  return std::move(batch_);
}

}  // namespace escalon::decide

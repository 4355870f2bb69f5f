// Appending, counting and answering: what an owner does with the reports of its records (DESIGN §4 "Answer when safe").
#include <algorithm>

#include "services/routing/keeper/shard.h"

namespace escalon::routing {
namespace {

constexpr uint64_t kSeqMask = (uint64_t{1} << 40) - 1;

}  // namespace

Error Shard::Unknown(const std::string& why) const {
  return Error{
      ErrorCode::kOutcomeUnknown, "outcome unknown: " + why + "; repeat with the same command id", {}, {}, 200};
}

Status Shard::Append(Pending pending, log::RecordHead head) {
  head.epoch = epoch_;
  head.owner = owner_;
  head.seq = seq_ + 1;
  const Status handed = parts_.log.Append(number_, head, pending.body, ownership_ << 40 | head.seq);
  if (!handed.ok()) return handed;
  pending.seq = ++seq_;
  pending.type = head.type;
  pending.handed = parts_.clock.Steady();
  // This record was handed over after these callers were refused: it is their proof.
  for (auto& waiting : unproven_) pending.answers.push_back(std::move(waiting));
  unproven_.clear();
  pending_bytes_ += pending.body.size();
  pending_.push_back(std::move(pending));
  return {};
}

Status Shard::AppendRaw(log::RecordHead head, std::string body, std::function<void(bool)> done) {
  if (state_ != State::kServing) return Error{ErrorCode::kNotOwner, "the shard is not served here"};
  Pending pending;
  pending.body = std::move(body);
  pending.done = std::move(done);
  return Append(std::move(pending), std::move(head));
}

void Shard::AnswerWithProof(Answer answer, Result<ports::Answered> outcome) {
  if (answer) unproven_.emplace_back(std::move(answer), std::move(outcome));
}

void Shard::EndOfTurn() {
  table_.Rest(parts_.options.most_awake);
  if (unproven_.empty() || !owns()) return;
  log::RecordHead head;
  head.type = log::RecordType::kTick;
  const Status handed = Append(Pending{}, std::move(head));
  if (handed.ok()) {
    parts_.metrics.ticks->Increment();
    return;
  }
  std::vector<std::pair<Answer, Result<ports::Answered>>> waiting;
  waiting.swap(unproven_);
  for (auto& [answer, outcome] : waiting) answer(Unknown("ownership could not be proven"));
}

void Shard::OnReport(uint64_t token, const Result<int64_t>& offset) {
  if (token >> 40 != ownership_) return;  // of an ownership that has ended: never used
  const uint64_t seq = token & kSeqMask;
  if (seq == 0) {
    if (!offset.ok() && state_ == State::kFencing) Retake("the fence: " + offset.error().message);
    return;
  }
  if (!owns()) return;
  reports_.push_back({seq, offset});
  HandleReports();
}

void Shard::HandleReports() {
  while (!reports_.empty() && !in_gap_) {
    const Report report = reports_.front();
    if (!report.offset.ok()) return EndOwnership("delivery: " + report.offset.error().message);
    if (pending_.empty() || pending_.front().seq != report.seq) return EndOwnership("a report out of order");
    const int64_t next = reader_.next_offset();
    if (*report.offset < next) return EndOwnership("an offset that was seen before");
    if (*report.offset > next) {
      parts_.metrics.gaps->Increment();
      if (replaying_) {  // begins anew when the gap has been read
        elsewhere_ = Elsewhere{history_follows_};
        StopReplay();
      }
      in_gap_ = true;
      probe_ = reader_;
      read_ = parts_.log.Read(number_, next, *report.offset);
      return;
    }
    reports_.pop_front();
    CountFront(*report.offset);
    if (!owns()) return;
  }
  MaybeReleased();
}

void Shard::ReadGap(const log::LogBatch& batch) {
  for (const log::LogEntry& entry : batch.entries) {
    const log::Verdict verdict =
        entry.record.ok() ? probe_.Judge(entry.offset, entry.record->head) : probe_.JudgeUndecodable(entry.offset);
    if (verdict == log::Verdict::kFence) return EndOwnership("deposed: another owner's fence counted");
    if (verdict == log::Verdict::kMissing || log::Counts(verdict))
      return EndOwnership("a gap that cannot be explained");
    if (verdict != log::Verdict::kRepeated) parts_.metrics.skipped->Increment();
  }
  if (!batch.finished) return;
  in_gap_ = false;
  read_ = 0;
  const int64_t until = reports_.empty() ? probe_.next_offset() : *reports_.front().offset;
  if (probe_.next_offset() != until) return EndOwnership("a gap that could not be read whole");
  reader_ = probe_;
  HandleReports();
  if (!elsewhere_ || in_gap_ || !owns()) return;
  const std::optional<Position> actual = elsewhere_->actual;
  elsewhere_.reset();
  OnElsewhere(actual);
}

void Shard::CountFront(int64_t offset) {
  Pending pending = std::move(pending_.front());
  pending_.pop_front();
  pending_bytes_ -= pending.body.size();
  log::RecordHead head;
  head.type = pending.type;
  head.epoch = epoch_;
  head.owner = owner_;
  head.seq = pending.seq;
  if (reader_.Judge(offset, head) != log::Verdict::kCounts) {
    pending_.push_front(std::move(pending));
    return EndOwnership("an own record that does not count");
  }
  parts_.metrics.append_seconds->Observe(std::chrono::duration<double>(parts_.clock.Steady() - pending.handed).count());
  if (pending.after != nullptr) {
    parts_.metrics.records->Increment();
    const std::shared_ptr<const Case> before = table_.Counted(pending.after);
    if (replaying_) counted_meanwhile_.push_back({pending.after->id, pending.body});
    parts_.view.Touch(number_, before, pending.after, {pending.after->id, std::move(pending.body)}, reader_.position());
    if (pending.key) parts_.view.AddKey(number_, *pending.key);
    if (parts_.on_counted) parts_.on_counted(before.get(), pending.after, *pending.batch);
  } else {
    parts_.view.Move(number_, reader_.position());
  }
  for (auto& [answer, outcome] : pending.answers) {
    if (!answer) continue;
    (outcome.ok() ? parts_.metrics.commands_done : parts_.metrics.commands_rejected)->Increment();
    answer(std::move(outcome));
  }
  if (pending.done) pending.done(true);
}

void Shard::FailPending(const Error& error) {
  std::deque<Pending> lost;
  lost.swap(pending_);
  std::vector<std::pair<Answer, Result<ports::Answered>>> waiting;
  waiting.swap(unproven_);
  pending_bytes_ = 0;
  reports_.clear();
  const auto tell = [&](Answer& answer) {
    if (!answer) return;
    parts_.metrics.commands_unknown->Increment();
    parts_.metrics.answered_unknown->Increment();
    answer(error);
  };
  for (Pending& pending : lost) {
    for (auto& [answer, outcome] : pending.answers) tell(answer);
    if (pending.done) pending.done(false);
  }
  for (auto& [answer, outcome] : waiting) tell(answer);
}

void Shard::EndOwnership(const std::string& why) {
  const bool owned = owns();
  if (read_ != 0) parts_.log.StopReading(number_);
  read_ = 0;
  ++ownership_;
  in_gap_ = replaying_ = false;
  elsewhere_.reset();
  counted_meanwhile_.clear();
  attached_.clear();
  if (state_ == State::kClosed) parts_.metrics.shards_closed->Decrement();
  state_ = State::kIdle;
  if (owned) {
    parts_.metrics.ownership_ended->Increment();
    parts_.metrics.shards_owned->Decrement();
    logger_.Warn("ownership ended", {{"why", why}, {"epoch", epoch_}, {"pending", pending_.size()}});
  }
  parts_.view.Close(number_);
  FailPending(Unknown(why));
  if (owned && parts_.on_ownership) parts_.on_ownership(number_, false);
  table_.Clear();
  if (recovery_ != nullptr) FinishRecovery(Unknown(why));
  if (released_) {
    auto released = std::move(released_);
    released_ = nullptr;
    released();
  }
  if (wanted_ && state_ == State::kIdle) Retake(why);
}

void Shard::OnElsewhere(std::optional<Position> actual) {
  if (!owns()) return;
  logger_.Warn("the live view stands elsewhere: writing it whole",
               {{"at", actual ? actual->offset : int64_t{-1}}, {"counted", reader_.position().offset}});
  if (in_gap_) {  // the one reader is busy: ReadGap goes on here
    elsewhere_ = Elsewhere{actual};
    return;
  }
  // What the view has lost of the histories comes from the log: from where it stands, else from the own fence on.
  history_follows_ = actual && actual->offset <= reader_.position().offset ? actual : std::nullopt;
  const Position from = history_follows_ ? *history_follows_ : owned_from_;
  rebuilt_history_.Clear();
  counted_meanwhile_.clear();
  replaying_ = true;
  replay_ = log::Reader(from);
  read_to_ = reader_.next_offset();
  read_ = parts_.log.Read(number_, from.offset, read_to_);
}

void Shard::ReadReplay(const log::LogBatch& batch) {
  for (const log::LogEntry& entry : batch.entries) {
    const log::Verdict verdict =
        entry.record.ok() ? replay_.Judge(entry.offset, entry.record->head) : replay_.JudgeUndecodable(entry.offset);
    if (verdict == log::Verdict::kCounts && entry.record->head.type == log::RecordType::kEvents) {
      rebuilt_history_.Add(entry.record->head.case_id, entry.record->body);
    }
  }
  if (batch.finished) WriteViewWhole();
}

void Shard::StopReplay() {
  if (!replaying_) return;
  if (read_ != 0) parts_.log.StopReading(number_);
  read_ = 0;
  replaying_ = false;
}

void Shard::WriteViewWhole() {
  StopReplay();
  std::vector<HistoryItem> history;
  rebuilt_history_.MoveTo(&history);
  history.insert(history.end(), std::make_move_iterator(counted_meanwhile_.begin()),
                 std::make_move_iterator(counted_meanwhile_.end()));
  counted_meanwhile_.clear();
  parts_.view.Reset(
      number_, reader_.position(), epoch_, table_.Ids(), [this](const CaseId& id) { return table_.Peek(id); },
      table_.Keys(parts_.clock.WallMs()), std::move(history), history_follows_);
}

}  // namespace escalon::routing

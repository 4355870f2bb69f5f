#include "common/log/reader.h"

namespace escalon::log {

const char* NameOf(Verdict v) {
  switch (v) {
    case Verdict::kFence:
      return "fence";
    case Verdict::kCounts:
      return "counts";
    case Verdict::kFenceLost:
      return "fence_lost";
    case Verdict::kForeign:
      return "foreign";
    case Verdict::kLower:
      return "lower";
    case Verdict::kVoid:
      return "void";
    case Verdict::kUndecodable:
      return "undecodable";
    case Verdict::kRepeated:
      return "repeated";
    case Verdict::kMissing:
      return "missing";
  }
  return "?";
}

Verdict Reader::Decide(const RecordHead& head) const {
  if (head.type == RecordType::kFence) return head.epoch > position_.epoch ? Verdict::kFence : Verdict::kFenceLost;
  // Epoch 0 is the start of a log, where the owner of all zeros must not be believed either.
  if (position_.epoch == 0 || head.epoch != position_.epoch || head.owner != position_.owner) return Verdict::kForeign;
  if (head.seq <= position_.seq) return Verdict::kLower;
  return void_ || head.seq != position_.seq + 1 ? Verdict::kVoid : Verdict::kCounts;
}

Verdict Reader::Judge(int64_t offset, const RecordHead& head) {
  if (offset < next_offset_) {
    ++stats_.repeated;
    return Verdict::kRepeated;
  }
  if (offset > next_offset_) {
    ++stats_.missing;
    return Verdict::kMissing;
  }
  next_offset_ = offset + 1;
  const Verdict verdict = Decide(head);
  switch (verdict) {
    case Verdict::kFence:
      position_ = {offset + 1, head.epoch, head.owner, 0};
      void_ = false;
      ++stats_.fences;
      ++stats_.counted;
      break;
    case Verdict::kCounts:
      position_.offset = offset + 1;
      position_.seq = head.seq;
      ++stats_.counted;
      break;
    case Verdict::kVoid:
      void_ = true;
      ++stats_.voided;
      break;
    case Verdict::kFenceLost:
      ++stats_.fences_lost;
      break;
    case Verdict::kForeign:
      ++stats_.foreign;
      break;
    default:
      ++stats_.lower;
      break;
  }
  return verdict;
}

Verdict Reader::JudgeUndecodable(int64_t offset) {
  if (offset < next_offset_) {
    ++stats_.repeated;
    return Verdict::kRepeated;
  }
  if (offset > next_offset_) {
    ++stats_.missing;
    return Verdict::kMissing;
  }
  next_offset_ = offset + 1;
  ++stats_.undecodable;
  return Verdict::kUndecodable;
}

}  // namespace escalon::log

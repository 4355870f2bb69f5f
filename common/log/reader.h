#pragma once

#include <cstdint>

#include "common/log/record.h"

namespace escalon::log {

/// What a record is to whoever reads the shard in order.
enum class Verdict : uint8_t {
  kFence,        ///< a fence that counts: a new owner; everything the old one wrote after it is void
  kCounts,       ///< a record that counts: fold it
  kFenceLost,    ///< a fence whose epoch is not higher than that of the last one that counted
  kForeign,      ///< not of the owner whose fence counted last
  kLower,        ///< a repeat of the owner's own sequence
  kVoid,         ///< the owner's sequence has a hole here or before: nothing counts until a fence
  kUndecodable,  ///< bytes that are no record
  kRepeated,     ///< an offset that was judged before: the transport went back; nothing changes
  kMissing,  ///< an offset ahead of the next one: the log has a hole, or the transport skipped. NOTHING changes; the
             ///< caller must fetch from next_offset() or stop. It is an error, never a skip (rule 10)
};

inline bool Counts(Verdict v) { return v == Verdict::kFence || v == Verdict::kCounts; }
const char* NameOf(Verdict v);

/// How many records got each verdict.
struct ReaderStats {
  uint64_t counted = 0;  ///< fences among them
  uint64_t fences = 0;
  uint64_t fences_lost = 0;
  uint64_t foreign = 0;
  uint64_t lower = 0;
  uint64_t voided = 0;
  uint64_t undecodable = 0;
  uint64_t repeated = 0;
  uint64_t missing = 0;
};

/// THE rule of every reader of one shard of the case log (protocol.md, rules 1, 2 and 5); nobody reads it otherwise.
/// A fence counts iff its epoch is higher than that of the last fence that counted. Another record counts iff its
/// (epoch, owner) is that of the last counted fence and its seq is the last one + 1; lower: skipped; higher: nothing
/// more counts until a fence. Pure; one thread at a time; a few integers, so cheap to copy.
///
/// An undecodable record does not count. Was it the current owner's, its seq is missing and the rest of that epoch is
/// void for every reader alike, until the next fence; was it foreign, nothing else changes. Encode accepts only what
/// Decode accepts, so an owner cannot write one by mistake.
class Reader {
 public:
  /// At the start of the log: before any fence nothing counts.
  Reader() = default;
  /// Where a saved position (commit metadata, Redis `at`, a base's floor) left off. What lies between it and the place
  /// where its writer had read to did not count then and does not count now: it is judged again, with the same result.
  explicit Reader(const Position& at) : position_(at), next_offset_(at.offset) {}

  /// Offsets must come in order, one by one.
  Verdict Judge(int64_t offset, const RecordHead& head);
  Verdict JudgeUndecodable(int64_t offset);

  /// Right behind the last record that counted: this is what to save.
  const Position& position() const { return position_; }
  /// The next offset to be judged; ahead of position().offset by what did not count.
  int64_t next_offset() const { return next_offset_; }
  /// The sequence of this epoch has a hole; only a fence goes on.
  bool voided() const { return void_; }
  const ReaderStats& stats() const { return stats_; }

 private:
  Verdict Decide(const RecordHead& head) const;

  Position position_;
  int64_t next_offset_ = 0;
  bool void_ = false;
  ReaderStats stats_;
};

}  // namespace escalon::log

#include "common/log/follower_start.h"

#include "common/log/position_text.h"

namespace escalon::log {

Result<StartChoice> ChooseStart(const StartFacts& facts) {
  std::string alarm;
  if (facts.committed >= 0) {
    const Result<Position> saved = ParsePosition(facts.metadata);
    const bool readable = saved && saved->offset == facts.committed;
    const bool there = facts.committed >= facts.ends.low && facts.committed <= facts.ends.high;
    if (readable && there && !facts.lost) return StartChoice{{*saved, StartReason::kCommitted}, {}};
    alarm = readable ? "the saved offset " + std::to_string(facts.committed) + " is not in the log, which has " +
                           std::to_string(facts.ends.low) + " to " + std::to_string(facts.ends.high)
                     : "the saved offset " + std::to_string(facts.committed) + " has no readable position";
  } else if (facts.lost) {
    alarm = "the log lost what was to be read next; it has " + std::to_string(facts.ends.low) + " to " +
            std::to_string(facts.ends.high);
  }
  const bool loss = !alarm.empty();
  if (facts.base && facts.base->offset >= facts.ends.low && facts.base->offset <= facts.ends.high) {
    if (loss) alarm += "; going on at the last complete base, offset " + std::to_string(facts.base->offset);
    return StartChoice{{*facts.base, loss ? StartReason::kBaseAfterLoss : StartReason::kBase}, alarm};
  }
  if (facts.ends.low == 0) {
    if (loss) alarm += "; going on at the beginning of the log, which is whole";
    return StartChoice{{Position{}, loss ? StartReason::kBaseAfterLoss : StartReason::kBeginning}, alarm};
  }
  return Error{ErrorCode::kNotFound, (loss ? alarm + "; " : std::string()) + "the log begins at offset " +
                                         std::to_string(facts.ends.low) +
                                         " and has no complete base to start from: let the shard's owner write one "
                                         "(escalonctl shard base), the shard is tried again"};
}

}  // namespace escalon::log

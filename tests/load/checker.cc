#include "tests/load/checker.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace escalon::load {
namespace {

using wire::DeliveryOutcome;

class Checker {
 public:
  Checker(const History& history, const LogFacts& facts, const CheckOptions& options)
      : history_(history), facts_(facts), options_(options) {}

  CheckReport Run() {
    for (const Call& call : history_.calls()) {
      Count(call);
      if (call.kind == CallKind::kSubmit) {
        CheckSubmission(call);
      } else {
        CheckCommand(call);
      }
    }
    CheckKeys();
    CheckDeliveries();
    CheckClocks();
    report_.gaps = facts_.version_gaps;
    if (report_.gaps > 0) Tell("gap", std::to_string(report_.gaps) + " versions are not the one before + 1");
    report_.unreadable = facts_.unreadable.size();
    for (const std::string& one : facts_.unreadable) Tell("unreadable", one);
    return std::move(report_);
  }

 private:
  void Tell(const char* fault, const std::string& what) {
    if (report_.first_faults.size() < CheckReport::kFaultsKept)
      report_.first_faults.push_back(std::string(fault) + ": " + what);
  }

  void Count(const Call& call) {
    ++report_.calls;
    switch (call.outcome) {
      case CallOutcome::kUnknown:
        ++report_.unknown;
        break;
      case CallOutcome::kRejected:
        ++report_.rejected;
        break;
      default:
        ++report_.answered;
    }
  }

  /// Submissions of one key, repeats included, are one case.
  void CheckSubmission(const Call& call) {
    const std::string key = SourceAndKey(history_.SourceOf(call), call.id);
    const auto found = facts_.opened.find(key);
    const bool there = found != facts_.opened.end();
    switch (call.outcome) {
      case CallOutcome::kOpened:
        heard_keys_.insert(key);
        if (!there) {
          ++report_.lost;
          Tell("lost", "submission " + call.id + " was answered with case " + call.case_id.ToString() +
                           ", which the log does not have");
        } else if (std::find(found->second.begin(), found->second.end(), call.case_id) == found->second.end()) {
          ++report_.misplaced;
          Tell("misplaced", "submission " + call.id + " was answered with case " + call.case_id.ToString() +
                                ", the log has " + found->second.front().ToString());
        }
        break;
      case CallOutcome::kAttached:
        if (!facts_.versions.contains(call.case_id)) {
          ++report_.lost;
          Tell("lost", "submission " + call.id + " was attached to case " + call.case_id.ToString() +
                           ", which the log does not have");
        }
        break;
      case CallOutcome::kRejected:
        // Another submission under the same key may have been taken.
        if (there && !heard_keys_.contains(key)) refused_.push_back({key, call.id});
        break;
      case CallOutcome::kUnknown:
        if (there) ++report_.unknown_applied;
        break;
      default:
        break;
    }
  }

  void CheckCommand(const Call& call) {
    const auto found = facts_.by_command.find(call.id);
    const size_t times = found == facts_.by_command.end() ? 0 : found->second.size();
    if (times > 1) {
      ++report_.doubled;
      Tell("doubled", "command " + call.id + " stands " + std::to_string(times) + " times in the log");
    }
    switch (call.outcome) {
      case CallOutcome::kDone:
      case CallOutcome::kAwaitsApproval:
        if (times == 0) {
          // Asking again for a consent that is open already changes nothing.
          if (call.outcome == CallOutcome::kAwaitsApproval) break;
          ++report_.lost;
          Tell("lost", "command " + call.id + " on case " + call.case_id.ToString() + " was answered with version " +
                           std::to_string(call.version) + ", but is not in the log");
        } else if (!(found->second.front() == Applied{call.case_id, call.version})) {
          ++report_.misplaced;
          Tell("misplaced", "command " + call.id + " was answered with version " + std::to_string(call.version) +
                                ", the log has it as version " + std::to_string(found->second.front().version));
        }
        break;
      case CallOutcome::kUnchanged:
      case CallOutcome::kRejected:
        if (times > 0) {
          ++report_.phantom;
          Tell("phantom", "command " + call.id + " on case " + call.case_id.ToString() + " was answered with " +
                              std::string(Name(call.outcome)) + ", but is in the log");
        }
        break;
      case CallOutcome::kUnknown:
        if (times > 0) ++report_.unknown_applied;
        break;
      default:
        break;
    }
  }

  void CheckKeys() {
    for (const auto& [key, cases] : facts_.opened) {
      // Without a key every submission is a case of its own.
      if (cases.size() < 2 || key.ends_with('\t')) continue;
      ++report_.second_cases;
      Tell("second case",
           "key " + key.substr(key.find('\t') + 1) + " opened " + std::to_string(cases.size()) + " cases");
    }
    for (const auto& [key, id] : refused_) {
      if (heard_keys_.contains(key)) continue;
      ++report_.phantom;
      Tell("phantom", "submission " + id + " was refused, but the log has its case");
    }
  }

  void CheckClocks() {
    report_.fired = facts_.fired;
    report_.lateness = facts_.lateness;
    report_.late = facts_.lateness.Above(options_.late_bound_ms * 1000);
    for (const LateClock& late : facts_.latest) {
      if (late.late_us <= options_.late_bound_ms * 1000) break;
      Tell("late", late.clock + " of case " + late.case_id.ToString() + ", version " + std::to_string(late.version) +
                       ", by " + std::to_string(late.late_us / 1000) + " ms, decided by " + late.by);
    }
    if (options_.ended_at == kNever) return;
    for (const CaseEnd& end : facts_.cases) {
      if (end.next_alarm_at > options_.ended_at - options_.settle_ms) continue;
      ++report_.missed;
      Tell("missed", end.next_alarm + " of case " + end.id.ToString() + " was due at " +
                         FormatInstant(end.next_alarm_at) + ", and nobody acted");
    }
  }

  struct Told {
    uint64_t delivered = 0;
    const wire::DeliveryRecord* last = nullptr;
  };

  static std::string Named(const wire::DeliveryRecord& record) {
    return "case " + record.case_id.ToString() + ", version " + std::to_string(record.version) + ", intent " +
           std::to_string(record.index) + ", to " + (record.person.empty() ? record.team : record.person);
  }

  void CheckEnd(const Told& one) {
    const wire::DeliveryRecord& last = *one.last;
    CountOutcome(last.outcome);
    if (one.delivered > 1 && !options_.with_crashes) {
      ++report_.delivered_twice;
      Tell("delivered twice", Named(last));
    }
    const bool given_up = last.outcome == DeliveryOutcome::kSuppressed || last.outcome == DeliveryOutcome::kDead;
    if (given_up && last.reason.empty()) {
      ++report_.unexplained;
      Tell("unexplained", Named(last) + ": given up without a reason");
    }
    const bool again = last.outcome == DeliveryOutcome::kRetrying || last.outcome == DeliveryOutcome::kHeld;
    if (again && last.next_attempt_at > 0 && options_.ended_at != kNever &&
        last.next_attempt_at < options_.ended_at - options_.settle_ms) {
      ++report_.stalled;
      Tell("stalled",
           Named(last) + ": was to be tried again at " + FormatInstant(last.next_attempt_at) + ", and was not");
    }
  }

  void CountOutcome(DeliveryOutcome outcome) {
    switch (outcome) {
      case DeliveryOutcome::kDelivered:
        ++report_.delivered;
        break;
      case DeliveryOutcome::kSuppressed:
        ++report_.suppressed;
        break;
      case DeliveryOutcome::kDead:
        ++report_.dead;
        break;
      case DeliveryOutcome::kDiscarded:
      case DeliveryOutcome::kSkippedByRetention:
        ++report_.discarded;
        break;
      default:
        ++report_.under_way;
    }
  }

  void CheckDeliveries() {
    using Intent = std::tuple<CaseId, uint64_t, uint32_t>;
    std::map<Intent, std::map<std::string, Told>> told;
    for (const wire::DeliveryRecord& record : facts_.deliveries) {
      Told& one =
          told[{record.case_id, record.version, record.index}][record.person.empty() ? record.team : record.person];
      one.last = &record;
      // An operator may send one again; nobody else.
      if (record.outcome == DeliveryOutcome::kDelivered && record.resent_by.empty()) ++one.delivered;
    }
    for (const IntentSeen& intent : facts_.intents) {
      ++report_.intents;
      const auto found = told.find({intent.case_id, intent.version, intent.index});
      const bool young = options_.ended_at != kNever && intent.at > options_.ended_at - options_.settle_ms;
      const auto untold = [&](const std::string& whom) {
        if (young) {
          ++report_.under_way;
          return;
        }
        ++report_.untold;
        Tell("untold", "case " + intent.case_id.ToString() + ", version " + std::to_string(intent.version) +
                           ", intent " + std::to_string(intent.index) + ": nothing in the delivery log about " + whom);
      };
      if (found == told.end()) {
        untold(intent.people.empty() ? "anybody" : intent.people.front());
        continue;
      }
      for (const std::string& person : intent.people) {
        if (!found->second.contains(person)) untold(person);
      }
      for (const auto& [person, one] : found->second) CheckEnd(one);
      told.erase(found);
    }
    for (const auto& [intent, people] : told) {
      if (std::get<CaseId>(intent).empty()) continue;  // a test page belongs to no case
      ++report_.unasked;
      Tell("unasked", Named(*people.begin()->second.last) + ": the case log intends no such message");
    }
  }

  const History& history_;
  const LogFacts& facts_;
  const CheckOptions& options_;
  CheckReport report_;
  std::set<std::string> heard_keys_;
  std::vector<std::pair<std::string, std::string>> refused_;
};

}  // namespace

CheckReport CheckHistory(const History& history, const LogFacts& facts, const CheckOptions& options) {
  return Checker(history, facts, options).Run();
}

}  // namespace escalon::load

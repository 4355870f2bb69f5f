#pragma once

#include <string>
#include <vector>

#include "common/domain/policy.h"

namespace escalon::explanation {

/// One thing that a policy says, so small that two versions can be compared by it. Private to the room.
struct Statement {
  std::string key;                       ///< place in the document: the same in both versions
  std::string parent;                    ///< key of what it belongs to; empty: the policy
  std::string which;                     ///< cases that it is about
  std::string subject;                   ///< `step 2 waits`
  std::string value;                     ///< in words; empty: says nothing
  Priority priority = Priority::kUnset;  ///< of the cases; unset: whatever it is
};

/// All of them, in the order of the document.
std::vector<Statement> StatementsOf(const Policy& policy);

/// Gathers statements of one part of a policy.
class Statements {
 public:
  explicit Statements(std::vector<Statement>* out) : out_(*out) {}

  /// What comes next belongs to this part; `value` says what it is as a whole.
  void Begin(const std::string& key, const std::string& which, const std::string& subject, const std::string& value);
  void End();
  void Say(const std::string& key, const std::string& subject, const std::string& value);
  template <typename Words>
  void SayByPriority(const std::string& key, const std::string& subject, Words words) {
    for (const Priority priority : {Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4}) {
      Add(key + "." + std::string(Name(priority)), subject, words(priority), priority);
    }
  }

 private:
  void Add(const std::string& key, const std::string& subject, const std::string& value, Priority priority);

  std::vector<Statement>& out_;
  std::string parent_, which_ = "all cases";
};

// In files of their names.
void SayOrder(const Policy& policy, Statements* out);  ///< order_statements.cc: all but paths and promises
void SayPromises(const Policy& policy, Statements* out);
void SayPaths(const Policy& policy, Statements* out);  ///< path_statements.cc

}  // namespace escalon::explanation

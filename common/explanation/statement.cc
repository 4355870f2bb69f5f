#include "common/explanation/statement.h"

namespace escalon::explanation {

void Statements::Begin(const std::string& key, const std::string& which, const std::string& subject,
                       const std::string& value) {
  parent_.clear();
  which_ = which;
  Add(key, subject, value, Priority::kUnset);
  parent_ = key;
}

void Statements::End() {
  parent_.clear();
  which_ = "all cases";
}

void Statements::Say(const std::string& key, const std::string& subject, const std::string& value) {
  Add(key, subject, value, Priority::kUnset);
}

void Statements::Add(const std::string& key, const std::string& subject, const std::string& value, Priority priority) {
  out_.push_back({parent_.empty() ? key : parent_ + "." + key, parent_, which_, subject, value, priority});
}

std::vector<Statement> StatementsOf(const Policy& policy) {
  std::vector<Statement> statements;
  Statements out(&statements);
  SayPromises(policy, &out);
  SayPaths(policy, &out);
  SayOrder(policy, &out);
  return statements;
}

}  // namespace escalon::explanation

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/documents/key_census.h"
#include "common/documents/yaml_tree.h"

namespace escalon::documents {

/// Findings of one document beyond which the rest is only counted: nobody reads more at once.
inline constexpr size_t kMostFindings = 200;

/// Everything wrong with one document, and where its parts stand. One per reading; not thread-safe.
class Report {
 public:
  /// `census`: where the readers note what they understand; nullptr: nowhere.
  explicit Report(KeyCensus* census = nullptr) : census_(census) {}
  KeyCensus* census() const { return census_; }
  /// A part was met: later findings about its path get its line.
  void Met(const std::string& path, int line) { lines_.emplace(path, line); }
  /// `line` 0: that of the nearest part above the path.
  void Add(std::string path, const std::string& message, int line = 0);
  void Add(const std::vector<FieldViolation>& findings);
  /// What is wrong with the meaning of what was read, but for that which only follows from a part that could not be
  /// read.
  void AddJudgement(const std::vector<FieldViolation>& findings);
  bool empty() const { return findings_.empty(); }
  /// All findings in the order of their lines, as one error. `what` names the document.
  Error AsError(std::string_view what) const;

 private:
  struct Finding {
    int line = 0;
    FieldViolation violation;
  };
  int LineOf(std::string path) const;
  bool full() const { return findings_.size() >= kMostFindings; }

  KeyCensus* census_;
  std::map<std::string, int> lines_;
  std::vector<Finding> findings_;
  size_t left_out_ = 0;
};

/// A node, its path in the document, and where to report about it.
struct Value {
  const Node* node;
  std::string path;
  Report* report;

  void Fault(const std::string& message) const { report->Add(path, message, node->line); }
  bool is_map() const { return node->kind == Node::Kind::kMap; }
  bool is_list() const { return node->kind == Node::Kind::kList; }
  bool is_text() const { return node->kind == Node::Kind::kText; }
  bool is_null() const { return node->kind == Node::Kind::kNull; }
  Value At(size_t index) const;
  Value At(const Node::Entry& entry) const;
};

/// The known word nearest to a misspelt one, as `; did you mean "x"?`; empty when none is near.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& known);
/// YAML 1.1 reads `on`, `no`, `yes` and the like as true or false: the hint to quote them; else empty.
std::string QuotingTrap(std::string_view text, bool quoted);

}  // namespace escalon::documents

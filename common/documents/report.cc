#include "common/documents/report.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>

namespace escalon::documents {
namespace {

/// Insertions, deletions, replacements and swaps of neighbours.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before, above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t k = 1; k <= b.size(); ++k) {
      row[k] = std::min({above[k] + 1, row[k - 1] + 1, above[k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1)});
      if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1]) row[k] = std::min(row[k], before[k - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above[b.size()];
}

/// `paths.x.steps[1]` is below `paths.x`, but not below `paths.x.step`.
bool IsAtOrBelow(std::string_view path, std::string_view above) {
  if (above.empty() || !path.starts_with(above)) return false;
  return path.size() == above.size() || path[above.size()] == '.' || path[above.size()] == '[';
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

}  // namespace

void Report::Add(std::string path, const std::string& message, int line) {
  if (full()) {
    ++left_out_;
    return;
  }
  if (line == 0) line = LineOf(path);
  const std::string text = line != 0 ? "line " + std::to_string(line) + ": " + message : message;
  findings_.push_back({line, {std::move(path), text}});
}

void Report::Add(const std::vector<FieldViolation>& findings) {
  for (const FieldViolation& finding : findings) Add(finding.field, finding.message);
}

void Report::AddJudgement(const std::vector<FieldViolation>& findings) {
  const size_t of_form = findings_.size();
  for (const FieldViolation& finding : findings) {
    const bool follows = std::any_of(
        findings_.begin(), findings_.begin() + static_cast<std::ptrdiff_t>(of_form), [&](const Finding& form) {
          return IsAtOrBelow(finding.field, form.violation.field) || IsAtOrBelow(form.violation.field, finding.field);
        });
    if (!follows) Add(finding.field, finding.message);
  }
}

int Report::LineOf(std::string path) const {
  while (!path.empty()) {
    const auto it = lines_.find(path);
    if (it != lines_.end()) return it->second;
    const size_t cut = path.find_last_of(".[");
    path.resize(cut == std::string::npos ? 0 : cut);
  }
  return 0;
}

Error Report::AsError(std::string_view what) const {
  std::vector<Finding> sorted = findings_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Finding& a, const Finding& b) { return a.line < b.line; });
  Error error{ErrorCode::kInvalidArgument, ""};
  for (Finding& finding : sorted) error.fields.push_back(std::move(finding.violation));
  const size_t count = error.fields.size() + left_out_;
  if (left_out_ > 0) {
    error.fields.push_back({"", std::to_string(left_out_) + " more faults are left out; mend these first"});
  }
  const FieldViolation& first = error.fields.front();
  error.message = "the " + std::string(what) + " has " + std::to_string(count) +
                  (count == 1 ? " fault: " : " faults; the first: ") + first.field + (first.field.empty() ? "" : ": ") +
                  first.message;
  return error;
}

Value Value::At(size_t index) const {
  Value item{&node->items[index], path + "[" + std::to_string(index) + "]", report};
  report->Met(item.path, item.node->line);
  return item;
}

Value Value::At(const Node::Entry& entry) const {
  Value value{&entry.value, path.empty() ? entry.key : path + "." + entry.key, report};
  report->Met(value.path, entry.line);
  return value;
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& known) {
  const std::string lower = Lower(word);
  const std::string* best = nullptr;
  size_t best_distance = std::min<size_t>(3, word.size() / 3 + 1) + 1;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(lower, Lower(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = &candidate;
    }
  }
  return best != nullptr ? "; did you mean \"" + *best + "\"?" : "";
}

std::string QuotingTrap(std::string_view text, bool quoted) {
  constexpr std::array<std::string_view, 6> kTraps{"on", "off", "yes", "no", "y", "n"};
  if (quoted || std::find(kTraps.begin(), kTraps.end(), Lower(text)) == kTraps.end()) return "";
  return "write \"" + std::string(text) + "\" in quotes: many YAML tools read the bare word as true or false";
}

}  // namespace escalon::documents

#include "services/intake/application/text_diff.h"

#include <algorithm>
#include <cstdint>

namespace escalon::intake {
namespace {

constexpr size_t kMostCells = 4'000'000;  ///< of the table of common subsequences
constexpr size_t kMostLines = 500;

using Lines = std::vector<std::string_view>;

Lines Split(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

void Put(std::vector<std::string>* out, char sign, std::string_view line) {
  out->push_back(std::string(1, sign) + std::string(line));
}

/// Longest common subsequence, from the ends; `a` and `b` share neither first nor last line.
void DiffMiddle(const Lines& a, const Lines& b, std::vector<std::string>* out) {
  const size_t n = a.size(), m = b.size();
  if (n * m > kMostCells) {
    for (const std::string_view line : a) Put(out, '-', line);
    for (const std::string_view line : b) Put(out, '+', line);
    return;
  }
  std::vector<uint32_t> table((n + 1) * (m + 1), 0);
  const auto at = [&](size_t i, size_t j) -> uint32_t& { return table[i * (m + 1) + j]; };
  for (size_t i = n; i-- > 0;) {
    for (size_t j = m; j-- > 0;) at(i, j) = a[i] == b[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  }
  size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && a[i] == b[j]) {
      ++i, ++j;
    } else if (j == m || (i < n && at(i + 1, j) >= at(i, j + 1))) {
      Put(out, '-', a[i++]);
    } else {
      Put(out, '+', b[j++]);
    }
  }
}

}  // namespace

std::vector<std::string> DiffLines(std::string_view before, std::string_view after) {
  Lines a = Split(before), b = Split(after);
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  a.erase(a.begin(), x);
  b.erase(b.begin(), y);
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.pop_back();
    b.pop_back();
  }
  std::vector<std::string> out;
  DiffMiddle(a, b, &out);
  if (out.size() > kMostLines) {
    const size_t more = out.size() - kMostLines;
    out.resize(kMostLines);
    out.push_back("… and " + std::to_string(more) + " more lines");
  }
  return out;
}

}  // namespace escalon::intake

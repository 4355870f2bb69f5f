#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace escalon::history {

/// Rows of comma-separated values by RFC 4180: quotes, doubled quotes, line breaks within quotes; LF or CRLF. The text
/// must outlive it. One thread.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}
  /// The fields of the next row, good until the next call; false at the end. An empty line is skipped.
  bool Next(std::vector<std::string_view>* fields);
  /// On which the row just read begins, from 1.
  int line() const { return line_; }

 private:
  std::string_view Quoted();

  std::string_view text_;
  size_t at_ = 0;
  int line_ = 0;
  int next_line_ = 1;
  std::deque<std::string> unquoted_;  ///< fields that do not stand in the text as they are
};

}  // namespace escalon::history

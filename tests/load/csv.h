#pragma once

#include <istream>
#include <string>
#include <vector>

namespace escalon::load {

/// Rows of comma-separated values by RFC 4180: quotes, doubled quotes, line breaks within quotes; LF or CRLF. One
/// thread.
class CsvReader {
 public:
  explicit CsvReader(std::istream& in) : in_(in) {}
  /// The fields of the next row; false at the end. An empty line is skipped.
  bool Next(std::vector<std::string>* fields);
  /// Of the row just read, from 1.
  int line() const { return line_; }

 private:
  std::istream& in_;
  int line_ = 0;
};

}  // namespace escalon::load

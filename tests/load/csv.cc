#include "tests/load/csv.h"

#include <algorithm>

namespace escalon::load {
namespace {

bool IsOpen(const std::string& text) { return std::count(text.begin(), text.end(), '"') % 2 != 0; }

void Split(const std::string& row, std::vector<std::string>* fields) {
  fields->clear();
  std::string field;
  bool quoted = false;
  for (size_t i = 0; i < row.size(); ++i) {
    const char c = row[i];
    if (quoted && c == '"' && i + 1 < row.size() && row[i + 1] == '"') {
      field += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields->push_back(std::move(field));
      field.clear();
    } else {
      field += c;
    }
  }
  fields->push_back(std::move(field));
}

}  // namespace

bool CsvReader::Next(std::vector<std::string>* fields) {
  std::string row;
  while (row.empty()) {
    if (!std::getline(in_, row)) return false;
    ++line_;
    if (row.ends_with('\r')) row.pop_back();
  }
  for (std::string more; IsOpen(row) && std::getline(in_, more);) {
    ++line_;
    row += '\n' + more;
  }
  if (row.ends_with('\r')) row.pop_back();
  Split(row, fields);
  return true;
}

}  // namespace escalon::load

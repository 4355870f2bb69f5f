#include "common/history/csv_reader.h"

#include <algorithm>

namespace escalon::history {

std::string_view CsvReader::Quoted() {
  std::string& field = unquoted_.emplace_back();
  bool quoted = false;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      const bool doubled = quoted && at_ + 1 < text_.size() && text_[at_ + 1] == '"';
      if (doubled) {
        field += '"';
        ++at_;
      } else {
        quoted = !quoted;
      }
      continue;
    }
    if (!quoted && (c == ',' || c == '\n')) break;
    if (c == '\n') ++next_line_;
    field += c;
  }
  if (!quoted && at_ < text_.size() && text_[at_] == '\n' && field.ends_with('\r')) field.pop_back();
  return field;
}

bool CsvReader::Next(std::vector<std::string_view>* fields) {
  fields->clear();
  unquoted_.clear();
  while (at_ < text_.size() && (text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_, 2) == "\r\n"))) {
    at_ += text_[at_] == '\n' ? 1 : 2;
    ++next_line_;
  }
  if (at_ >= text_.size()) return false;
  line_ = next_line_;
  for (;;) {
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && text_[at_] != '"') ++at_;
    if (at_ < text_.size() && text_[at_] == '"') {
      at_ = begin;
      fields->push_back(Quoted());
    } else {
      std::string_view field = text_.substr(begin, at_ - begin);
      const bool ends = at_ >= text_.size() || text_[at_] == '\n';
      if (ends && field.ends_with('\r')) field.remove_suffix(1);
      fields->push_back(field);
    }
    if (at_ >= text_.size()) return true;
    const bool over = text_[at_] == '\n';
    ++at_;
    if (over) {
      ++next_line_;
      return true;
    }
  }
}

}  // namespace escalon::history

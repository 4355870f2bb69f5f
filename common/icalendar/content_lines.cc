#include "common/icalendar/content_lines.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace escalon::icalendar {
namespace {

constexpr const char* kNoCalendar = "is no iCalendar file: it begins with BEGIN:VCALENDAR";

Error At(int line, const std::string& message) { return InvalidField("line " + std::to_string(line), message); }

bool SameWord(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

/// Beyond tabs; they hide in terminals and logs.
bool HasControl(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

/// The next physical line, without its end.
std::string_view TakeLine(std::string_view* rest) {
  const size_t end = rest->find('\n');
  std::string_view line = rest->substr(0, end);
  *rest = end == std::string_view::npos ? std::string_view() : rest->substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class Splitter {
 public:
  Status Take(int number, std::string_view line) {
    if (line.starts_with(' ') || line.starts_with('\t')) return Continue(number, line.substr(1));
    if (Status s = Finish(); !s) return s;
    number_ = number;
    line_ = line;
    return {};
  }

  Result<std::vector<EventText>> End() {
    if (Status s = Finish(); !s) return s.error();
    if (!open_.empty()) return At(number_, "ends inside of " + open_.back() + "; the file is cut off");
    if (!any_) return At(1, kNoCalendar);
    return std::move(events_);
  }

 private:
  Status Continue(int number, std::string_view more) {
    if (line_.empty()) return At(number, "begins with a space but continues no line");
    if (line_.size() + more.size() > kMostEventBytes) return At(number, "is longer than 16 KiB");
    line_ += more;
    return {};
  }

  /// The logical line read so far.
  Status Finish() {
    if (line_.empty()) return {};
    const std::string line = std::exchange(line_, {});
    if (SameWord(line.substr(0, 6), "BEGIN:")) return Begin(line.substr(6));
    if (SameWord(line.substr(0, 4), "END:")) return Close(line.substr(4));
    if (open_.empty()) return At(number_, any_ ? "is outside of VCALENDAR" : kNoCalendar);
    return Keep(line);
  }

  Status Begin(const std::string& name) {
    if (open_.empty() && !SameWord(name, "VCALENDAR")) {
      return At(number_, kNoCalendar);
    }
    if (static_cast<int>(open_.size()) >= kMostDepth) return At(number_, "is nested deeper than 4");
    any_ = true;
    open_.push_back(name);
    if (!IsEvent()) return {};
    if (events_.size() >= kMostEvents) return At(number_, "holds more than 5000 events; split it");
    events_.push_back({number_, "BEGIN:VEVENT\r\n"});
    return {};
  }

  Status Close(const std::string& name) {
    if (open_.empty() || !SameWord(open_.back(), name)) {
      return At(number_, "ends " + name + (open_.empty() ? ", which is not open" : " inside of " + open_.back()));
    }
    if (IsEvent()) events_.back().text += "END:VEVENT\r\n";
    open_.pop_back();
    return {};
  }

  Status Keep(const std::string& line) {
    if (!IsEvent()) return {};
    std::string& text = events_.back().text;
    if (text.size() + line.size() > kMostEventBytes) return At(number_, "its event is longer than 16 KiB");
    text += line;
    text += "\r\n";
    return {};
  }

  bool IsEvent() const { return open_.size() == 2 && SameWord(open_.back(), "VEVENT"); }

  int number_ = 0;
  std::string line_;
  std::vector<std::string> open_;
  std::vector<EventText> events_;
  bool any_ = false;
};

}  // namespace

Result<std::vector<EventText>> SplitEvents(std::string_view text) {
  if (text.size() > kMostBytes) return At(1, "the file is larger than 1 MiB; split it");
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Splitter splitter;
  int number = 0;
  while (!text.empty()) {
    const std::string_view line = TakeLine(&text);
    if (++number > static_cast<int>(kMostLines)) return At(number, "the file has more than 100000 lines; split it");
    if (HasControl(line)) return At(number, "holds a control character");
    if (Status s = splitter.Take(number, line); !s) return s.error();
  }
  return splitter.End();
}

}  // namespace escalon::icalendar
